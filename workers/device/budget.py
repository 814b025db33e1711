"""Which engines make room for another: plain values in, names out."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """What matters of one engine when room is needed."""

    name: Hashable
    megabytes: int
    idle_seconds: float
    is_busy: bool


def outstayed(standing: Iterable[Standing], *, limit: float) -> list[Hashable]:
    """Return the idle engines whose tenant's plaintext has been kept for long enough."""
    return [one.name for one in standing if not one.is_busy and one.idle_seconds >= limit]


def make_room(standing: Sequence[Standing], *, need: int, budget: int) -> list[Hashable] | None:
    """Return the idle engines to end, longest idle first, so that `need` fits; None when even that is too little.

    An engine that stands alone is let in whatever it needs: the estimate may be wrong, and the child alone would fall.
    """
    over = sum(one.megabytes for one in standing) + need - budget
    leaving: list[Hashable] = []
    for one in sorted((one for one in standing if not one.is_busy), key=lambda one: -one.idle_seconds):
        if over <= 0:
            break
        leaving.append(one.name)
        over -= one.megabytes
    return leaving if over <= 0 or len(leaving) == len(standing) else None
