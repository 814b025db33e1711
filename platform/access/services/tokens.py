"""Personal tokens: shown once, kept as a digest, with a scope, a project, an end and a last use."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from access import tokens
from access.actor import Actor
from access.models import ApiToken
from access.roles import OF_THE_PERSON, Permission
from access.services.actors import actor_for
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import InvalidInput, NotFound

MOST_DAYS: Final = 366


def issue_token(actor: Actor, *, name: str, project: UUID | None = None, days: int = 30, scope: Collection[Permission] = ()) -> str:
    """Return a new token of the Actor's, shown this once. Raises InvalidInput past a year, NotFound for a stranger."""
    actor.require_step_up(Permission.TOKEN_ISSUE)
    if not 0 < days <= MOST_DAYS:
        raise InvalidInput("token.days", most=MOST_DAYS)
    if project is not None:
        actor_for(actor.person, tenant=actor.tenant, project=project)
    token, limits = tokens.draw(), sorted(one.value for one in scope)
    with actor.writing():
        made = ApiToken.objects.create(
            user_id=actor.person, project_id=project, name=name, hash=tokens.digest(token), scope=limits,
            by_provider=actor.by_provider, expires=timezone.now() + timedelta(days=days),
        )  # fmt: skip
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=project, actor=actor.pseudonym,
            kind=Event.TOKEN_ISSUED,
            facts={"token": str(made.pk), "days": days, "scope": limits},
        )  # fmt: skip
    return token


def carriable(actor: Actor) -> frozenset[Permission]:
    """Return the widest scope that a token of this person can name."""
    return actor.permissions - OF_THE_PERSON


def revoke_token(actor: Actor, *, token: UUID) -> None:
    """End one of the Actor's tokens. Raises NotFound; may be repeated."""
    with actor.writing():
        found = ApiToken.objects.select_for_update().filter(pk=token, user_id=actor.person).first()
        if found is None:
            raise NotFound("token.unknown")
        if found.revoked is None:
            ApiToken.objects.filter(pk=token).update(revoked=timezone.now())
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=found.project_id, actor=actor.pseudonym,
                kind=Event.TOKEN_REVOKED,
                facts={"token": str(token)},
            )  # fmt: skip
