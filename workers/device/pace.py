"""How fast this device is: what a step takes at each shape that it has computed, and in which batches that means to go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dispatch import rules

MOST_AT_ONCE: Final = 16
Shape = str


@dataclass
class Pace:
    """The times of one base model on this device, by shape and size of the batch, as its engines measured them."""

    seconds: dict[Shape, dict[int, float]] = field(default_factory=dict)

    def hear(self, told: Iterable[Mapping[str, Any]]) -> bool:
        """Note what an engine measured; return whether any batch would now be another."""
        before = self.plan()
        for one in told:
            self.seconds.setdefault(str(one["shape"]), {})[int(one["slots"])] = float(one["seconds"])
        return self.plan() != before

    def plan(self) -> dict[Shape, list[list[int]]]:
        """Return for each shape the batches for one, two, … requests."""
        return {
            shape: [list(rules.batches(count, seconds=known)) for count in range(1, MOST_AT_ONCE + 1)]
            for shape, known in self.seconds.items()
        }
