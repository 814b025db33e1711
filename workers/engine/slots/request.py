"""One request on its way: its latents, scheduler and words, step by step, wherever it sits."""

import inspect
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from workers.engine.slots.lowrank import Weights
from workers.engine.slots.shapes import Kin, Load, Stretch


@dataclass(eq=False)
class Request:
    """What one request needs to take its steps. All tensors have its own rows only; `words` are what the model is told."""

    name: str
    kin: Kin
    load: Load
    weights: Weights
    words: dict[str, Tensor]
    latents: Tensor
    scheduler: Any
    guidance: float
    generator: torch.Generator
    replays: tuple[Stretch, ...] = ()
    step: int = 0
    seconds: float = 0.0  # what was computed for it, its share of what it did together with others
    stretches: list[Stretch] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = inspect.signature(self.scheduler.step).parameters
        self._given = {name: value for name, value in (("eta", 0.0), ("generator", self.generator)) if name in known}
        self._times = self.scheduler.timesteps

    @property
    def steps(self) -> int:
        """Return how many calls of the model it takes: some schedulers ask twice for a step."""
        return len(self._times)

    @property
    def is_done(self) -> bool:
        """Return whether it has taken all of them."""
        return self.step >= self.steps

    @property
    def time(self) -> Tensor:
        """Return where in the noise it stands."""
        found: Tensor = self._times[self.step]
        return found

    def scaled(self) -> Tensor:
        """Return the latents as the model wants them now."""
        found: Tensor = self.scheduler.scale_model_input(self.latents, self.time)
        return found

    def take(self, said: Tensor, *, slots: int, load: Load, slot: int) -> None:
        """Go one step on by what the model says of its rows."""
        if self.kin.is_guided:
            without, withal = said.chunk(2)
            said = without + self.guidance * (withal - without)
        self.latents = self.scheduler.step(said, self.time, self.latents, **self._given, return_dict=False)[0]
        self.step += 1
        self._note(Stretch(slots, load.rank, load.reach, slot, 1))

    def due(self) -> Stretch | None:
        """Return where a replay's next step belongs, None for a request that may sit anywhere."""
        passed = 0
        for one in self.replays:
            passed += one.steps
            if self.step < passed:
                return one
        return None

    def _note(self, now: Stretch) -> None:
        last = self.stretches[-1] if self.stretches else None
        if last is not None and (last.slots, last.load, last.slot) == (now.slots, now.load, now.slot):
            now = Stretch(now.slots, now.rank, now.reach, now.slot, last.steps + 1)
            self.stretches.pop()
        self.stretches.append(now)
