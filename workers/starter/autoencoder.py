"""The KL autoencoder: 96 px pictures to 12×12×8 latents and back, normalised per channel inside its own weights."""

import time
from pathlib import Path
from typing import Final

import torch
from diffusers import AutoencoderKL
from torch import Tensor
from torch.nn import functional

from workers.starter.data import SIZE, Icon, line_art
from workers.starter.masters import Masters, rate_at, say

LATENT_CHANNELS: Final = 8
BATCH: Final = 16
NOISE: Final = 0.05
MIRRORED: Final = 0.5


def fresh() -> AutoencoderKL:
    """Return an untrained autoencoder."""
    return AutoencoderKL(
        in_channels=3, out_channels=3, latent_channels=LATENT_CHANNELS, sample_size=SIZE, scaling_factor=1.0,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 96), layers_per_block=1, norm_num_groups=8, mid_block_add_attention=False,
    )  # fmt: skip


def train(pictures: Tensor, *, seconds: float, out: Path, seed: int = 1) -> AutoencoderKL:
    """Train for so many seconds on pictures (n, 3, size, size) in [0, 1]; one in eight is a drawing in black lines."""
    generator = torch.Generator().manual_seed(seed)
    model = fresh().to(torch.bfloat16, memory_format=torch.channels_last)
    masters = Masters(model, rate=1e-3, average=0.995)
    begun, step = time.monotonic(), 0
    while (spent := time.monotonic() - begun) < seconds:
        batch = _batch(pictures, generator)
        loss, error = _loss(model, batch)
        loss.backward()
        masters.step(rate_at(spent / seconds, peak=1e-3))
        step += 1
        if step % 50 == 0:
            say(f"autoencoder step {step} seconds {spent:.0f} psnr {-10 * torch.log10(error / 4):.2f}")
    trained = fresh()
    trained.load_state_dict(masters.averaged())
    normalise(trained, pictures)
    trained.save_pretrained(out)
    return trained


def _batch(pictures: Tensor, generator: torch.Generator) -> Tensor:
    chosen = pictures[torch.randint(len(pictures), (BATCH,), generator=generator)]
    flip = torch.rand(BATCH, generator=generator) < MIRRORED
    chosen = torch.where(flip[:, None, None, None], chosen.flip(-1), chosen)
    for index in range(BATCH // 8):
        chosen[index] = torch.from_numpy(line_art(chosen[index].numpy()))
    return (chosen * 2 - 1).to(torch.bfloat16, memory_format=torch.channels_last)


def _loss(model: AutoencoderKL, batch: Tensor) -> tuple[Tensor, Tensor]:
    # A little fixed noise instead of a learnt one: sampling a fresh posterior drowns so short a training.
    mean = model.encode(batch).latent_dist.mean
    rebuilt = model.decode(mean + NOISE * torch.randn_like(mean)).sample.float()
    target = batch.float()
    square = functional.mse_loss(rebuilt, target)
    across, down = (functional.l1_loss(rebuilt.diff(dim=side), target.diff(dim=side)) for side in (-1, -2))
    edges = across + down
    # Mostly squares: absolute errors alone are content with a white page, as most of an icon is white.
    loss = 4.0 * square + 0.2 * functional.l1_loss(rebuilt, target) + 0.2 * edges + 1e-3 * mean.float().square().mean()
    return loss, square.detach()


@torch.no_grad()
def normalise(model: AutoencoderKL, pictures: Tensor) -> None:
    """Bake per-channel mean 0 and deviation 1 of the latents into the 1×1 convolutions on both sides."""
    sample = pictures[:: max(1, len(pictures) // 600)] * 2 - 1
    latents = torch.cat([model.encode(part).latent_dist.mean for part in sample.split(32)])
    mean, deviation = latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3))
    half = LATENT_CHANNELS
    quant, post = model.quant_conv, model.post_quant_conv
    quant.bias[:half] = (quant.bias[:half] - mean) / deviation
    quant.weight[:half] /= deviation[:, None, None, None]
    quant.weight[half:] = 0.0
    quant.bias[half:] = 2 * torch.log(NOISE / deviation)
    post.bias += (post.weight[:, :, 0, 0] * mean[None]).sum(dim=1)
    post.weight *= deviation[None, :, None, None]


@torch.no_grad()
def latents_of(model: AutoencoderKL, icons: list[Icon]) -> Tensor:
    """Return the latents of every icon and of its mirror image: (2, n, 8, size/8, size/8), bf16."""
    found = []
    for start in range(0, len(icons), 32):
        part = torch.stack([torch.from_numpy(icon.pixels) for icon in icons[start : start + 32]]) * 2 - 1
        found.append(torch.stack([model.encode(part).latent_dist.mean, model.encode(part.flip(-1)).latent_dist.mean]))
    return torch.cat(found, dim=1).to(torch.bfloat16)
