"""What all families share: a folder of safetensors is checked against its digests and loaded, never a pickle."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    UniPCMultistepScheduler,
)
from diffusers.models.attention_processor import Attention
from torch import Tensor, nn

from workers.engine import machine
from workers.engine.errors import EngineError
from workers.engine.specs import BaseSpec

SCHEDULERS: Final[dict[str, tuple[Any, dict[str, Any]]]] = {
    "dpmpp_2m": (DPMSolverMultistepScheduler, {"algorithm_type": "dpmsolver++", "use_karras_sigmas": False}),
    "dpmpp_2m_karras": (DPMSolverMultistepScheduler, {"algorithm_type": "dpmsolver++", "use_karras_sigmas": True}),
    "euler": (EulerDiscreteScheduler, {}),
    "euler_a": (EulerAncestralDiscreteScheduler, {}),
    "ddim": (DDIMScheduler, {}),
    "unipc": (UniPCMultistepScheduler, {}),
}
WEIGHT_FILES: Final = (".safetensors",)
READ_FILES: Final = (*WEIGHT_FILES, ".json", ".txt", ".model")
FORBIDDEN_FILES: Final = (".bin", ".pt", ".ckpt", ".pkl", ".pth")


@dataclass(frozen=True)
class Family:
    """One family: the pipeline class, its text encoders, and whether the UNet also hears a pooled text (as XL's does)."""

    name: str
    pipeline: Callable[..., Any]
    text_encoders: tuple[str, ...]
    tokenizers: tuple[str, ...]
    is_pooled: bool = False


@dataclass
class Loaded:
    """A base model in memory."""

    family: Family
    spec: BaseSpec
    pipeline: Any
    digests: dict[str, str]
    stored: dict[str, str]

    @property
    def attention(self) -> str:
        """Return how attention is computed, as diffusers names it."""
        return "+".join(sorted({type(one).__name__ for one in self.pipeline.unet.attn_processors.values()}))

    def with_scheduler(self, name: str) -> Any:
        """Return a fresh scheduler of that name with this model's own noise schedule. Raises EngineError."""
        default = self.pipeline.guildhall_scheduler
        if name == "default":
            return type(default).from_config(default.config)
        if name not in SCHEDULERS:
            raise EngineError("scheduler.unknown")
        made, options = SCHEDULERS[name]
        return made.from_config(default.config, **options)


@dataclass(frozen=True)
class Said:
    """A text as the UNet hears it: hidden states (n, tokens, d), and where a family has one a pooled text (n, p)."""

    context: Tensor
    pooled: Tensor | None = None


def embedded(base: Loaded, text: str) -> Said:
    """Return what a text says to this model. Raises EngineError for one that would be cut."""
    pipeline, hidden, pooled = base.pipeline, [], None
    for tokenizer, encoder in zip(base.family.tokenizers, base.family.text_encoders, strict=True):
        out = getattr(pipeline, encoder)(_ids(getattr(pipeline, tokenizer), text), output_hidden_states=True)
        hidden.append(out.hidden_states[-2] if base.family.is_pooled else out.last_hidden_state)
        pooled = out.text_embeds if base.family.is_pooled and hasattr(out, "text_embeds") else pooled
    return Said(torch.cat(hidden, dim=-1), pooled)


def _ids(tokenizer: Any, text: str) -> Tensor:
    most, found = tokenizer.model_max_length, tokenizer(text, truncation=False, verbose=False).input_ids
    if len(found) > most:
        raise EngineError("caption.too_long", tokens=len(found), most=most)
    ids: Tensor = tokenizer(text, padding="max_length", max_length=most, return_tensors="pt").input_ids
    return ids.to(machine.device())


def load(family: Family, spec: BaseSpec) -> Loaded:
    """Load a base model from its folder. Raises EngineError where a file is missing, differs, or is no safetensors."""
    folder = Path(spec.path)
    found = digests_of(folder)
    if spec.digests:
        _check(folder, found, spec.digests)
    suffixes = {path.suffix for path in folder.rglob("*")}
    if suffixes & set(FORBIDDEN_FILES):
        raise EngineError("base.pickle_refused")
    # A folder may name classes of its own beside its weights.
    if ".py" in suffixes:
        raise EngineError("base.code_refused")
    pipeline = family.pipeline.from_pretrained(  # type: ignore[attr-defined]  # a diffusers pipeline class
        str(folder), torch_dtype=getattr(torch, spec.dtype), local_files_only=True, use_safetensors=True, **_without_extras(family)
    )
    pipeline.to(machine.device())
    pipeline.set_progress_bar_config(disable=True)
    pipeline.guildhall_scheduler = pipeline.scheduler
    _shorten_attention(pipeline)
    for name in ("unet", "vae", *family.text_encoders):
        component = getattr(pipeline, name)
        component.requires_grad_(False)
        component.eval()
    return Loaded(family, spec, pipeline, found, {name: _stored(folder / name) for name in found})


def _shorten_attention(pipeline: Any) -> None:
    """Let attention call its processor at once: by itself it first inspects the processor's signature, every time."""
    for part in (part for part in pipeline.components.values() if isinstance(part, nn.Module)):
        for module in (module for module in part.modules() if isinstance(module, Attention)):
            module.forward = partial(_attend, module)


def _attend(module: Attention, hidden: Tensor, **given: Any) -> Tensor:
    attended: Tensor = module.processor(module, hidden, **given)
    return attended


def digests_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each weight file by its path in the folder. Raises EngineError when there is none."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in WEIGHT_FILES)
    if not files:
        raise EngineError("base.no_weights")
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def _check(folder: Path, found: dict[str, str], digests: dict[str, str]) -> None:
    """Raise EngineError where a file differs or is gone, or where one was added that would be read."""
    here = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    now = {name: found.get(name) or _digest(folder / name) for name in digests if Path(name) in here}
    seen = {path.as_posix() for path in here if path.suffix in READ_FILES and not any(part.startswith(".") for part in path.parts)}
    if now != digests or seen - digests.keys():
        raise EngineError("base.digest_differs")


def _stored(path: Path) -> str:
    """Return the number formats that a safetensors file holds, such as F16 or BF16+F32."""
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return "+".join(sorted({one["dtype"] for name, one in header.items() if name != "__metadata__"}))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _without_extras(family: Family) -> dict[str, Any]:
    if family.name == "sdxl":
        return {"add_watermarker": False}
    return {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
