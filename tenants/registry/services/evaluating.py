"""A candidate is measured before a second person decides: what the engine needs, and its numbers recorded."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access.actor import Actor
from dispatch import services as dispatch
from governance.approvals import services as approvals
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import NotFound
from kernel.ids import LeaseToken
from tenants.registry.models import RegisteredModel
from tenants.registry.services.deciding import SUBJECT
from tenants.registry.services.using import Usable, as_usable, named


@dataclass(frozen=True)
class Evaluating:
    """A candidate, its base, and what is measured: `sheet` is what the training left to be measured with."""

    model: Usable
    base: Usable
    intent: UUID
    sheet: dict[str, Any]
    opens: tuple[UUID, ...]


def evaluation(actor: Actor, *, model: UUID) -> Evaluating:
    """Return what an evaluation needs; may be asked again."""
    with actor.reading():
        row = _of(actor, model)
        (base,) = named(actor, [row.base_id] if row.base_id else [])
    sheet = dict(row.measuring)
    opens = [UUID(one) for one in sheet.get("opens", [])]
    return Evaluating(as_usable(row), base, UUID(sheet["intent"]), sheet, tuple(opens))


def evaluate_again(actor: Actor, *, model: RegisteredModel, intent: UUID) -> None:
    """Put the ticket of an evaluation whose intent the caller's deed records."""
    dispatch.put(
        id=uuid.uuid4(), tenant=actor.tenant, project=model.project_id, person=actor.person, kind="evaluate", row=model.pk,
        intent=intent, models=[model.digest], cost=5,
    )  # fmt: skip


def record_evaluation(actor: Actor, *, model: UUID, numbers: Mapping[str, Any], lease: LeaseToken, ticket: UUID) -> None:
    """Record a candidate's numbers, and ask a second person."""
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="done")
        row = _of(actor, model)
        RegisteredModel.objects.filter(pk=row.pk).update(evaluation=dict(numbers))
        _ask_second(actor, row)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=Event.MODEL_EVALUATED,
            facts={"model": str(row.pk), "digest": row.digest, "numbers": dict(numbers)},
        )  # fmt: skip


def fail_evaluation(actor: Actor, *, model: UUID, code: str, lease: LeaseToken, ticket: UUID) -> None:
    """Record that a candidate could not be measured; whoever decides sees that."""
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="failed")
        row = _of(actor, model)
        RegisteredModel.objects.filter(pk=row.pk).update(evaluation={"failed": code})
        _ask_second(actor, row)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=Event.MODEL_EVALUATED,
            facts={"model": str(row.pk), "digest": row.digest, "failed": code},
        )  # fmt: skip


def _ask_second(actor: Actor, row: RegisteredModel) -> None:
    requester = row.trained_by_id or actor.person
    approvals.open_approval(project=actor.require_project(), subject_kind=SUBJECT, subject=row.pk, requester=requester)


def _of(actor: Actor, model: UUID) -> RegisteredModel:
    found: RegisteredModel | None = RegisteredModel.objects.filter(pk=model, project_id=actor.require_project()).first()
    if found is None:
        raise NotFound("model.unknown")
    return found
