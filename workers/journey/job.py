"""The steps of the main job, each through the same services as the portal, waiting for tickets as a person would."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from governance.audit import services as audit
from governance.licensing.rules import RightsBasis
from kernel.errors import Conflict, GuildhallError
from tenants.datasets import services as datasets
from tenants.exit import services as leaving
from tenants.gallery import services as gallery
from tenants.generations import services as generations
from tenants.generations.services import Order
from tenants.registry import services as registry
from tenants.training import services as training
from workers.journey.cast import Cast

PICTURES: Final = {".png", ".jpg", ".jpeg", ".webp"}
PATIENCE_SECONDS: Final = 1800.0
LOOK_SECONDS: Final = 0.5
OVER: Final = {"completed", "refused", "withheld", "failed", "cancelled", "finished"}
Say = Callable[[str], None]


class JobFailed(GuildhallError):
    """A step of the job did not end well."""

    default_code = "job.failed"


@dataclass(frozen=True)
class Plan:
    """What the job is asked to do. `pictures` is any folder of a person's own; `rights` the ground they are held on."""

    pictures: Path
    base: Path
    licence: str
    config: training.TrainConfig
    prompts: tuple[str, ...]
    rights: RightsBasis = RightsBasis.OWN_WORK
    steps: int = 20
    guidance: float = 4.0
    side: int = 96


@dataclass
class Told:
    """What the job found out, for the report."""

    refused: list[tuple[str, str]] = field(default_factory=list)
    added: int = 0
    run: Any = None
    samples: list[tuple[int, int, bytes]] = field(default_factory=list)
    model: Any = None
    before: list[tuple[str, int, UUID]] = field(default_factory=list)
    after: list[tuple[str, int, UUID]] = field(default_factory=list)
    refused_prompt: str = ""
    replayed: Any = None
    bundle: bytes = b""
    exit: Any = None
    seconds: dict[str, float] = field(default_factory=dict)


def bring(cast: Cast, plan: Plan, told: Told, say: Say) -> UUID:
    """Upload the folder, each picture by itself, and freeze what was accepted."""
    tina, files = cast.actor("tina"), _pictures_in(plan.pictures)
    dataset = datasets.create(tina, name=f"{plan.pictures.name} {time.strftime('%Y-%m-%d %H:%M:%S')}").pk
    for number, path in enumerate(files, start=1):
        beside = path.with_suffix(".txt")
        caption = beside.read_text(encoding="utf-8").strip() if beside.exists() else None
        done = datasets.add_item(tina, dataset=dataset, upload=datasets.Upload(path.read_bytes(), path.name, plan.rights, caption))
        if isinstance(done, datasets.Refused):
            told.refused.append((path.name, done.code))
        else:
            told.added += 1
        say(f"{number} of {len(files)} pictures, {len(told.refused)} refused")
    datasets.freeze(tina, dataset=dataset)
    return dataset


def base_of(cast: Cast, plan: Plan) -> UUID:
    """Register the base model of the tenant, or find it registered."""
    name = "Guildhall starter" if plan.base == settings.STARTER_MODEL.resolve() else plan.base.name
    found: UUID = registry.register_base(cast.owner(), folder=plan.base, name=name, licence=plan.licence).pk
    return found


def train(cast: Cast, plan: Plan, told: Told, say: Say, *, dataset: UUID, base: UUID) -> UUID:
    """Train, watch, wait until the candidate is measured; return the model."""
    tina = cast.actor("tina")
    name = f"{plan.pictures.name} style"
    run = training.start(tina, ask=training.Ask(dataset, base, name, plan.config)).pk
    for row in _watched(lambda: _read(tina, lambda: training.found(tina, run=run))):
        told.run = row
        say(f"step {row.step} of {row.steps_total}, loss {row.loss or 0:.3f}, {row.seconds_left or 0:.0f} s left")
    if told.run.state != "finished":
        raise JobFailed("training.not_finished", state=told.run.state, why=told.run.code)
    told.samples = _samples(tina, run)
    for row in _watched(lambda: _measured(cast, told.run.model_id), is_over=lambda row: row.evaluation is not None):
        told.model = row
        say("measuring what it learnt")
    found: UUID = told.run.model_id
    return found


def approve(cast: Cast, *, model: UUID) -> None:
    """A second person approves."""
    registry.decide(cast.actor("lena"), model=model, approve=True, reason="seen in trials and measured")


