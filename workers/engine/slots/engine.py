"""Who sits where: requests of one model come and go between steps, and every one that sits advances at each."""

import statistics
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from workers.engine.families import Loaded
from workers.engine.slots.batch import Batch, arranged
from workers.engine.slots.lowrank import Layers
from workers.engine.slots.request import Request
from workers.engine.slots.shapes import Kin, Load, grouped, named

MEASURED: Final = 9
FEWEST_MEASURED: Final = 3
Plans = Mapping[str, Sequence[Sequence[int]]]


class Slots:
    """The batches of one model. `plans` say for a shape in batches of which sizes one, two, … requests go."""

    def __init__(self, base: Loaded) -> None:
        self.base = base
        self.plans: Plans = {}
        self.seconds: dict[tuple[str, int], deque[float]] = {}
        self.layers = Layers(base.pipeline.unet)
        self.batches: list[Batch] = []

    @property
    def requests(self) -> list[Request]:
        """Return everyone who sits, in the order of batches and slots."""
        return [one for batch in self.batches for one in batch.requests]

    def join(self, request: Request) -> None:
        """Seat a request before the next step; those of its kin may move."""
        if request.replays:
            self._seat_again(request)
            return
        self._arrange(request.kin, [*self._sitting(request.kin), request])

    def leave(self, request: Request) -> None:
        """Free a request's slot; those of its kin may draw together."""
        for batch in self.batches:
            if request in batch.places:
                batch.leave(batch.places.index(request))
        if not request.replays:
            self._arrange(request.kin, self._sitting(request.kin))
        self.batches = [batch for batch in self.batches if batch.requests]

    def step(self) -> list[Request]:
        """Let everyone take a step, and return who has taken the last; they leave."""
        for batch in self.batches:
            began = time.monotonic()
            batch.step(self.base.pipeline.unet)
            times = self.seconds.setdefault((named(batch.kin, batch.load), len(batch.places)), deque(maxlen=MEASURED))
            times.append(time.monotonic() - began)
        done = [one for one in self.requests if one.is_done]
        for one in done:
            self.leave(one)
        for one in [one for one in self.requests if one.replays]:
            self._seat_again(one)
        return done

    def measured(self) -> list[dict[str, Any]]:
        """Return what a step takes at each shape and size that was computed often enough to say."""
        return [
            {"shape": shape, "slots": slots, "seconds": statistics.median(times)}
            for (shape, slots), times in self.seconds.items()
            if len(times) >= FEWEST_MEASURED
        ]

    def close(self) -> None:
        """Send everyone away and fill what they used with zeros."""
        for batch in self.batches:
            batch.clear()
        self.batches = []
        self.layers.use(None)

    def _sitting(self, kin: Kin) -> list[Request]:
        return [one for one in self.requests if one.kin == kin and not one.replays]

    def _arrange(self, kin: Kin, requests: Sequence[Request]) -> None:
        """Seat these requests in batches of the planned sizes; who can stay where it is does."""
        mine = [batch for batch in self.batches if batch.kin == kin and not any(one.replays for one in batch.requests)]
        load = arranged(requests)
        wanted = list(self._planned(named(kin, load), len(requests)))
        keep, wanted = _kept(mine, wanted, load)
        # First what may find no memory: until then everybody sits as before.
        made = [Batch(self.layers, kin=kin, slots=slots, load=load) for slots in wanted]
        for batch in mine:
            if batch not in keep:
                batch.clear()
                self.batches.remove(batch)
        self.batches += made
        seated = {id(one) for batch in keep for one in batch.requests}
        free = _free([*keep, *made])
        for request in requests:
            if id(request) not in seated:
                batch, slot = next(free)
                batch.seat(request, slot)

    def _planned(self, shape: str, count: int) -> Sequence[int]:
        known = self.plans.get(shape, ())
        return known[count - 1] if 0 < count <= len(known) else grouped(count)

    def _seat_again(self, request: Request) -> None:
        """Seat a replay where its next step belongs, alone among empty slots."""
        due = request.due()
        if due is None:
            return
        at = next((batch for batch in self.batches if request in batch.places), None)
        if at is not None and (len(at.places), at.load, at.places.index(request)) == (due.slots, due.load, due.slot):
            return
        if at is not None:
            at.clear()
            self.batches.remove(at)
        batch = Batch(self.layers, kin=request.kin, slots=due.slots, load=due.load)
        self.batches.append(batch)
        batch.seat(request, due.slot)


def _kept(mine: Sequence[Batch], wanted: Sequence[int], load: Load) -> tuple[list[Batch], list[int]]:
    """Return the batches that stay, being of a wanted size and holding what is to come, and the sizes still to make."""
    keep, left = list[Batch](), list(wanted)
    for batch in mine:
        if len(batch.places) in left and batch.load == load:
            left.remove(len(batch.places))
            keep.append(batch)
    return keep, left


def _free(batches: Sequence[Batch]) -> Iterator[tuple[Batch, int]]:
    for batch in batches:
        for slot in batch.free:
            yield batch, slot
