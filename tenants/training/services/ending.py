"""A run ends: its adapter becomes a candidate that waits to be measured, or its failure is recorded."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from access.actor import Actor
from dispatch import services as dispatch
from dispatch.rules import STOPPED, Kind
from governance.audit import services as audit
from governance.audit.events import Event
from kernel import canonical
from kernel.errors import Conflict
from kernel.ids import LeaseToken
from tenants.registry import services as registry
from tenants.registry.models import RegisteredModel
from tenants.training.models import TrainingRun
from tenants.training.rules import OPEN, State, thinned
from tenants.training.services.reading import locked
from tenants.training.services.running import Begun
from tenants.vault import services as vault


@dataclass(frozen=True)
class Finished:
    """What the engine hands over: the adapter's file, the whole configuration but its words, its numbers, and the machine."""

    adapter: bytes
    config: Mapping[str, Any]
    machine: Mapping[str, Any]
    held_out: Mapping[str, float]
    curve: Sequence[Sequence[float]]


def finish(actor: Actor, *, begun: Begun, made: Finished, lease: LeaseToken, ticket: UUID) -> RegisteredModel:
    """Register the adapter as a candidate, end the run and put its evaluation, whose intent is this deed's entry."""
    entry, digest = uuid.uuid4(), canonical.sha256_hex(made.adapter)
    sealed = vault.seal(actor, made.adapter, media_type="application/octet-stream", entry=entry)
    lineage = _lineage(begun, made)
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="done")
        row = locked(actor, begun.run)
        if not row.is_open:
            raise Conflict("run.ended", state=row.state)
        kept = vault.keep(actor, sealed)
        opened = [kept.pk, *begun.opens()]
        measuring = {
            "intent": str(entry), "opens": [str(one) for one in opened], "words": str(begun.words), "held_out": dict(made.held_out),
            "pictures": [[str(picture), str(caption)] for picture, caption in begun.pictures], "config": dict(begun.config),
            "people": list(begun.people),
        }  # fmt: skip
        model = registry.register(
            actor,
            registry.NewAdapter(
                name=begun.name, object=kept.pk, base=begun.base, digest=digest,
                words=begun.words, lineage=lineage, measuring=measuring, rights=begun.rights, entry=entry,
            ),
        )  # fmt: skip
        last = made.curve[-1][1] if made.curve else None
        TrainingRun.objects.filter(pk=row.pk).update(
            state=State.FINISHED, model=model, step=row.steps_total, loss=last, seconds_left=0, ended=timezone.now(),
            loss_curve=thinned([list(one) for one in made.curve]),
        )  # fmt: skip
        registry.evaluate_again(actor, model=model, intent=entry)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.TRAINING_FINISHED,
            facts={
                "run": str(row.pk), "intent": str(row.intent_id), "model": str(model.pk), "digest": digest, "lineage": lineage,
                "opens": canonical.objects_digest(opened),
            },
        )  # fmt: skip
    return model


def fail(actor: Actor, *, run: UUID, code: str, lease: LeaseToken, ticket: UUID) -> None:
    """Record that a run failed for good; it may be taken up again by a person."""
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="failed")
        row = locked(actor, run)
        if not row.is_open:
            raise Conflict("run.ended", state=row.state)
        TrainingRun.objects.filter(pk=run).update(state=State.FAILED, code=code, ended=timezone.now(), seconds_left=None)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.TRAINING_FAILED,
            facts={"run": str(run), "intent": str(row.intent_id), "code": code, "step": row.step},
        )  # fmt: skip


def end_stopped(actor: Actor) -> int:
    """Record as failed what is still open though its work was stopped with its person or project; somebody may take it up."""
    with actor.reading():
        rows = dispatch.stopped_rows(tenant=actor.tenant, kind=Kind.TRAIN)
        over = list(TrainingRun.objects.filter(pk__in=rows, state__in=OPEN).values_list("pk", flat=True))
    for run in over:
        _record_stopped(actor, run)
    return len(over)


def _record_stopped(actor: Actor, run: UUID) -> None:
    with actor.writing():
        row: TrainingRun | None = TrainingRun.objects.select_for_update().filter(pk=run, state__in=OPEN).first()
        if row is None:
            return
        TrainingRun.objects.filter(pk=run).update(state=State.FAILED, code=STOPPED, ended=timezone.now(), seconds_left=None)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=Event.TRAINING_FAILED,
            facts={"run": str(run), "intent": str(row.intent_id), "code": STOPPED, "step": row.step},
        )  # fmt: skip


def _lineage(begun: Begun, made: Finished) -> dict[str, Any]:
    return {
        "base": begun.base.digest, "base_name": begun.base.name, "dataset": str(begun.dataset),
        "dataset_commitment": begun.commitment,
        "config": dict(made.config), "machine": dict(made.machine), "held_out": dict(made.held_out), "run": str(begun.run),
    }  # fmt: skip
