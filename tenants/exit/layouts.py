"""One adapter in the layouts that other tools read. Renames tensors only: no value is changed, no framework is needed.

Diffusers' layout names `unet.<module>.lora_A.weight`; kohya's, which ComfyUI and others read, `lora_unet_<module with
underscores>.lora_down.weight` with an `.alpha` per module. A converter that writes alpha = rank always would change how
strongly an adapter works, so alpha comes from the adapter's own metadata.
"""

import json
import struct
from typing import Any, Final

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from kernel.errors import InvalidInput

PARTS: Final = {"unet.": "lora_unet_", "text_encoder.": "lora_te_", "text_encoder_2.": "lora_te2_"}
ENDS: Final = {".lora_A.weight": ".lora_down.weight", ".lora_B.weight": ".lora_up.weight"}


def kohya(adapter: bytes) -> bytes:
    """Return an adapter of diffusers' layout in kohya's. Raises InvalidInput for a tensor of neither kind."""
    settings = metadata(adapter)
    tensors: dict[str, NDArray[Any]] = {}
    for name, tensor in sorted(safetensors.numpy.load(adapter).items()):
        module, end = _split(name)
        tensors[module + end] = tensor
        if end == ".lora_down.weight":
            tensors[f"{module}.alpha"] = np.array(_alpha(settings, name, rank=tensor.shape[0]), dtype=np.float32)
    return safetensors.numpy.save(tensors, metadata={"format": "pt", "ss_network_module": "networks.lora", **_network(tensors)})


def metadata(adapter: bytes) -> dict[str, str]:
    """Return the metadata in the header of a safetensors file."""
    size = struct.unpack_from("<Q", adapter)[0]
    found: dict[str, str] = json.loads(adapter[8 : 8 + size]).get("__metadata__", {})
    return found


def _split(name: str) -> tuple[str, str]:
    prefix = next((one for one in PARTS if name.startswith(one)), None)
    end = next((one for one in ENDS if name.endswith(one)), None)
    if prefix is None or end is None:
        raise InvalidInput("adapter.unknown_tensor")
    module = name[len(prefix) : -len(end)].replace(".", "_")
    return PARTS[prefix] + module, ENDS[end]


def _alpha(settings: dict[str, str], name: str, *, rank: int) -> float:
    kept: dict[str, Any] = json.loads(settings.get("lora_adapter_metadata", "{}"))
    part = name.split(".", 1)[0]
    return float(kept.get(f"{part}.lora_alpha", rank))


def _network(tensors: dict[str, NDArray[Any]]) -> dict[str, str]:
    ranks = {tensor.shape[0] for name, tensor in tensors.items() if name.endswith("lora_down.weight")}
    alphas = {float(tensor) for name, tensor in tensors.items() if name.endswith(".alpha")}
    return {"ss_network_dim": str(max(ranks)), "ss_network_alpha": str(max(alphas))}