def generate(
    cast: Cast, plan: Plan, say: Say, *, who: str, base: UUID, adapter: UUID | None, purpose: str = "picture"
) -> list[tuple[str, int, UUID]]:
    """Ask for one picture per prompt and wait for all; return (prompt, seed, asset)."""
    actor = cast.actor(who)
    adapters = ((adapter, 1.0),) if adapter else ()
    asked = [
        (
            prompt,
            generations.submit(actor, order=_order(plan, prompt, base=base, adapters=adapters, seed=seed, purpose=purpose))[0].pk,
        )
        for seed, prompt in enumerate(plan.prompts, start=1)
    ]
    made = []
    for number, (prompt, generation) in enumerate(asked, start=1):
        row = _last(_watched(lambda generation=generation: _read(actor, lambda: generations.found(actor, generation=generation))))  # type: ignore[misc]  # a default binds the loop's value
        if row.state != "completed":
            raise JobFailed("generation.not_completed", state=row.state)
        with actor.reading():
            asset = gallery.find(actor).filter(generation_id=generation).get()
        made.append((prompt, asset.seed, asset.pk))
        say(f"{number} of {len(asked)} pictures")
    return made


def refuse(cast: Cast, plan: Plan, *, base: UUID) -> str:
    """Ask for something that policy forbids; return the state that it is recorded with."""
    row = generations.submit(
        cast.actor("alice"), order=_order(plan, "a b3headïng", base=base, adapters=(), seed=1, purpose="picture")
    )[0]
    return str(row.state)


def make_again(cast: Cast, say: Say, *, asset: UUID) -> Any:
    """Make a picture again from its record."""
    alice = cast.actor("alice")
    replay = generations.replay(alice, asset=asset).pk
    found = None
    for row in _watched(lambda: _read(alice, lambda: generations.find_replay(alice, replay=replay))):
        found = row
        say(f"replay {row.state}")
    return found


def take_away(cast: Cast, told: Told, say: Say, *, model: UUID) -> None:
    """Ask for the bundle of a model, and take it."""
    lena = cast.actor("lena")
    asked = leaving.request(lena, model=model).pk
    for row in _watched(lambda: _read(lena, lambda: leaving.found(lena, exit_id=asked)), is_over=lambda row: row.state != "queued"):
        told.exit = row
        say(f"bundle {row.state}")
    if told.exit.state != "ready":
        raise JobFailed("exit.not_ready", state=told.exit.state, why=told.exit.code)
    told.bundle = leaving.hand_over(lena, exit_id=asked)


def export_ledger(cast: Cast, folder: Path) -> Any:
    """Write the studio's whole log once a checkpoint covers everything recorded so far."""
    olive = cast.actor("olive")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with olive.reading():
            newest = audit.entries(audit.Filter(limit=1))[0]
            if newest.published:
                return audit.export_log(folder)
        time.sleep(LOOK_SECONDS)
    raise JobFailed("ledger.not_published")


def _order(plan: Plan, prompt: str, *, base: UUID, adapters: tuple[tuple[UUID, float], ...], seed: int, purpose: str) -> Order:
    return Order(
        prompt=prompt, base=base, adapters=adapters, seed=seed, steps=plan.steps, guidance=plan.guidance, width=plan.side,
        height=plan.side, purpose=purpose,
    )  # fmt: skip


def _pictures_in(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in PICTURES)
    if not found:
        raise JobFailed("pictures.none")
    return found


def _read(actor: Any, question: Callable[[], Any]) -> Any:
    with actor.reading():
        return question()


def _measured(cast: Cast, model: UUID) -> Any:
    lena = cast.actor("lena")
    return _read(lena, lambda: registry.visible(lena).get(pk=model))


def _samples(actor: Any, run: UUID) -> list[tuple[int, int, bytes]]:
    with actor.reading():
        at = [(one.step, one.number) for one in training.samples(training.found(actor, run=run))]
    return [(step, number, training.sample(actor, run=run, step=step, number=number)) for step, number in at]


def _watched(look: Callable[[], Any], *, is_over: Callable[[Any], bool] = lambda row: row.state in OVER) -> Iterator[Any]:
    """Yield what is seen until it is over. Raises JobFailed when that takes too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        row = look()
        yield row
        if is_over(row):
            return
        time.sleep(LOOK_SECONDS)
    raise JobFailed("job.too_slow")


def _last(rows: Iterator[Any]) -> Any:
    found = None
    for row in rows:
        found = row
    if found is None:
        raise Conflict("nothing.seen")
    return found
