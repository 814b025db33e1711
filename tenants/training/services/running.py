"""A run under way: what it needs, its reports, its samples, and the state it hands over when it gives way."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access import services as access
from access.actor import Actor
from access.allowances import OF_DEVICE_TIME
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.moderation.rules import Verdict
from kernel.errors import Conflict, LeaseLost
from tenants.datasets import services as datasets
from tenants.registry import services as registry
from tenants.training.models import Sample, TrainingRun
from tenants.training.rules import State, TrainConfig, thinned
from tenants.training.services.reading import in_project, locked
from tenants.vault import services as vault


@dataclass(frozen=True)
class Begun:
    """A run and what its intent opens: words, pictures with captions, and the state to go on from."""

    run: UUID
    intent: UUID
    name: str
    base: registry.Usable
    config: dict[str, Any]
    words: UUID
    pictures: tuple[tuple[UUID, UUID], ...]
    dataset: UUID
    commitment: str
    rights: tuple[str, ...]
    state: UUID | None
    people: tuple[str, ...]
    step: int
    curve: tuple[tuple[float, float], ...]

    def use(self) -> access.Use:
        """Return what an allowance is asked about."""
        return access.Use(access.Feature.TRAINING, self.base.id)

    def opens(self) -> list[UUID]:
        """Return the objects that the intent's entry names; a state was generated for the intent and needs no naming."""
        return [self.words, *(one for pair in self.pictures for one in pair)]


@dataclass(frozen=True)
class Step:
    """How far a run is."""

    step: int
    loss: float
    seconds_left: float
    curve: Sequence[Sequence[float]]


@dataclass(frozen=True)
class Reached:
    """What exact resuming needs after a step, and the losses up to it."""

    step: int
    state: bytes
    curve: Sequence[Sequence[float]]


def begin(actor: Actor, *, run: UUID) -> Begun:
    """Mark a run as running and return what it needs; may be repeated.

    Raises Conflict once it has ended, or where an allowance no longer names its base or the feature; and `access.Spent`,
    the run paused, where today's device time is used up.
    """
    actor.require(Permission.TRAINING_START)
    _rest_if_spent(actor, run)
    with actor.writing():
        row = locked(actor, run)
        if not row.is_open:
            raise Conflict("run.ended", state=row.state)
        frozen = datasets.frozen(actor, dataset=row.dataset_id)
        use = registry.usable(actor, [row.base_id], purpose="picture")
        if use.reasons:
            raise Conflict("model.not_a_usable_base")
        (base,) = use.models
        was_paused = row.state == State.PAUSED
        TrainingRun.objects.filter(pk=run).update(state=State.RUNNING, step=row.resume_step, code="")
        if was_paused:
            _append(actor, Event.TRAINING_RESUMED, row, step=row.resume_step)
    pairs = tuple((item.picture_id, item.caption_id) for item in frozen.items)
    curve = tuple((float(step), float(loss)) for step, loss in row.loss_curve if step <= row.resume_step)
    return Begun(
        row.pk, row.intent_id, row.name, base, dict(row.config), row.words_id, pairs, row.dataset_id, frozen.commitment,
        frozen.rights, row.resume_id, tuple(sorted({str(row.person_id), str(actor.person)})), row.resume_step, curve,
    )  # fmt: skip


def _rest_if_spent(actor: Actor, run: UUID) -> None:
    """Keep a run paused, with the reason, where its device time is used up; recorded once. Raises Spent then."""
    with actor.writing():
        row = locked(actor, run)
        within = access.allowed(actor, access.Use(access.Feature.TRAINING, row.base_id))
        if within.code is None or not row.is_open:
            return
        if within.code not in OF_DEVICE_TIME:
            raise Conflict(within.code.value, **within.facts())
        if (row.state, row.code) != (State.PAUSED, within.code):
            TrainingRun.objects.filter(pk=run).update(state=State.PAUSED, code=within.code.value)
            _append(actor, Event.TRAINING_PAUSED, row, step=row.resume_step, code=within.code.value)
    raise access.Spent(within)


