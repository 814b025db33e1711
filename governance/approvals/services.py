"""Opens and decides approvals inside the deeds that need them; the database too refuses a decider who asked."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from access.actor import Actor
from access.roles import Permission
from governance.approvals.models import Approval, State
from kernel.errors import Conflict, Forbidden
from kernel.scope import joined


def open_approval(*, project: UUID, subject_kind: str, subject: UUID, requester: UUID) -> Approval:
    """Ask a second person, in the caller's transaction."""
    joined()
    made: Approval = Approval.objects.create(
        project_id=project, subject_kind=subject_kind, subject_id=subject, requester_id=requester
    )
    return made


def decide(actor: Actor, *, subject_kind: str, subject: UUID, approve: bool) -> Approval:
    """Decide an open approval in the caller's transaction. Raises Forbidden for who asked, Conflict when none is open."""
    joined()
    found: Approval | None = (
        Approval.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject, state=State.OPEN).first()
    )
    if found is None:
        raise Conflict("approval.none_open")
    if found.requester_id == actor.person:
        raise Forbidden("approval.own_request")
    state = State.APPROVED if approve else State.REJECTED
    Approval.objects.filter(pk=found.pk).update(state=state, decider_id=actor.person, decided=timezone.now())
    return found


def pending(actor: Actor) -> "QuerySet[Approval]":
    """Return what waits for a decision in the Actor's project, newest first."""
    actor.require(Permission.MODEL_READ)
    project = actor.require_project()
    waiting: QuerySet[Approval] = Approval.objects.filter(project_id=project, state=State.OPEN).order_by("-created")
    return waiting
