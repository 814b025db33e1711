"""The bundle is built in memory, signed, sealed and recorded, as the person who asked."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from access.actor import Actor
from dispatch import services as dispatch
from dispatch.rules import STOPPED, Kind
from governance.audit import services as audit
from governance.audit.events import Event
from governance.provenance import services as provenance
from kernel import canonical
from kernel.errors import Conflict, NotFound
from kernel.ids import LeaseToken
from kernel.keys import keeper
from tenants.datasets import services as datasets
from tenants.datasets.models import Item
from tenants.exit import bundle
from tenants.exit.models import Exit
from tenants.exit.obligations import Source, notices_of
from tenants.exit.rules import State, owed_a_name
from tenants.registry.models import RegisteredModel
from tenants.vault import services as vault

PATIENCE_SECONDS: Final = 20.0
# What happened to a model, in the order of its life, and the fact by which each entry names it.
_LIFE: Final = (
    (Event.DATASET_FROZEN, "dataset"),
    (Event.TRAINING_STARTED, "run"),
    (Event.TRAINING_FINISHED, "run"),
    (Event.MODEL_EVALUATED, "model"),
    (Event.MODEL_DECIDED, "model"),
)


@dataclass(frozen=True)
class _Leaving:
    """The rows that a bundle is made of; `life` is the entries that record the model."""

    row: Exit
    model: RegisteredModel
    base: RegisteredModel
    dataset: Mapping[str, Any]
    open_items: tuple[Item, ...]
    life: tuple[UUID, ...]


def assemble(actor: Actor, *, exit_id: UUID, lease: LeaseToken, ticket: UUID) -> None:
    """Build, sign and seal the bundle, and settle the ticket. May be repeated: a bundle without a row is swept."""
    with actor.reading():
        leaving = _leaving(actor, exit_id)
    row = leaving.row
    opened = [UUID(one) for one in row.opens]
    plain = vault.open_bytes(actor, opened, under=row.intent_id, of=opened)
    parts = bundle.files(_contents(actor, leaving, plain))
    parts["model.sig"] = provenance.sign_files(parts, name=leaving.model.name, tenant=actor.tenant, entry=row.intent_id)
    zipped, entry = bundle.packed(parts), uuid.uuid4()
    hidden = canonical.hide("bundle", tenant=actor.tenant, value=bundle.digest_of(zipped).encode())
    sealed = vault.seal(actor, zipped, media_type="application/zip", entry=entry)
    openings = vault.seal(actor, _openings(hidden), media_type="application/json", entry=entry)
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="done")
        kept, opening = vault.keep(actor, sealed), vault.keep(actor, openings)
        Exit.objects.filter(pk=row.pk).update(
            state=State.READY, bundle=kept, openings=opening, assembled_id=entry, size=len(zipped), contents=sorted(parts)
        )
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


def end_stopped(actor: Actor) -> int:
    """Record as failed what still waits though its work was stopped with its person or project; the standing ticket's work."""
    with actor.reading():
        rows = dispatch.stopped_rows(tenant=actor.tenant, kind=Kind.EXIT)
        over = list(Exit.objects.filter(pk__in=rows, state=State.QUEUED).values_list("pk", flat=True))
    for exit_id in over:
        _record_stopped(actor, exit_id)
    return len(over)


def _record_stopped(actor: Actor, exit_id: UUID) -> None:
    with actor.writing():
        row: Exit | None = Exit.objects.select_for_update().filter(pk=exit_id, state=State.QUEUED).first()
        if row is None:
            return
        Exit.objects.filter(pk=row.pk).update(state=State.FAILED, code=STOPPED)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=Event.EXIT_REFUSED,
            facts={"exit": str(row.pk), "code": STOPPED},
        )  # fmt: skip


def _leaving(actor: Actor, exit_id: UUID) -> _Leaving:
    row: Exit | None = Exit.objects.filter(pk=exit_id, project_id=actor.require_project()).first()
    if row is None:
        raise NotFound("exit.unknown")
    model = RegisteredModel.objects.get(pk=row.model_id)
    if model.base_id is None or model.object_id is None:
        raise NotFound("model.not_an_adapter")
    frozen = datasets.frozen(actor, dataset=UUID(model.lineage["dataset"]))
    life = _life(model)
    dataset = _manifest(frozen, entry=life[0] if life else None)
    return _Leaving(
        row, model, RegisteredModel.objects.get(pk=model.base_id), dataset, owed_a_name(frozen.items), (*life, row.intent_id)
    )


def _life(model: RegisteredModel) -> tuple[UUID, ...]:
    """Return the entries that record a model, oldest first: how its dataset was frozen comes first of all."""
    names = {"dataset": model.lineage["dataset"], "run": model.lineage["run"], "model": str(model.pk)}
    return tuple(
        entry.id
        for kind, fact in _LIFE
        for entry in reversed(audit.entries(audit.Filter(kind.value, model.project_id, limit=200, fact=(fact, names[fact]))))
    )


def _manifest(frozen: datasets.Frozen, *, entry: UUID | None) -> dict[str, Any]:
    """Return what the model was trained on: no picture, but each item's commitment, in the order that was committed to."""
    items = sorted(frozen.items, key=lambda item: str(item.pk))
    return {
        "dataset": str(frozen.id), "commitment": frozen.commitment, "frozen_by_entry": str(entry) if entry else None,
        "pictures": len(items), "rights": dict(Counter(item.rights for item in items)),
        "items": [item.committed() for item in items],
    }  # fmt: skip


def _contents(actor: Actor, leaving: _Leaving, plain: dict[UUID, bytes]) -> bundle.Contents:
    model, base = leaving.model, leaving.base
    kept = json.loads(plain[model.words_id]) if model.words_id else {}
    words = {name: kept[name] for name in ("trigger", "sample_prompts") if name in kept}
    sources = [Source(item.pk, json.loads(plain[item.words_id])["filename"]) for item in leaving.open_items]
    return bundle.Contents(
        name=model.name, adapter=plain[_needed(model.object_id)], digest=model.digest,
        base={"name": base.name, "digest": base.digest, "family": base.family, "files": base.files}, lineage=model.lineage,
        dataset=leaving.dataset, evaluation=model.evaluation or {}, licences=model.licences, duties=leaving.row.duties,
        words=words, ledger=_slice(actor, leaving.life), authority=keeper().public(tenant=actor.tenant).installation_ca_pem,
        notices=notices_of(Path(base.folder)), sources=sources,
    )  # fmt: skip


def _needed(found: UUID | None) -> UUID:
    if found is None:
        raise NotFound("object.unknown")
    return found


def _openings(hidden: canonical.Hidden) -> bytes:
    return json.dumps({hidden.field: hidden.opening.hex()}).encode()


def _slice(actor: Actor, entries: tuple[UUID, ...]) -> dict[str, bytes]:
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
