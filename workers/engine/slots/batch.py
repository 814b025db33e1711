"""One batch at work: so many slots of one shape, the model called once for all of them."""

import time
from collections.abc import Sequence

import torch
from torch import Tensor

from workers.engine import machine
from workers.engine.slots.lowrank import Bank, Layers
from workers.engine.slots.request import Request
from workers.engine.slots.shapes import Kin, Load


class Batch:
    """Slots of one kin, with buffers of one load. What a slot computes depends on its request and the shapes alone."""

    def __init__(self, layers: Layers, *, kin: Kin, slots: int, load: Load) -> None:
        self.layers, self.kin, self.load = layers, kin, load
        self.places: list[Request | None] = [None] * slots
        self.bank = Bank(layers, slots=slots, load=load)
        self.inputs: dict[str, Tensor] = {}

    @property
    def requests(self) -> list[Request]:
        """Return who sits here."""
        return [one for one in self.places if one is not None]

    @property
    def free(self) -> list[int]:
        """Return the empty slots."""
        return [slot for slot, one in enumerate(self.places) if one is None]

    def seat(self, request: Request, slot: int) -> None:
        """Give a request this slot: its weights and words are copied in."""
        if not self.inputs:
            self._lay_out(request)
        self.places[slot] = request
        if request.weights:
            self.bank.put(slot, request.weights)
        for name, rows in request.words.items():
            self.inputs[name][self._rows(slot)].copy_(rows)

    def leave(self, slot: int) -> None:
        """Empty a slot: zeros stand where the request was."""
        self.places[slot] = None
        if self.load.rank:
            self.bank.clear(slot)
        for rows in self.inputs.values():
            rows[self._rows(slot)].zero_()

    def clear(self) -> None:
        """Empty all of it, what its buffers held too."""
        for slot in range(len(self.places)):
            self.leave(slot)

    @torch.inference_mode()
    def step(self, model: torch.nn.Module) -> None:
        """Let each request here take one step; what it took is counted to them in equal parts."""
        began = time.monotonic()
        for slot, request in enumerate(self.places):
            if request is not None:
                rows = self._rows(slot)
                self.inputs["sample"][rows].copy_(request.scaled())
                self.inputs["timestep"][rows] = request.time
        self.layers.use(self.bank if self.load.rank else None)
        said: Tensor = model(**_as_arguments(self.inputs), return_dict=False)[0]
        for slot, request in enumerate(self.places):
            if request is not None:
                request.take(said[self._rows(slot)], slots=len(self.places), load=self.load, slot=slot)
        machine.wait()
        for request in self.requests:
            request.seconds += (time.monotonic() - began) / len(self.requests)

    def _rows(self, slot: int) -> slice:
        return slice(slot * self.kin.rows, (slot + 1) * self.kin.rows)

    def _lay_out(self, like: Request) -> None:
        """Make room for so many requests like this one."""
        rows = len(self.places) * self.kin.rows
        latents = like.latents
        self.inputs = {
            "sample": torch.zeros((rows, *latents.shape[1:]), dtype=latents.dtype, device=latents.device),
            "timestep": torch.zeros((rows,), dtype=torch.float32, device=latents.device),
            **{name: torch.zeros((rows, *one.shape[1:]), dtype=one.dtype, device=one.device) for name, one in like.words.items()},
        }


def arranged(requests: Sequence[Request]) -> Load:
    """Return the least load that holds all of them."""
    load = Load()
    for one in requests:
        load = load.with_room_for(one.load)
    return load


def _as_arguments(inputs: dict[str, Tensor]) -> dict[str, object]:
    """Return the inputs as the model takes them: what is added to the time goes in a mapping of its own."""
    plain = {name: one for name, one in inputs.items() if not name.startswith("added.")}
    added = {name.removeprefix("added."): one for name, one in inputs.items() if name.startswith("added.")}
    return plain | ({"added_cond_kwargs": added} if added else {})
