"""Access reviews: every grant of a place as it stood, confirmed or revoked one by one, and the evidence of it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from access.actor import Actor
from access.models import AccessReview, Grant, GroupMember, ReviewItem, User, live
from access.roles import Permission
from access.services.granting import remove_grant
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import joined

LONGEST: Final = timedelta(days=366)
GONE: Final = "gone"


class Decision(StrEnum):
    """What is decided on a grant."""

    CONFIRM = "confirm"
    REVOKE = "revoke"


@dataclass(frozen=True)
class Decided:
    """An item after its decision, and what had given the grant: a provider's mapping gives it again unless it changes too."""

    item: ReviewItem
    source: str

    @property
    def must_change_mapping(self) -> bool:
        """Return whether the identity provider's groups would give it again."""
        return self.item.decision == Decision.REVOKE.value and self.source == "provider"


@dataclass(frozen=True)
class Evidence:
    """A review with its items, and the ledger's entry of its opening, its closing and each decision."""

    review: AccessReview
    items: tuple[ReviewItem, ...]
    opened: UUID | None
    closed: UUID | None
    decided: dict[str, UUID]


def open_review(actor: Actor, *, due: datetime) -> AccessReview:
    """Open a review of the Actor's project, or of the whole studio, over every grant that counts there now."""
    actor.require_step_up(Permission.ACCESS_REVIEW)
    now = timezone.now()
    if not now < due <= now + LONGEST:
        raise InvalidInput("review.due")
    with actor.writing():
        made = AccessReview(project_id=actor.project, opened_by=actor.person, due=due)
        made.save(force_insert=True)
        grants = Grant.objects.filter(live()).select_related("user", "group", "custom")
        here = grants if actor.project is None else grants.filter(project_id=actor.project)
        items = ReviewItem.objects.bulk_create([_item(made, grant) for grant in here])
        _record(actor, Event.REVIEW_OPENED, made, items=len(items), due=due.isoformat())
    return made


def decide(actor: Actor, *, review: UUID, item: UUID, decision: Decision) -> Decided:
    """Confirm a grant, or revoke it: then it is gone at once, whatever gave it.

    Raises NotFound; Conflict for what is decided or closed, and for the last owner; Forbidden for a grant of one's own.
    """
    actor.require_step_up(Permission.ACCESS_REVIEW)
    with actor.writing():
        held = _open(actor, review)
        found: ReviewItem | None = ReviewItem.objects.select_for_update().filter(pk=item, review=held).first()
        if found is None:
            raise NotFound("review.item_unknown")
        if found.decision:
            raise Conflict("review.decided")
        _check_others(actor, found)
        grant: Grant | None = Grant.objects.filter(pk=found.grant_id).first()
        if grant is not None and decision is Decision.REVOKE:
            remove_grant(actor, grant)
        found.decision, found.decided_by, found.decided = decision.value, actor.person, timezone.now()
        found.save(update_fields=["decision", "decided_by", "decided"])
        source = GONE if grant is None else grant.source
        _record(
            actor, Event.REVIEW_DECIDED, held, item=str(found.pk), grant=str(found.grant_id), decision=decision.value,
            source=source, **_holder(found),
        )  # fmt: skip
    return Decided(found, source)


def close_review(actor: Actor, *, review: UUID) -> AccessReview:
    """Close a review; what is not decided by then stays named as open in its evidence. Raises NotFound, Conflict."""
    actor.require_step_up(Permission.ACCESS_REVIEW)
    with actor.writing():
        held = _open(actor, review)
        held.closed = timezone.now()
        held.save(update_fields=["closed"])
        decided = list(ReviewItem.objects.filter(review=held).values_list("decision", flat=True))
        _record(
            actor, Event.REVIEW_CLOSED, held, confirmed=decided.count(Decision.CONFIRM.value),
            revoked=decided.count(Decision.REVOKE.value), open=decided.count(""),
        )  # fmt: skip
    return held


def reviews(actor: Actor) -> QuerySet[AccessReview]:
    """Return the reviews of the Actor's project, or all of the studio's, in the caller's reading."""
    actor.require(Permission.ACCESS_REVIEW)
    held: QuerySet[AccessReview] = AccessReview.objects.all()
    return held if actor.project is None else held.filter(project_id=actor.project)


def found_review(actor: Actor, *, review: UUID) -> AccessReview:
    """Return one of them. Raises NotFound."""
    found: AccessReview | None = reviews(actor).filter(pk=review).first()
    if found is None:
        raise NotFound("review.unknown")
    return found


def project_of_review(actor: Actor, *, review: UUID) -> UUID | None:
    """Return the project whose review it is, to act there; None for one of the studio, and where there is none."""
    with actor.reading():
        project: UUID | None = AccessReview.objects.filter(pk=review).values_list("project_id", flat=True).first()
    return project


def evidence(actor: Actor, *, review: UUID) -> Evidence:
    """Return a review with the ledger's entries that show it, in the caller's reading. The ledger is what is signed."""
    held = found_review(actor, review=review)
    items = tuple(ReviewItem.objects.filter(review=held).order_by("created", "id"))
    told = [*_entries(held, Event.REVIEW_DECIDED, most=len(items))]
    return Evidence(
        review=held, items=items,
        opened=next((one.id for one in _entries(held, Event.REVIEW_OPENED, most=1)), None),
        closed=next((one.id for one in _entries(held, Event.REVIEW_CLOSED, most=1)), None),
        decided={str(one.facts["item"]): one.id for one in told},
    )  # fmt: skip


def _entries(review: AccessReview, kind: Event, *, most: int) -> Iterable[audit.RecordedEntry]:
    return audit.entries(audit.Filter(kind=kind.value, fact=("review", str(review.pk)), limit=max(most, 1)))


def _open(actor: Actor, review: UUID) -> AccessReview:
    joined()
    held = AccessReview.objects.select_for_update().filter(pk=review)
    found: AccessReview | None = (held if actor.project is None else held.filter(project_id=actor.project)).first()
    if found is None:
        raise NotFound("review.unknown")
    if found.closed is not None:
        raise Conflict("review.closed")
    return found


def _item(review: AccessReview, grant: Grant) -> ReviewItem:
    holder = grant.user or grant.group
    if holder is None:  # the table's check says that there is one
        raise NotFound("grant.unknown")
    name = holder.display_name if isinstance(holder, User) else holder.name
    return ReviewItem(
        review=review, grant_id=grant.pk, holder=name[:120], holder_id=holder.pk,
        is_group=grant.group_id is not None, role=grant.role or getattr(grant.custom, "name", ""),
        project_id=grant.project_id, expires=grant.expires,
    )  # fmt: skip


def _check_others(actor: Actor, item: ReviewItem) -> None:
    """Raise Forbidden for a grant that the Actor holds, by himself or through a group."""
    is_own = item.holder_id == actor.person
    if is_own or (item.is_group and GroupMember.objects.filter(group_id=item.holder_id, user_id=actor.person).exists()):
        raise Forbidden("review.own_grant")


def _holder(item: ReviewItem) -> dict[str, Any]:
    if item.is_group:
        return {"group": str(item.holder_id)}
    return {"person": User.objects.values_list("pseudonym", flat=True).get(pk=item.holder_id)}


def _record(actor: Actor, kind: Event, review: AccessReview, **facts: Any) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=review.project_id, actor=actor.pseudonym, kind=kind,
        facts={"review": str(review.pk), **facts},
    )  # fmt: skip
