"""What a run may be asked to do, and its states; without touching the world."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from kernel.errors import InvalidInput

MOST_STEPS: Final = 100_000
MOST_PROMPTS: Final = 8
CURVE_POINTS: Final = 600


class State(StrEnum):
    """Where a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN: Final = (State.QUEUED, State.RUNNING, State.PAUSED)


@dataclass(frozen=True)
class TrainConfig:
    """How an adapter is trained. Steps and pixels; `alpha` 0 means equal to rank, `resolution` 0 the base's own."""

    steps: int = 300
    learning_rate: float = 2e-3
    rank: int = 8
    alpha: int = 0
    batch: int = 4
    resolution: int = 0
    trigger: str = ""
    caption_dropout: float = 0.1
    min_snr_gamma: float = 5.0
    held_out: float = 0.15
    seed: int = 1
    sample_every: int = 50
    sample_prompts: tuple[str, ...] = ()
    sample_steps: int = 20
    sample_guidance: float = 4.0

    def check(self) -> None:
        """Raise InvalidInput for the first thing that cannot be trained."""
        for is_wrong, field in self._faults():
            if is_wrong:
                raise InvalidInput("config.out_of_range", field=field)

    def plain(self) -> dict[str, Any]:
        """Return what may stand in a record: all but the words, which are content."""
        return {name: value for name, value in asdict(self).items() if name not in {"trigger", "sample_prompts"}}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return what `asdict` gave; unknown names are left out."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {}
        for name in known & kept.keys():
            values[name] = tuple(kept[name]) if isinstance(kept[name], list) else kept[name]
        return cls(**values)

    def _faults(self) -> list[tuple[bool, str]]:
        return [
            (not 1 <= self.steps <= MOST_STEPS, "steps"),
            (not 0 < self.learning_rate <= 1, "learning_rate"),
            (not 1 <= self.rank <= 256, "rank"),  # beyond it an adapter is larger than what it adapts
            (not 0 <= self.alpha <= 1024, "alpha"),
            (not 1 <= self.batch <= 64, "batch"),
            (len(self.trigger) > 60, "trigger"),  # the column's length
            (not 0 <= self.caption_dropout <= 1, "caption_dropout"),
            (not 0 <= self.held_out <= 0.5, "held_out"),
            (self.sample_every < 0, "sample_every"),
            (len(self.sample_prompts) > MOST_PROMPTS, "sample_prompts"),
        ]


def thinned(curve: list[list[float]]) -> list[list[float]]:
    """Return a loss curve with at most so many points as a page can show."""
    stride = -(-len(curve) // CURVE_POINTS)
    return curve if stride <= 1 else [*curve[:-1:stride], curve[-1]]
