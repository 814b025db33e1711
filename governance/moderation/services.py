"""Asks the policy in force: may this be typed, may this be shown; and changes it by a new version."""

import uuid
from collections.abc import Mapping, Sequence

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.moderation.default_policy import DEFAULT
from governance.moderation.models import PolicyVersion
from governance.moderation.rules import Policy, Verdict, judge, review


def current_policy() -> Policy:
    """Return the policy in force for the scope's tenant: its newest version, or the one that studios start with."""
    row = PolicyVersion.objects.order_by("-number").first()
    return DEFAULT if row is None else Policy.from_json(row.content)


def review_prompt(texts: Sequence[str]) -> Verdict:
    """Decide on what somebody typed, in the caller's scope."""
    return review(texts, current_policy())


def judge_image(scores: Mapping[str, float], *, policy: Policy) -> Verdict:
    """Decide on a picture by its classifier's scores."""
    return judge(scores, policy)


def change_policy(actor: Actor, *, policy: Policy) -> int:
    """Put a new version in force and return its number."""
    actor.require_step_up(Permission.POLICY_CHANGE)
    with actor.writing():
        newest = PolicyVersion.objects.order_by("-number").first()
        number = 1 if newest is None else newest.number + 1
        PolicyVersion.objects.create(number=number, content=policy.as_json(), digest=policy.digest())
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.POLICY_CHANGED,
            facts={"number": number, "digest": policy.digest()},
        )  # fmt: skip
    return number