def words_of(content: bytes, config: dict[str, Any]) -> TrainConfig:
    """Return the whole configuration: the plain numbers with the sealed words."""
    return TrainConfig.of(config | json.loads(content))


def report(actor: Actor, *, run: UUID, step: Step) -> None:
    """Keep how far a run is; no deed, may be lost. Raises LeaseLost when the row is out of reach."""
    with actor.writing():
        hit = in_project(actor).filter(pk=run, state=State.RUNNING).update(
            step=step.step, loss=step.loss, seconds_left=step.seconds_left, loss_curve=thinned([list(one) for one in step.curve])
        )  # fmt: skip
        if not hit and not in_project(actor).filter(pk=run).exists():
            raise LeaseLost


def keep_sample(actor: Actor, *, begun: Begun, at: tuple[int, int], png: bytes, verdict: Verdict) -> bool:
    """Seal and keep one sample picture of a run, once; return whether policy lets it be seen. One that it does not is dropped."""
    (step, number), run = at, begun.run
    if not verdict.allowed:
        _withhold_sample(actor, begun, at, verdict)
        return False
    sealed = vault.seal(actor, png, media_type="image/png", entry=begun.intent)
    with actor.writing():
        if not Sample.objects.filter(run_id=run, step=step, number=number).exists():
            Sample.objects.create(run_id=run, step=step, number=number, picture=vault.keep(actor, sealed))
    return True


def _withhold_sample(actor: Actor, begun: Begun, at: tuple[int, int], verdict: Verdict) -> None:
    with actor.writing():
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym,
            kind=Event.TRAINING_SAMPLE_WITHHELD,
            facts={
                "run": str(begun.run), "intent": str(begun.intent), "step": at[0], "index": at[1],
                "policy": verdict.policy_digest, "reasons": [reason.rule for reason in verdict.reasons],
            },
        )  # fmt: skip


def store_state(actor: Actor, *, begun: Begun, reached: Reached, code: str = "") -> None:
    """Seal what exact resuming needs; a run that was not cancelled meanwhile is paused, with the code of what stopped it."""
    sealed = _sealed(actor, begun, reached)
    with actor.writing():
        row = locked(actor, begun.run)
        _keep(actor, row, sealed, reached)
        state_now = State.PAUSED if row.state == State.RUNNING else row.state
        TrainingRun.objects.filter(pk=begun.run).update(state=state_now, code=code)
        _append(actor, Event.TRAINING_PAUSED, row, step=reached.step, code=code)


def keep_checkpoint(actor: Actor, *, begun: Begun, reached: Reached) -> None:
    """Seal what exact resuming needs while the run goes on, so that a kill costs a minute; progress, no deed."""
    sealed = _sealed(actor, begun, reached)
    with actor.writing():
        row = locked(actor, begun.run)
        if row.state == State.RUNNING:
            _keep(actor, row, sealed, reached)


def _sealed(actor: Actor, begun: Begun, reached: Reached) -> vault.Sealed:
    return vault.seal(actor, reached.state, media_type="application/octet-stream", entry=begun.intent)


def _keep(actor: Actor, row: TrainingRun, sealed: vault.Sealed, reached: Reached) -> None:
    before = row.resume_id
    TrainingRun.objects.filter(pk=row.pk).update(
        resume=vault.keep(actor, sealed), resume_step=reached.step, step=reached.step,
        loss_curve=thinned([list(one) for one in reached.curve]),
    )  # fmt: skip
    if before is not None:
        vault.discard(actor, before)


def _append(actor: Actor, kind: Event, run: TrainingRun, *, step: int, code: str = "") -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=kind,
        facts={"run": str(run.pk), "intent": str(run.intent_id), "step": step, **({"code": code} if code else {})},
    )  # fmt: skip
