"""Adapters of requests: opened in memory, checked, put on the model and taken off again."""

from collections.abc import Sequence
from typing import Any, Final

import safetensors.torch
import torch
from safetensors import SafetensorError

from kernel.sealing import SealBroken
from workers.engine.errors import EngineError
from workers.engine.files import Files
from workers.engine.specs import AdapterSpec

_KINDS: Final = ("lora_A", "lora_B", "lora.down", "lora.up", "alpha")


class Adapters:
    """What lies on one model now; the same adapters with other weights are only weighed anew."""

    def __init__(self, pipeline: Any) -> None:
        self.pipeline = pipeline
        self._on: tuple[str, ...] = ()

    def apply(self, wanted: Sequence[AdapterSpec], files: Files) -> None:
        """Make exactly these adapters active. Raises EngineError for one that does not fit the model."""
        names = tuple(f"a{one.digest[:24]}" for one in wanted)
        if names != self._on:
            self.clear()
            self._put_on(names, wanted, files)
        if names:
            self.pipeline.set_adapters(list(names), [one.weight for one in wanted])

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
            tensors = safetensors.torch.load(files.open(one.sealed))
        except (SafetensorError, SealBroken):
            raise EngineError("adapter.unreadable") from None
        _check(tensors)
        try:
            self.pipeline.load_lora_weights(tensors, adapter_name=name, low_cpu_mem_usage=False)
        except (RuntimeError, ValueError, KeyError):
            raise EngineError("adapter.does_not_fit", tensors=len(tensors)) from None


def _check(tensors: dict[str, torch.Tensor]) -> None:
    strange = [name for name in tensors if not any(kind in name for kind in _KINDS)]
    if strange or not tensors:
        raise EngineError("adapter.unknown_layout", tensors=len(tensors), unknown=len(strange))
