"""A run is asked for, cancelled, and taken up again where it stopped."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from uuid import UUID

from django.utils import timezone

from access import services as access
from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing import services as licensing
from governance.licensing.rules import Decision, RightsBasis
from governance.moderation import services as moderation
from governance.moderation.rules import Verdict
from kernel import canonical
from kernel.errors import Conflict
from tenants.datasets import services as datasets
from tenants.registry import services as registry
from tenants.registry.rules import Kind
from tenants.training.models import TrainingRun
from tenants.training.rules import State, TrainConfig
from tenants.training.services.reading import locked
from tenants.vault import services as vault


@dataclass(frozen=True)
class Ask:
    """What a trainer asks for."""

    dataset: UUID
    base: UUID
    name: str
    config: TrainConfig
    key: str | None = None


def start(actor: Actor, *, ask: Ask) -> TrainingRun:
    """Record a run that waits; the same key again returns the same run.

    Raises Conflict where licences say no, or policy refuses the trigger or a sample prompt, or an allowance is at its end:
    the last two are recorded as well.
    """
    actor.require(Permission.TRAINING_START)
    ask.config.check()
    content = {"dataset": ask.dataset, "base": ask.base, "name": ask.name, "config": asdict(ask.config)}
    asked = access.keyed(actor, key=ask.key, deed="training.start", ask=content)
    return access.once(actor, asked, do=partial(_start, actor, ask, asked), again=_known)


def _start(actor: Actor, ask: Ask, asked: access.Keyed | None) -> TrainingRun:
    with actor.reading():
        _gate(actor, ask)
        verdict = moderation.review_prompt([ask.config.trigger, *ask.config.sample_prompts])
        within = access.allowed(actor, use_of(ask.base))
    made, intent = uuid.uuid4(), uuid.uuid4()
    words, commits = _seal_words(actor, ask.config, intent)
    if not verdict.allowed:
        _refuse(actor, words, commits, verdict, reasons=["prompt.refused"])
        raise Conflict("training.words_refused", rules=", ".join(sorted({reason.rule for reason in verdict.reasons})))
    if within.code is not None:
        _refuse(actor, words, commits, verdict, reasons=[within.code.value])
        raise Conflict(within.code.value, **within.facts())
    with actor.writing():
        access.take_key(actor, asked, rows=[made])
        base, frozen, decision = _gate(actor, ask)
        _check_within(actor, ask.base)
        kept = vault.keep(actor, words)
        run: TrainingRun = TrainingRun.objects.create(
            id=made, project_id=actor.require_project(), person_id=actor.person, dataset_id=ask.dataset, base_id=ask.base,
            name=ask.name, config=ask.config.plain(), words=kept, intent_id=intent, steps_total=ask.config.steps,
        )  # fmt: skip
        _put(actor, run, base)
        audit.append(
            id=intent, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.TRAINING_STARTED,
            facts={
                "run": str(run.pk), "dataset": str(ask.dataset), "base": base.digest, "config": ask.config.plain(),
                "licensing": decision.result.value, "licensing_rules": decision.rules_digest,
                "policy": verdict.policy_digest, "opens": canonical.objects_digest(opens(kept.pk, frozen)),
            },
            commits=commits,
        )  # fmt: skip
    return run


def cancel(actor: Actor, *, run: UUID) -> TrainingRun:
    """Cancel a run; what it has learnt is kept where a worker can still hand it over. Raises Conflict once it has ended."""
    actor.require(Permission.TRAINING_CANCEL)
    with actor.writing():
        row = locked(actor, run)
        if not row.is_open:
            raise Conflict("run.ended", state=row.state)
        TrainingRun.objects.filter(pk=run).update(state=State.CANCELLED, ended=timezone.now(), seconds_left=None)
        dispatch.stop(tenant=actor.tenant, row=run)
        _append(actor, Event.TRAINING_CANCELLED, row)
        row.state = State.CANCELLED
    dispatch.tell(tenant=actor.tenant, project=actor.project, row=run, event={"event": "state", "state": "cancelled"})
    return row


def resume(actor: Actor, *, run: UUID, key: str | None = None) -> TrainingRun:
    """Take up a cancelled or failed run where it stopped. Raises Conflict for any other, and where licences now say no."""
    actor.require(Permission.TRAINING_START)
    asked = access.keyed(actor, key=key, deed="training.resume", ask={"run": run})
    return access.once(actor, asked, do=partial(_resume, actor, run, asked), again=_known)


def _resume(actor: Actor, run: UUID, asked: access.Keyed | None) -> TrainingRun:
    with actor.writing():
        access.take_key(actor, asked, rows=[run])
        row = locked(actor, run)
        if row.state not in {State.CANCELLED, State.FAILED}:
            raise Conflict("run.not_stopped", state=row.state)
        _check_within(actor, row.base_id)
        base, _, _ = _gate(actor, Ask(row.dataset_id, row.base_id, row.name, TrainConfig.of(dict(row.config))))
        TrainingRun.objects.filter(pk=run).update(state=State.QUEUED, ended=None, code="")
        _put(actor, row, base)
        _append(actor, Event.TRAINING_RESUMED, row)
        row.state = State.QUEUED
    dispatch.tell(tenant=actor.tenant, project=actor.project, row=run, event={"event": "state", "state": "queued"})
    return row


def _known(rows: Sequence[UUID]) -> TrainingRun:
    return TrainingRun.objects.get(pk=rows[0])


def opens(words: UUID, frozen: datasets.Frozen) -> list[UUID]:
    """Return the objects that a run's intent names: its words, and every picture with its caption."""
    return [words, *(one for item in frozen.items for one in (item.picture_id, item.caption_id))]


