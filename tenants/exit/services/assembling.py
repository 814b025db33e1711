"""The bundle is built in memory, signed, sealed and recorded, as the person who asked."""

import json
import time
import uuid
from typing import Final
from uuid import UUID

from access.actor import Actor
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from governance.provenance import services as provenance
from kernel import canonical
from kernel.errors import Conflict, NotFound
from kernel.ids import LeaseToken
from kernel.keys import keeper
from tenants.exit import bundle
from tenants.exit.models import Exit
from tenants.exit.rules import State
from tenants.registry.models import RegisteredModel
from tenants.vault import services as vault

PATIENCE_SECONDS: Final = 20.0


def assemble(actor: Actor, *, exit_id: UUID, lease: LeaseToken, ticket: UUID) -> None:
    """Build, sign and seal the bundle, and settle the ticket. May be repeated: a bundle without a row is swept."""
    with actor.reading():
        row, model, base = _rows(actor, exit_id)
    opened = [UUID(one) for one in row.opens]
    plain = vault.open_bytes(actor, opened, under=row.intent_id, of=opened)
    parts = bundle.files(_contents(actor, row, (model, base), plain))
    parts["model.sig"] = provenance.sign_files(parts, name=model.name, tenant=actor.tenant, entry=row.intent_id)
    parts["authority.pem"] = keeper().public(tenant=actor.tenant).installation_ca_pem
    zipped, entry = bundle.packed(parts), uuid.uuid4()
    hidden = canonical.hide("bundle", tenant=actor.tenant, value=bytes.fromhex(bundle.digest_of(zipped)))
    sealed = vault.seal(actor, zipped, media_type="application/zip", entry=entry)
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="done")
        kept = vault.keep(actor, sealed)
        Exit.objects.filter(pk=row.pk).update(state=State.READY, bundle=kept, size=len(zipped), contents=sorted(parts))
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.EXIT_ASSEMBLED,
            facts={"exit": str(row.pk), "intent": str(row.intent_id), "files": len(parts)}, commits={"bundle": hidden.commitment},
        )  # fmt: skip


def fail(actor: Actor, *, exit_id: UUID, code: str, lease: LeaseToken, ticket: UUID) -> None:
    """Record that a bundle could not be built, and settle the ticket."""
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="failed")
        Exit.objects.filter(pk=exit_id).update(state=State.FAILED, code=code)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.EXIT_REFUSED,
            facts={"exit": str(exit_id), "code": code},
        )  # fmt: skip


def _rows(actor: Actor, exit_id: UUID) -> tuple[Exit, RegisteredModel, RegisteredModel]:
    row: Exit | None = Exit.objects.filter(pk=exit_id, project_id=actor.require_project()).first()
    if row is None:
        raise NotFound("exit.unknown")
    model = RegisteredModel.objects.get(pk=row.model_id)
    if model.base_id is None or model.object_id is None:
        raise NotFound("model.not_an_adapter")
    return row, model, RegisteredModel.objects.get(pk=model.base_id)


def _contents(
    actor: Actor, row: Exit, models: tuple[RegisteredModel, RegisteredModel], plain: dict[UUID, bytes]
) -> bundle.Contents:
    model, base = models
    words = json.loads(plain[model.words_id]) if model.words_id else {}
    return bundle.Contents(
        name=model.name, adapter=plain[_needed(model.object_id)], digest=model.digest,
        base={"name": base.name, "digest": base.digest, "family": base.family, "files": base.files}, lineage=model.lineage,
        evaluation=model.evaluation or {}, licences=model.licences, duties=row.duties, words=words,
        ledger=_slice(actor, [model.entry_id, row.intent_id]),
    )  # fmt: skip


def _needed(found: UUID | None) -> UUID:
    if found is None:
        raise NotFound("object.unknown")
    return found


def _slice(actor: Actor, entries: list[UUID]) -> dict[str, bytes]:
    """Return the entries with proofs; the newest may wait a moment for its checkpoint."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with actor.reading():
                return audit.slice_files(entries)
        except Conflict:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
