"""What may be asked for, and the states of a request; without touching the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from kernel.errors import InvalidInput

LONGEST_PROMPT: Final = 4000
MOST_STEPS: Final = 150
MOST_AT_ONCE: Final = 16
MOST_ADAPTERS: Final = 4
SIDES: Final = (64, 2048)
SEEDS: Final = 1 << 53  # a seed is a JSON number: exact in every reader
SCHEDULERS: Final = ("default", "ddim", "euler", "euler_a", "dpmpp_2m", "dpmpp_2m_karras", "unipc")


class State(StrEnum):
    """Where a request is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    WITHHELD = "withheld"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = (State.QUEUED, State.RUNNING)


class ReplayState(StrEnum):
    """Where a replay is."""

    QUEUED = "queued"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class Order:
    """What a person asks for."""

    prompt: str
    base: UUID
    negative: str = ""
    adapters: tuple[tuple[UUID, float], ...] = ()
    seed: int | None = None
    steps: int = 20
    guidance: float = 5.0
    width: int = 64
    height: int = 64
    scheduler: str = "default"
    count: int = 1
    purpose: str = "picture"

    def check(self) -> None:
        """Raise InvalidInput for the first thing that cannot be made."""
        for is_wrong, field in self._faults():
            if is_wrong:
                raise InvalidInput("order.out_of_range", field=field)

    def _faults(self) -> list[tuple[bool, str]]:
        low, high = SIDES
        return [
            (not self.prompt.strip() or len(self.prompt) > LONGEST_PROMPT, "prompt"),
            (len(self.negative) > LONGEST_PROMPT, "negative"),
            (len(self.adapters) > MOST_ADAPTERS, "adapters"),
            (any(not -2.0 <= weight <= 2.0 for _, weight in self.adapters), "adapters"),  # as trainers use
            (self.seed is not None and not 0 <= self.seed < SEEDS, "seed"),
            (not 1 <= self.steps <= MOST_STEPS, "steps"),
            (not 0 <= self.guidance <= 30, "guidance"),  # beyond it every sampler breaks
            (any(not low <= side <= high or side % 8 for side in (self.width, self.height)), "size"),
            (self.scheduler not in SCHEDULERS, "scheduler"),
            (not 1 <= self.count <= MOST_AT_ONCE, "count"),
        ]


class Misuse(StrEnum):
    """Why models do not go together."""

    NOT_A_BASE = "model.not_a_base"
    IS_A_BASE = "model.is_a_base"
    OTHER_FAMILY = "model.other_family"
    TWICE = "model.twice"


def misuses(models: Sequence[tuple[UUID, str, str]]) -> list[tuple[Misuse, UUID]]:
    """Return what cannot work of models given as id, kind and family, base first: why, with the model's id."""
    (base, kind, family), *adapters = models
    found = [(Misuse.NOT_A_BASE, base)] if kind != "base" else []
    found += [(Misuse.IS_A_BASE, one) for one, of_kind, _ in adapters if of_kind == "base"]
    found += [(Misuse.OTHER_FAMILY, one) for one, _, of in adapters if of != family]
    named = [one for one, _, _ in adapters]
    return found + [(Misuse.TWICE, one) for one in sorted({one for one in named if named.count(one) > 1})]


def shape_key(order: Order) -> str:
    """Return what must be equal for two requests to share a batch: the base, the size, and whether there is guidance."""
    return f"{order.base}:{order.width}x{order.height}:{'guided' if order.guidance > 1 else 'plain'}"