def _seal_words(actor: Actor, config: TrainConfig, intent: UUID) -> tuple[vault.Sealed, dict[str, str]]:
    typed = {"trigger": config.trigger, "sample_prompts": list(config.sample_prompts)}
    hidden = [canonical.hide(name, tenant=actor.tenant, value=canonical.encode(value)) for name, value in typed.items()]
    content = typed | {"openings": {one.field: one.opening.hex() for one in hidden}}
    sealed = vault.seal(actor, json.dumps(content).encode(), media_type="application/json", entry=intent, subject=True)
    return sealed, {one.field: one.commitment for one in hidden}


def use_of(base: UUID) -> access.Use:
    """Return what an allowance is asked about for a run on this base."""
    return access.Use(access.Feature.TRAINING, base)


def _check_within(actor: Actor, base: UUID) -> None:
    within = access.allowed(actor, use_of(base))
    if within.code is not None:
        raise Conflict(within.code.value, **within.facts())


def _refuse(actor: Actor, words: vault.Sealed, commits: dict[str, str], verdict: Verdict, *, reasons: Sequence[str]) -> None:
    with actor.writing():
        kept = vault.keep(actor, words)
        audit.append(
            id=words.entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.TRAINING_REFUSED,
            facts={
                "words": str(kept.pk), "policy": verdict.policy_digest, "reasons": list(reasons),
                "opens": canonical.objects_digest([kept.pk]),
            },
            commits=commits,
        )  # fmt: skip


def _gate(actor: Actor, ask: Ask) -> tuple[registry.Usable, datasets.Frozen, Decision]:
    use = registry.usable(actor, [ask.base], purpose="picture")
    base = use.models[0]
    if use.reasons or base.kind is not Kind.BASE:
        raise Conflict("model.not_a_usable_base")
    frozen = datasets.frozen(actor, dataset=ask.dataset)
    decision = licensing.check_training(base.licences, rights=_bases(frozen.rights))
    if not decision.allowed:
        raise Conflict("licence.not_trainable", result=decision.result.value)
    return base, frozen, decision


def _bases(rights: Sequence[str]) -> list[RightsBasis]:
    return [RightsBasis(one) for one in rights]


def _put(actor: Actor, run: TrainingRun, base: registry.Usable) -> None:
    dispatch.put(
        id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, person=actor.person, kind="train", row=run.pk,
        intent=run.intent_id, models=[base.digest], cost=20,
    )  # fmt: skip


def _append(actor: Actor, kind: Event, run: TrainingRun) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=kind,
        facts={"run": str(run.pk), "intent": str(run.intent_id), "step": run.step},
    )  # fmt: skip
