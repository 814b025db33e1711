"""Low-rank weights of each slot, applied by batched products beside the model's own layers.

A layer that has them computes `W x + B (A x)`, with an `A` (rank × in) and a `B` (out × rank) for each slot; several adapters
of one request lie beside one another in the rank, their strengths multiplied into `B`. An empty slot holds zeros. Putting an
adapter into a slot copies numbers: no module changes, nothing is compiled anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn

from workers.engine.errors import EngineError
from workers.engine.slots.shapes import Load, Reach

_ATTENTION: Final = (".to_q", ".to_k", ".to_v", ".to_out.0", ".q_proj", ".k_proj", ".v_proj", ".out_proj")
_TRANSFORMER: Final = (".ff.net.0.proj", ".ff.net.2", ".fc1", ".fc2", ".proj_in", ".proj_out")


@dataclass(frozen=True)
class Pair:
    """One layer's low-rank weights: `down` (rank, in) and `up` (out, rank), with every strength in `up`.

    For a convolution `in` is channels × height × width of its kernel.
    """

    down: Tensor
    up: Tensor

    @property
    def rank(self) -> int:
        """Return the rank."""
        return int(self.down.shape[0])

    def times(self, strength: float) -> "Pair":
        """Return it weaker or stronger."""
        return self if strength == 1.0 else Pair(self.down, self.up * strength)


Weights = Mapping[str, Pair]


def reach_of(path: str) -> Reach:
    """Return the least reach that holds a layer."""
    if path.endswith(_ATTENTION):
        return Reach.ATTENTION
    return Reach.TRANSFORMER if path.endswith(_TRANSFORMER) else Reach.EVERYTHING


def load_of(weights: Weights) -> Load:
    """Return what a batch needs to hold these: the highest rank as it is, and the farthest layer."""
    if not weights:
        return Load()
    return Load(max(pair.rank for pair in weights.values()), max(reach_of(path) for path in weights))


def beside(parts: list[Weights]) -> Weights:
    """Return several adapters as one: their ranks lie beside one another, layer by layer."""
    if len(parts) == 1:
        return parts[0]
    found: dict[str, Pair] = {}
    for path in sorted({path for part in parts for path in part}):
        pairs = [part[path] for part in parts if path in part]
        found[path] = Pair(torch.cat([one.down for one in pairs]), torch.cat([one.up for one in pairs], dim=1))
    return found


class Layers:
    """A model's layers that can have low-rank products. Which weights they use is set before each call of the model."""

    def __init__(self, model: nn.Module) -> None:
        self.device, self.dtype = _where(model)
        self.own: dict[str, _Layer] = {}
        for path, module in model.named_modules():
            if isinstance(module, nn.Linear | nn.Conv2d) and getattr(module, "groups", 1) == 1:
                made = _Linear(module) if isinstance(module, nn.Linear) else _Convolution(module)
                module.forward = made  # type: ignore[assignment]  # called as the layer's own
                self.own[path] = made
        self._in_use: Bank | None = None

    def use(self, bank: "Bank | None") -> None:
        """Compute with these weights from now on; with none the layers are the model's own."""
        if bank is self._in_use:
            return
        for layer in self.own.values():
            layer.down = layer.up = None
        for path, (down, up) in (bank.buffers if bank else {}).items():
            layer = self.own[path]
            layer.down, layer.up = down, up
        self._in_use = bank

    def shape_of(self, path: str) -> tuple[int, int]:
        """Return a layer's (out, in), a convolution's `in` with its kernel. Raises KeyError."""
        return self.own[path].shape

    def zeros(self, shape: tuple[int, ...]) -> Tensor:
        """Return zeros where the model computes."""
        return torch.zeros(shape, device=self.device, dtype=self.dtype)

    def within(self, reach: int) -> Iterator[str]:
        """Return the paths of the layers that a reach holds."""
        return (path for path in self.own if reach_of(path) <= reach)


class Bank:
    """The buffers of one batch: for each layer within its reach, weights of a fixed rank for each slot."""

    def __init__(self, layers: Layers, *, slots: int, load: Load) -> None:
        self.slots, self.load, self.buffers = slots, load, dict[str, tuple[Tensor, Tensor]]()
        if not load.rank:
            return
        for path in layers.within(load.reach):
            out, into = layers.shape_of(path)
            down, up = (slots, load.rank, into), (slots, out, load.rank)
            self.buffers[path] = layers.zeros(down), layers.zeros(up)

    @property
    def bytes(self) -> int:
        """Return how much memory the buffers take."""
        return sum(one.numel() * one.element_size() for pair in self.buffers.values() for one in pair)

    @torch.no_grad()
    def put(self, slot: int, weights: Weights) -> None:
        """Copy weights into a slot. Raises EngineError for what this bank cannot hold."""
        needed = load_of(weights)
        if needed.with_room_for(self.load) != self.load:
            raise EngineError("slots.load_too_high", rank=needed.rank, most=self.load.rank)
        self.clear(slot)
        for path, pair in weights.items():
            down, up = self.buffers[path]
            down[slot, : pair.rank].copy_(pair.down)
            up[slot, :, : pair.rank].copy_(pair.up)

    @torch.no_grad()
    def clear(self, slot: int) -> None:
        """Fill a slot with zeros."""
        for down, up in self.buffers.values():
            down[slot].zero_()
            up[slot].zero_()

    def wipe(self) -> None:
        """Fill everything with zeros."""
        for slot in range(self.slots):
            self.clear(slot)


class _Layer:
    """What is called in a layer's place."""

    def __init__(self, layer: Any) -> None:
        self.plain = layer.forward
        self.down: Tensor | None = None
        self.up: Tensor | None = None
        weight = layer.weight
        self.shape = (int(weight.shape[0]), int(weight[0].numel()))


class _Linear(_Layer):
    def __call__(self, hidden: Tensor) -> Tensor:
        said: Tensor = self.plain(hidden)
        if self.down is None or self.up is None:
            return said
        slots = self.down.shape[0]
        low = torch.bmm(hidden.reshape(slots, -1, hidden.shape[-1]), self.down.transpose(1, 2))
        return torch.baddbmm(said.reshape(slots, -1, said.shape[-1]), low, self.up.transpose(1, 2)).view(said.shape)


class _Convolution(_Layer):
    def __init__(self, layer: nn.Conv2d) -> None:
        super().__init__(layer)
        self.window: dict[str, Any] = {
            "kernel_size": layer.kernel_size,
            "dilation": layer.dilation,
            "padding": layer.padding,
            "stride": layer.stride,
        }

    def __call__(self, hidden: Tensor, *given: Any) -> Tensor:
        said: Tensor = self.plain(hidden, *given)
        if self.down is None or self.up is None:
            return said
        slots = self.down.shape[0]
        columns = nn.functional.unfold(hidden, **self.window)  # (rows, in, places)
        low = torch.matmul(self.down[:, None], columns.view(slots, -1, *columns.shape[1:]))
        return said + torch.matmul(self.up[:, None], low).view(said.shape)


def _where(model: nn.Module) -> tuple[torch.device, torch.dtype]:
    first = next(model.parameters())
    return first.device, first.dtype
