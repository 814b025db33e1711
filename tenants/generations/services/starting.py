"""What a worker needs to make a picture, read anew each time it tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access import services as access
from access.actor import Actor
from access.roles import Permission
from kernel.errors import Conflict, NotFound
from tenants.generations.models import Generation
from tenants.generations.rules import OPEN, State
from tenants.registry import services as registry
from tenants.registry.services import Usable


@dataclass(frozen=True)
class Begun:
    """A request and its models. What the intent opens: the prompt and the adapters' weights."""

    generation: UUID
    intent: UUID
    prompt: UUID
    base: Usable
    adapters: tuple[tuple[Usable, float], ...]
    seed: int
    steps: int
    guidance: float
    width: int
    height: int
    scheduler: str
    purpose: str
    decisions: dict[str, Any]

    def use(self) -> access.Use:
        """Return what an allowance is asked about; its pictures were counted when it was asked for."""
        return access.Use(access.Feature.TEXT_TO_IMAGE, self.base.id, tuple(model.id for model, _ in self.adapters))

    def opens(self) -> list[UUID]:
        """Return the objects that the intent's entry names."""
        return [self.prompt, *(model.object for model, _ in self.adapters if model.object is not None)]


def start(actor: Actor, *, generation: UUID) -> Begun:
    """Mark a request as running and return what it needs; may be repeated. Raises Conflict once it has ended."""
    actor.require(Permission.GENERATION_CREATE)
    with actor.writing():
        row: Generation | None = (
            Generation.objects.select_for_update().filter(pk=generation, project_id=actor.require_project()).first()
        )
        if row is None:
            raise NotFound("generation.unknown")
        if row.state not in OPEN:
            raise Conflict("generation.ended", state=row.state)
        use = registry.usable(actor, models_of(row), purpose=row.purpose)
        if use.reasons:
            raise Conflict(use.reasons[0][0], model=str(use.reasons[0][1]))
        begun = begun_of(row, use.models)
        check_within(actor, begun.use())
        Generation.objects.filter(pk=row.pk).update(state=State.RUNNING)
        return begun


def check_within(actor: Actor, use: access.Use) -> None:
    """Raise Conflict where the person's allowance or the studio's quota says no by now, in the caller's scope."""
    within = access.allowed(actor, use)
    if within.code is not None:
        raise Conflict(within.code.value, **within.facts())


def models_of(row: Generation) -> list[UUID]:
    """Return the base and the adapters of a row, in order."""
    return [row.base_id, *(UUID(one["model"]) for one in row.adapters)]


def begun_of(row: Generation, models: Sequence[Usable]) -> Begun:
    """Return what a row needs of its models, base first."""
    base, *adapters = models
    weights = [float(one["weight"]) for one in row.adapters]
    return Begun(
        row.pk, row.intent_id, row.prompt_id, base, tuple(zip(adapters, weights, strict=True)), row.seed, row.steps, row.guidance,
        row.width, row.height, row.scheduler, row.purpose, dict(row.decisions),
    )  # fmt: skip
