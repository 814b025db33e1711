"""Adapters as files hold them: found out whose layout it is, laid on the layers of this model, or refused by name.

LoRA and LoCon, as diffusers, PEFT, kohya's trainer and LyCORIS write them. What a file holds beyond that (DoRA's magnitudes,
LoHa's and LoKr's products, trained biases) is refused, never left out in silence.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from workers.engine.errors import EngineError
from workers.engine.slots import lowrank, names
from workers.engine.slots.lowrank import Layers, Pair, Weights
from workers.engine.slots.shapes import Load

_ENDS: Final = {
    "lora_A.weight": "down", "lora_B.weight": "up", "lora_A.default.weight": "down", "lora_B.default.weight": "up",
    "lora.down.weight": "down", "lora.up.weight": "up",
    "lora_linear_layer.down.weight": "down", "lora_linear_layer.up.weight": "up",
    "lora_down.weight": "down", "lora_up.weight": "up", "down.weight": "down", "up.weight": "up", "alpha": "alpha",
}  # fmt: skip
_OTHER_KINDS: Final = {
    "dora_scale": "DoRA", "lora_magnitude_vector": "DoRA", "lora_magnitude_vector.weight": "DoRA", "lora_mid.weight": "Tucker",
    "hada_w1_a": "LoHa", "lokr_w1": "LoKr", "lokr_w1_a": "LoKr", "oft_blocks": "OFT", "diff": "full difference",
    "lora_A.bias": "bias", "lora_B.bias": "bias", "bias": "bias",
}  # fmt: skip
_END: Final = re.compile(rf"\.({'|'.join(re.escape(one) for one in (*_ENDS, *_OTHER_KINDS))})$")


@dataclass(frozen=True)
class Adapter:
    """One adapter on the layers of this model: weights for each part of it, by the paths of its layers."""

    parts: Mapping[str, Weights]

    def of(self, part: str, strength: float) -> Weights:
        """Return what it gives a part of the model, this strong."""
        return {path: pair.times(strength) for path, pair in self.parts.get(part, {}).items()}

    @property
    def load(self) -> Load:
        """Return what a slot of the denoiser needs for it."""
        return lowrank.load_of(self.parts.get("unet", {}))

    @property
    def bytes(self) -> int:
        """Return how much memory it takes."""
        pairs = [pair for weights in self.parts.values() for pair in weights.values()]
        return sum(one.numel() * one.element_size() for pair in pairs for one in (pair.down, pair.up))


class Reader:
    """Reads adapters for one model."""

    def __init__(self, layers: Mapping[str, Layers], *, config: Any, family: str) -> None:
        self.layers, self.family = layers, family
        self.table = names.table({part: one.own for part, one in layers.items()}, config)

    def read(self, content: bytes) -> Adapter:
        """Return what a safetensors file holds. Raises EngineError for one that is unreadable, unknown or for another model."""
        try:
            tensors = safetensors.torch.load(content)
        except SafetensorError:
            raise EngineError("adapter.unreadable") from None
        grouped, strange = _by_layer(tensors)
        if not grouped or strange:
            raise EngineError("adapter.unknown_layout", tensors=len(tensors), unknown=strange)
        told = _told(content)
        found: dict[str, dict[str, Pair]] = {part: {} for part in self.layers}
        missing = 0
        for name, parts in grouped.items():
            place = self.table.get(names.settled(name))
            if place is None:
                missing += 1
            else:
                found[place.part][place.path] = self._pair(place, parts, told=told)
        if missing:
            raise EngineError("adapter.of_another_family", family=self.family, layers=len(grouped), unknown=missing)
        return Adapter({part: weights for part, weights in found.items() if weights})

    def _pair(self, place: names.Place, parts: Mapping[str, Tensor], *, told: "_Told") -> Pair:
        if not {"down", "up"} <= parts.keys():
            raise EngineError("adapter.half_a_layer")
        layers = self.layers[place.part]
        down, up = parts["down"].flatten(1), parts["up"].flatten(1)
        out, into = layers.shape_of(place.path)
        if (up.shape[0], down.shape[1]) != (out, into) or up.shape[1] != down.shape[0]:
            raise EngineError("adapter.does_not_fit", family=self.family, layer=place.path, wants=f"{out}×{into}",
                              holds=f"{up.shape[0]}×{down.shape[1]}")  # fmt: skip
        rank = int(down.shape[0])
        strength = float(parts["alpha"]) / rank if "alpha" in parts else told.strength(place, rank=rank)
        down, up = (one.to(device=layers.device, dtype=torch.float32) for one in (down, up))
        return Pair(down, up).times(strength)


def _by_layer(tensors: Mapping[str, Tensor]) -> tuple[dict[str, dict[str, Tensor]], int]:
    """Return the tensors by the layer they belong to, and how many belong to none. Raises EngineError for other kinds."""
    found: dict[str, dict[str, Tensor]] = {}
    strange = 0
    for name, tensor in tensors.items():
        end = _END.search(name)
        if end is None:
            strange += 1
        elif end[1] in _OTHER_KINDS:
            raise EngineError("adapter.other_kind", kind=_OTHER_KINDS[end[1]])
        else:
            found.setdefault(name[: end.start()], {})[_ENDS[end[1]]] = tensor
    return found, strange


@dataclass(frozen=True)
class _Told:
    """What diffusers writes into a file's header of how strongly its layers count, by part of the model."""

    parts: Mapping[str, Mapping[str, Any]]

    def strength(self, place: names.Place, *, rank: int) -> float:
        """Return how strongly a layer of this rank counts; as it is where nothing is told."""
        told = self.parts.get(place.part)
        if told is None or "lora_alpha" not in told:
            return 1.0
        patterns = told.get("alpha_pattern") or {}
        alpha = next((value for name, value in patterns.items() if _is_meant(name, place.path)), told["lora_alpha"])
        return float(alpha) / (math.sqrt(rank) if told.get("use_rslora") else rank)


def _told(content: bytes) -> _Told:
    size = int.from_bytes(content[:8], "little")
    written = json.loads(content[8 : 8 + size]).get("__metadata__", {}).get("lora_adapter_metadata")
    found: dict[str, dict[str, Any]] = {}
    for name, value in (json.loads(written) if written else {}).items():
        part, _, key = str(name).partition(".")
        found.setdefault(part, {})[key] = value
    return _Told(found)


def _is_meant(pattern: str, path: str) -> bool:
    """Return whether a pattern of PEFT's means a layer: the whole path, or its last words."""
    wanted, own = (one.removeprefix("text_model.") for one in (pattern.removeprefix("^"), path))
    return own == wanted or own.endswith(f".{wanted}")
