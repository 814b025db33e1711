"""From what is asked to a request that can take a seat, and from its last latents to a picture."""

from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from workers.engine import machine
from workers.engine.families import Loaded
from workers.engine.slots.adapters import Adapter
from workers.engine.slots.lowrank import Bank, Layers, Weights, beside, load_of
from workers.engine.slots.request import Request
from workers.engine.slots.shapes import Kin, Load, Stretch, rank_for
from workers.engine.specs import GenerateSpec


def kin_of(base: Loaded, spec: GenerateSpec) -> Kin:
    """Return with whom this may stand in a batch."""
    length = getattr(base.pipeline, base.family.tokenizers[0]).model_max_length
    return Kin(spec.height, spec.width, length, is_guided=spec.guidance > 1.0)


@torch.inference_mode()
def prepared(
    base: Loaded, spec: GenerateSpec, adapters: Sequence[tuple[Adapter, float]], *, encoders: dict[str, Layers],
    replays: tuple[Stretch, ...] = (),
) -> Request:  # fmt: skip
    """Return the request with its words encoded, its noise drawn and its scheduler set."""
    kin = kin_of(base, spec)
    weights = beside([adapter.of("unet", strength) for adapter, strength in adapters]) if adapters else {}
    scheduler = base.with_scheduler(spec.scheduler)
    scheduler.set_timesteps(spec.steps, device=machine.device())
    generator = torch.Generator("cpu").manual_seed(spec.seed)
    words = _with_adapters(base, spec, adapters, encoders, guided=kin.is_guided)
    latents = _noise(base, kin, generator) * scheduler.init_noise_sigma
    return Request(
        name=spec.request, kin=kin, load=_padded(weights), weights=weights, words=words, latents=latents, scheduler=scheduler,
        guidance=spec.guidance, generator=generator, replays=replays,
    )  # fmt: skip


@torch.inference_mode()
def picture_of(base: Loaded, latents: Tensor) -> Image.Image:
    """Return the picture that latents (1, c, h, w) are of."""
    pipeline = base.pipeline
    decoded = pipeline.vae.decode(latents / pipeline.vae.config.scaling_factor, return_dict=False)[0]
    picture: Image.Image = pipeline.image_processor.postprocess(decoded, output_type="pil")[0]
    return picture.convert("RGB")


def _padded(weights: Weights) -> Load:
    needed = load_of(weights)
    return Load(rank_for(needed.rank), needed.reach)


def _noise(base: Loaded, kin: Kin, generator: torch.Generator) -> Tensor:
    """Return the first latents, drawn on the processor so that a seed draws the same on every device."""
    unet, scale = base.pipeline.unet, base.pipeline.vae_scale_factor
    shape = (1, unet.config.in_channels, kin.height // scale, kin.width // scale)
    return torch.randn(shape, generator=generator, dtype=unet.dtype).to(machine.device())


def _with_adapters(
    base: Loaded, spec: GenerateSpec, adapters: Sequence[tuple[Adapter, float]], encoders: dict[str, Layers], *, guided: bool
) -> dict[str, Tensor]:
    """Return what the model is told, said by text encoders that have this request's adapters."""
    try:
        for name, layers in encoders.items():
            parts = [adapter.of(name, strength) for adapter, strength in adapters]
            weights = beside(parts) if any(parts) else {}
            if weights:
                bank = Bank(layers, slots=1, load=_padded(weights))
                bank.put(0, weights)
                layers.use(bank)
        return _told(base, spec, guided=guided)
    finally:
        for layers in encoders.values():
            layers.use(None)


def _told(base: Loaded, spec: GenerateSpec, *, guided: bool) -> dict[str, Tensor]:
    pipeline, device = base.pipeline, machine.device()
    said: tuple[Any, ...] = pipeline.encode_prompt(
        prompt=spec.prompt, negative_prompt=spec.negative or None, device=device, num_images_per_prompt=1,
        do_classifier_free_guidance=guided,
    )  # fmt: skip
    found = {"encoder_hidden_states": _rows(said[0], said[1], guided=guided)}
    if base.family.is_pooled:
        size = (spec.height, spec.width)
        place = torch.tensor([[*size, 0, 0, *size]], dtype=said[0].dtype, device=device)
        found["added.text_embeds"] = _rows(said[2], said[3], guided=guided)
        found["added.time_ids"] = _rows(place, place, guided=guided)
    return found


def _rows(asked: Tensor, unwanted: Tensor | None, *, guided: bool) -> Tensor:
    return torch.cat([unwanted, asked]) if guided and unwanted is not None else asked
