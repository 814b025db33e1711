"""The shapes that a batch may have: a short list, each of which a replay can name."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from workers.engine.errors import EngineError
from workers.engine.specs import Spec, StretchSpec

SLOTS: Final = (1, 2, 4, 8)
RANKS: Final = (0, 4, 8, 16, 32, 64, 128, 256, 512)


class Reach(IntEnum):
    """Which layers have low-rank products in a batch; each reach holds those below it."""

    NOTHING = 0
    ATTENTION = 1
    TRANSFORMER = 2
    EVERYTHING = 3


@dataclass(frozen=True)
class Kin(Spec):
    """What two requests must have alike to stand in one batch. Sizes in pixels, `context` in tokens."""

    height: int
    width: int
    context: int
    is_guided: bool

    @property
    def rows(self) -> int:
        """Return how many rows of a batch one slot takes: with guidance the empty prompt's and the prompt's."""
        return 2 if self.is_guided else 1


@dataclass(frozen=True)
class Load(Spec):
    """How much low-rank weight a slot of a batch can hold."""

    rank: int = 0
    reach: int = Reach.NOTHING

    def with_room_for(self, other: "Load") -> "Load":
        """Return the least load that holds both."""
        return Load(max(self.rank, other.rank), max(self.reach, other.reach))


class Stretch(StretchSpec):
    """Some steps of one request at one shape, in one slot."""

    @property
    def load(self) -> Load:
        """Return what the batch could hold."""
        return Load(self.rank, self.reach)


def named(kin: Kin, load: Load) -> str:
    """Return what a shape is called where its times are kept; the size of the batch stands beside it."""
    rows = "guided" if kin.is_guided else "plain"
    return f"{kin.height}x{kin.width}/{kin.context}/{rows}/r{load.rank}/{load.reach}"


def rank_for(rank: int) -> int:
    """Return the padded rank. Raises EngineError for one beyond the list."""
    if rank > RANKS[-1]:
        raise EngineError("adapter.rank_too_high", most=RANKS[-1], asked=rank)
    return next(one for one in RANKS if one >= rank)


def slots_for(requests: int) -> int:
    """Return the smallest batch that holds so many, or the largest there is."""
    return next(one for one in SLOTS if one >= min(requests, SLOTS[-1]))


def grouped(requests: int) -> tuple[int, ...]:
    """Return the sizes of the batches that hold so many requests where no times are known: full ones, then the least."""
    full, rest = divmod(requests, SLOTS[-1])
    return (SLOTS[-1],) * full + ((slots_for(rest),) if rest else ())
