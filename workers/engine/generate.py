"""Makes one picture: the family's own pipeline, the request's own generator, adapters, previews, token ids, scores.

Guarantees: the prompt goes to the model as typed (one that is too long is refused, not cut); the same request on the
same machine facts and shape key gives the same bits, whatever was made before it.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from PIL import Image

from workers.engine import classify, machine
from workers.engine.adapters import Adapters
from workers.engine.errors import EngineError
from workers.engine.families import Loaded
from workers.engine.files import Files
from workers.engine.specs import GenerateSpec

PREVIEW_LATENTS: Final = 24
MOST_STEPS: Final = 200
LARGEST_SIDE: Final = 2048


@dataclass(frozen=True)
class Listeners:
    """Called between steps: progress (step of steps), and a small picture on the way. Either may raise to end the work."""

    progress: Callable[[int, int], None]
    preview: Callable[[int, Image.Image], None]


@dataclass(frozen=True)
class Made:
    """A picture and all that decided it."""

    picture: Image.Image
    token_ids: dict[str, list[list[int]]]
    scores: dict[str, float]
    machine: dict[str, Any]
    shape_key: dict[str, Any]
    scheduler: dict[str, Any]
    seconds: float


def generate(base: Loaded, adapters: Adapters, spec: GenerateSpec, files: Files, listeners: Listeners) -> Made:
    """Make the picture. Raises EngineError for what the model cannot do, and whatever a listener raises."""
    check(base, spec)
    tokens = {name: token_ids(getattr(base.pipeline, name), spec) for name in base.family.tokenizers}
    adapters.apply(spec.adapters, files)
    pipeline = base.pipeline
    pipeline.scheduler = base.with_scheduler(spec.scheduler)
    began = time.monotonic()
    picture = _run(pipeline, spec, listeners)
    seconds = time.monotonic() - began
    return Made(
        picture, tokens, classify.scores(picture), machine.facts(base.spec.dtype, attention=base.attention),
        shape_key(base, spec, rank=adapters.rank),
        _plain(pipeline.scheduler.config), seconds,
    )  # fmt: skip


def check(base: Loaded, spec: GenerateSpec) -> None:
    """Raise EngineError unless the model can make this size in so many steps."""
    unit = base.pipeline.vae_scale_factor * 2 ** (len(base.pipeline.unet.config.block_out_channels) - 1)
    if not (unit <= spec.width <= LARGEST_SIDE and unit <= spec.height <= LARGEST_SIDE):
        raise EngineError("size.out_of_range", least=unit, most=LARGEST_SIDE)
    if spec.width % unit or spec.height % unit:
        raise EngineError("size.not_a_multiple", of=unit)
    if not 1 <= spec.steps <= MOST_STEPS:
        raise EngineError("steps.out_of_range", most=MOST_STEPS)


def token_ids(tokenizer: Any, spec: GenerateSpec) -> list[list[int]]:
    """Return the ids of prompt and negative prompt. Raises EngineError for a text that the model would cut."""
    found: list[list[int]] = []
    for text in (spec.prompt, spec.negative):
        ids = tokenizer(text, truncation=False, verbose=False).input_ids
        if len(ids) > tokenizer.model_max_length:
            raise EngineError("prompt.too_long", tokens=len(ids), most=tokenizer.model_max_length)
        found.append([int(one) for one in ids])
    return found


def shape_key(base: Loaded, spec: GenerateSpec, *, rank: int) -> dict[str, Any]:
    """Return what must be equal for two requests to share a batch, and for a replay to have the same bits."""
    guided = spec.guidance > 1.0
    return {
        "batch": 2 if guided else 1,
        "height": spec.height,
        "width": spec.width,
        "context": getattr(base.pipeline, base.family.tokenizers[0]).model_max_length,
        "adapters": len(spec.adapters),
        "rank": rank,
        "control": 0,
        "text_batch": 1,
        "decoder_batch": 1,
        "slots": [[0, spec.steps]],  # run-length coded: which slot, for how many steps
    }


def png(picture: Image.Image) -> bytes:
    """Return a picture as PNG, in memory."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


@torch.inference_mode()
def _run(pipeline: Any, spec: GenerateSpec, listeners: Listeners) -> Image.Image:
    shown = time.monotonic()

    def after_step(_pipeline: Any, step: int, _time: Any, held: dict[str, Any]) -> dict[str, Any]:
        nonlocal shown
        listeners.progress(step + 1, spec.steps)
        # A preview costs a decoding: a picture that is ready before anybody could look at one has none.
        if step + 1 < spec.steps and time.monotonic() - shown >= spec.preview_seconds:
            listeners.preview(step + 1, _preview(pipeline, held["latents"]))
            shown = time.monotonic()
        return held

    made = pipeline(
        prompt=spec.prompt, negative_prompt=spec.negative or None, num_inference_steps=spec.steps, guidance_scale=spec.guidance,
        width=spec.width, height=spec.height, generator=torch.Generator("cpu").manual_seed(spec.seed), output_type="pil",
        callback_on_step_end=after_step, callback_on_step_end_tensor_inputs=["latents"],
    )  # fmt: skip
    picture: Image.Image = made.images[0].convert("RGB")
    if not np.asarray(picture).size:
        raise EngineError("picture.empty")
    return picture


def _preview(pipeline: Any, latents: torch.Tensor) -> Image.Image:
    """Return a small picture of latents under way: decoded at a size that costs little."""
    height, width = latents.shape[-2:]
    scale = PREVIEW_LATENTS / max(height, width)
    small = latents if scale >= 1 else torch.nn.functional.interpolate(latents, scale_factor=scale, mode="area")
    decoded = pipeline.vae.decode(small / pipeline.vae.config.scaling_factor, return_dict=False)[0]
    pixels = ((decoded[0].float() / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    return Image.fromarray(pixels)


def _plain(config: Any) -> dict[str, Any]:
    """Return what of a scheduler's configuration can stand in a record; an infinite number as its word."""
    found: dict[str, Any] = {}
    for name, value in sorted(dict(config).items()):
        if not str(name).startswith("_") and isinstance(value, str | int | float | bool):
            found[str(name)] = str(value) if isinstance(value, float) and not np.isfinite(value) else value
    return found
