"""Measures what an adapter changed: held-out denoising loss, and the distance of its samples from the real style.

The style of a set of pictures is a vector of colour, darkness and edge statistics; the distance of two sets is the
Euclidean distance of their mean vectors, each number divided by its deviation over the real pictures. The distance of
two halves of the real pictures is the floor: nothing can be expected below it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workers.engine.files import Files
from workers.engine.slots.model import Model
from workers.engine.slots.prepare import picture_of
from workers.engine.specs import AdapterSpec, EvaluateSpec, GenerateSpec
from workers.engine.train.captions import worded
from workers.engine.train.lora import opened

SIDE: Final = 96
LEAST_DEVIATION: Final = 0.05
Style = NDArray[np.float64]


def evaluate(model: Model, spec: EvaluateSpec, files: Files, check: Callable[[], None]) -> dict[str, Any]:
    """Return style distances with and without the adapter, and their floor. `check` is called between steps."""
    real = [style(opened(files.open(one.sealed))) for one in spec.pictures]
    captions = [worded(one.caption, spec.config.trigger) for one in spec.pictures][: spec.samples]
    before, after = (
        [style(one) for one in _samples(model, spec, captions, adapters, files, check)] for adapters in ((), (spec.adapter,))
    )
    return {
        "style_before": distance(real, before, scale=real),
        "style_after": distance(real, after, scale=real),
        "style_floor": floor(real),
        "samples": len(captions),
    }


def style(picture: Image.Image) -> Style:
    """Return 14 numbers: mean and deviation of R, G, B and saturation, share of dark, light and grey pixels, edges."""
    small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    rgb = np.asarray(small, dtype=np.float64) / 255
    grey, saturation = rgb.mean(axis=2), rgb.max(axis=2) - rgb.min(axis=2)
    across, down = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    edges = np.concatenate([across.ravel(), down.ravel()])
    return np.array([
        *rgb.mean(axis=(0, 1)), *rgb.std(axis=(0, 1)), saturation.mean(), saturation.std(),
        (grey < 0.25).mean(), (grey > 0.95).mean(), (saturation < 0.05).mean(),
        edges.mean(), edges.std(), (edges > 0.3).mean(),
    ])  # fmt: skip


def distance(one: Sequence[Style], other: Sequence[Style], *, scale: Sequence[Style]) -> float:
    """Return the distance of two sets of styles, in deviations of `scale`."""
    # A style without colour has no deviation in it: the smallest that an eye would notice stands in.
    deviation = np.maximum(np.std(np.stack(scale), axis=0), LEAST_DEVIATION)
    return float(np.linalg.norm((np.mean(np.stack(one), axis=0) - np.mean(np.stack(other), axis=0)) / deviation))


def floor(real: Sequence[Style]) -> float:
    """Return the mean distance of two halves of the real pictures, over fixed ways to halve them."""
    draw, found = np.random.default_rng(0), []
    for _ in range(20):
        order = draw.permutation(len(real))
        halves = [[real[index] for index in part] for part in (order[: len(real) // 2], order[len(real) // 2 :])]
        found.append(distance(halves[0] or real, halves[1] or real, scale=real))
    return float(np.mean(found))


def _samples(
    model: Model, spec: EvaluateSpec, captions: Sequence[str], adapters: tuple[AdapterSpec, ...], files: Files,
    check: Callable[[], None],
) -> list[Image.Image]:  # fmt: skip
    side = model.base.pipeline.unet.config.sample_size * model.base.pipeline.vae_scale_factor
    requests = [
        model.request(
            GenerateSpec(
                request=f"{spec.request}:{index}", prompt=caption, negative="", seed=spec.config.seed + index,
                steps=spec.config.sample_steps, guidance=spec.config.sample_guidance, width=side, height=side, adapters=adapters,
            ),
            files,
        )
        for index, caption in enumerate(captions)
    ]  # fmt: skip
    try:
        for one in requests:
            model.slots.join(one)
        while model.slots.requests:
            check()
            model.slots.step()
    finally:
        model.slots.close()
    return [picture_of(model.base, one.latents) for one in requests]
