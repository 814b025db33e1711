"""Adapters of requests: opened in memory, checked, put on the model and taken off again."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

import safetensors.torch
import torch
from safetensors import SafetensorError

from kernel.sealing import SealBroken
from workers.engine.errors import EngineError
from workers.engine.files import Files
from workers.engine.specs import AdapterSpec

_TEXT_ENCODERS: Final = ("text_encoder", "text_encoder_2")
_KINDS: Final = ("lora_A", "lora_B", "lora.down", "lora.up", "alpha")


class Adapters:
    """What lies on one model now; the same adapters with other weights are only weighed anew."""

    def __init__(self, pipeline: Any) -> None:
        self.pipeline = pipeline
        self._on: tuple[str, ...] = ()
        self._ranks: dict[str, int] = {}

    def apply(self, wanted: Sequence[AdapterSpec], files: Files) -> None:
        """Make exactly these adapters active. Raises EngineError for one that does not fit the model."""
        names = tuple(f"a{one.digest[:24]}" for one in wanted)
        if names != self._on:
            self.clear()
            self._put_on(names, wanted, files)
        if names:
            self.pipeline.set_adapters(list(names), [one.weight for one in wanted])

    @property
    def rank(self) -> int:
        """Return the largest rank of what is active, 0 for nothing."""
        return max((self._ranks[name] for name in self._on), default=0)

    def clear(self) -> None:
        """Take everything off."""
        if self._on:
            self.pipeline.unload_lora_weights()
        self._on = ()

    def _put_on(self, names: tuple[str, ...], wanted: Sequence[AdapterSpec], files: Files) -> None:
        # One that fails must leave none of the others on: the next picture would be made with them, unrecorded.
        try:
            for name, one in zip(names, wanted, strict=True):
                self._load(name, one, files)
        except BaseException:
            self.pipeline.unload_lora_weights()
            raise
        self._on = names

    def _load(self, name: str, one: AdapterSpec, files: Files) -> None:
        try:
            content = files.open(one.sealed)
            tensors = safetensors.torch.load(content)
        except (SafetensorError, SealBroken):
            raise EngineError("adapter.unreadable") from None
        if hashlib.sha256(content).hexdigest() != one.digest:
            raise EngineError("adapter.digest_differs")
        _check(tensors)
        self._ranks[name] = max(_rank(key, tensor) for key, tensor in tensors.items())
        try:
            self._lay_on(name, tensors, metadata_of(content))
        except (RuntimeError, ValueError, KeyError):
            raise EngineError("adapter.does_not_fit", tensors=len(tensors)) from None

    def _lay_on(self, name: str, tensors: dict[str, torch.Tensor], metadata: dict[str, Any] | None) -> None:
        # Given tensors, `load_lora_weights` forgets the file's metadata, and with it an alpha that is not the rank.
        pipeline = self.pipeline
        options = {"unet_config": pipeline.unet.config} if hasattr(pipeline, "text_encoder_2") else {}
        state, alphas = pipeline.lora_state_dict(tensors, **options)
        given = {"network_alphas": alphas, "adapter_name": name, "metadata": None if alphas else metadata,
                 "low_cpu_mem_usage": False, "_pipeline": pipeline}  # fmt: skip
        pipeline.load_lora_into_unet(state, unet=pipeline.unet, **given)
        for part in _TEXT_ENCODERS:
            if any(key.startswith(f"{part}.") for key in state):
                pipeline.load_lora_into_text_encoder(
                    state, text_encoder=getattr(pipeline, part), prefix=part, lora_scale=pipeline.lora_scale, **given
                )


def metadata_of(content: bytes) -> dict[str, Any] | None:
    """Return the LoRA configuration that diffusers writes in a safetensors file's header (ranks, alphas), if there is one."""
    size = int.from_bytes(content[:8], "little")
    told = json.loads(content[8 : 8 + size]).get("__metadata__", {}).get("lora_adapter_metadata")
    found: dict[str, Any] | None = json.loads(told) if told else None
    return found


def _rank(key: str, tensor: torch.Tensor) -> int:
    return tensor.shape[0] if tensor.ndim and ("lora_A" in key or "down" in key) else 0


def _check(tensors: dict[str, torch.Tensor]) -> None:
    strange = [name for name in tensors if not any(kind in name for kind in _KINDS)]
    if strange or not tensors:
        raise EngineError("adapter.unknown_layout", tensors=len(tensors), unknown=len(strange))
