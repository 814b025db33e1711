"""A second person decides on a candidate; the one who trained it never does."""

import uuid
from uuid import UUID

from access.actor import Actor
from access.roles import Permission
from governance.approvals import services as approvals
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, NotFound
from tenants.registry.models import RegisteredModel
from tenants.registry.rules import State, may_become
from tenants.vault import services as vault

SUBJECT = "model"


def decide(actor: Actor, *, model: UUID, approve: bool, reason: str) -> RegisteredModel:
    """Approve or reject a candidate. Raises Forbidden for who trained it, Conflict unless it was measured."""
    actor.require(Permission.MODEL_DECIDE)
    state, entry = State.APPROVED if approve else State.REJECTED, uuid.uuid4()
    sealed = vault.seal(actor, reason.encode(), media_type="text/plain", entry=entry)
    with actor.writing():
        found = _locked(actor, model)
        if not may_become(found.state, state):
            raise Conflict("model.not_a_candidate", state=found.state)
        if str(actor.person) in found.measuring.get("people", []):
            raise Forbidden("approval.own_request")
        if approve and (failed := (found.evaluation or {}).get("failed")):
            raise Conflict("model.not_measured", failed=failed)
        approvals.decide(actor, subject_kind=SUBJECT, subject=model, approve=approve)
        RegisteredModel.objects.filter(pk=found.pk).update(reason_id=vault.keep(actor, sealed).pk)
        return _become(actor, found, state, entry=entry, event=Event.MODEL_DECIDED)


def retire(actor: Actor, *, model: UUID) -> RegisteredModel:
    """Take an approved model out of use; pictures made with it stay."""
    actor.require(Permission.MODEL_DECIDE)
    with actor.writing():
        found = _locked(actor, model)
        if not may_become(found.state, State.RETIRED):
            raise Conflict("model.not_approved", state=found.state)
        return _become(actor, found, State.RETIRED, entry=uuid.uuid4(), event=Event.MODEL_RETIRED)


def _locked(actor: Actor, model: UUID) -> RegisteredModel:
    found: RegisteredModel | None = (
        RegisteredModel.objects.select_for_update().filter(pk=model, project_id=actor.require_project()).first()
    )
    if found is None:
        raise NotFound("model.unknown")
    return found


def _become(actor: Actor, found: RegisteredModel, state: State, *, entry: UUID, event: Event) -> RegisteredModel:
    RegisteredModel.objects.filter(pk=found.pk).update(state=state)
    found.state = state
    audit.append(
        id=entry, tenant=actor.tenant, project=found.project_id, actor=actor.pseudonym, kind=event,
        facts={"model": str(found.pk), "digest": found.digest, "state": state.value},
    )  # fmt: skip
    return found
