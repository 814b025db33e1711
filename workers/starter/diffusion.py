"""UNet and text model, trained together on cached latents: v-prediction, a pooled text signal.

The pooled signal (`addition_embed_type="text"`) added to the time embedding is what makes so small a model name
things: without it half an hour of training gave coloured blobs, with it named objects appear within ten minutes.
The weights kept are the last ones, which the cosine tail has settled: a moving average over thousands of steps lags so
short a training, and drew blobs where the last weights drew things.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from diffusers import DDPMScheduler, DPMSolverMultistepScheduler, UNet2DConditionModel
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTokenizer

from workers.starter import text
from workers.starter.autoencoder import LATENT_CHANNELS
from workers.starter.data import SIZE, Icon, caption
from workers.starter.masters import Masters, rate_at, say

BATCH: Final = 32
DROP: Final = 0.1
WELL_KNOWN: Final = 0.9
STATE: Final = "state.pt"
SAVE_EVERY: Final = 300  # seconds


class Both(nn.Module):
    """Text model and UNet as one thing to train."""

    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        super().__init__()
        self.text_encoder = text.fresh(tokenizer)
        self.unet = fresh_unet()

    def forward(self, noisy: Tensor, time_step: Tensor, tokens: Tensor) -> Tensor:
        context = self.text_encoder(tokens)[0]
        out: Tensor = self.unet(noisy, time_step, encoder_hidden_states=context).sample
        return out


@dataclass(frozen=True)
class Plan:
    """How long, from where (a checkpoint in `out`, or the folder of packed weights `begin`), to where."""

    seconds: float
    out: Path
    resume: bool = False
    begin: Path | None = None
    seed: int = 2
    peak: float = 1e-3


def fresh_unet() -> UNet2DConditionModel:
    """Return an untrained UNet of about 7 million parameters."""
    return UNet2DConditionModel(
        sample_size=SIZE // 8, in_channels=LATENT_CHANNELS, out_channels=LATENT_CHANNELS,
        block_out_channels=(64, 128, 160), layers_per_block=1, norm_num_groups=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=text.WIDTH, attention_head_dim=(2, 4, 5), addition_embed_type="text",
        addition_embed_type_num_heads=5, encoder_hid_dim=None,
    )  # fmt: skip


def schedule() -> dict[str, object]:
    """Return the noise schedule that training and sampling share."""
    return {"num_train_timesteps": 1000, "beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction",
            "timestep_spacing": "trailing"}  # fmt: skip


def sampler() -> DPMSolverMultistepScheduler:
    """Return the scheduler that ships with the model."""
    settings = {"algorithm_type": "dpmsolver++", "solver_order": 2, "solver_type": "midpoint", "steps_offset": 1}
    return DPMSolverMultistepScheduler(**schedule(), **settings)


def train(icons: list[Icon], latents: Tensor, tokenizer: CLIPTokenizer, plan: Plan) -> Both:
    """Train for `plan.seconds`; saves a checkpoint every five minutes, from which `resume` goes on exactly."""
    torch.manual_seed(plan.seed)
    model = _beginning(tokenizer, plan.begin)
    masters = Masters(model, rate=plan.peak)
    model.to(torch.bfloat16).to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs
    run = _Run(model, masters, np.random.default_rng(plan.seed))
    if plan.resume and (plan.out / STATE).exists():
        run.restore(torch.load(plan.out / STATE, weights_only=True))
    noise = DDPMScheduler(**schedule())
    draws = _Draws(icons, latents, tokenizer)
    begun, saved, before = time.monotonic(), time.monotonic(), run.seconds
    while run.seconds < plan.seconds:
        loss = _loss(model, draws.batch(run.rng), noise)
        loss.backward()
        run.masters.step(rate_at(run.seconds / plan.seconds, peak=plan.peak))
        run.step += 1
        run.smooth = 0.99 * run.smooth + 0.01 * float(loss.detach()) if run.smooth else float(loss.detach())
        run.seconds = before + time.monotonic() - begun
        if run.step % 100 == 0:
            say(f"diffusion step {run.step} seconds {run.seconds:.0f} loss {run.smooth:.4f}")
        if time.monotonic() - saved > SAVE_EVERY:
            saved = time.monotonic()
            torch.save(run.state(), plan.out / STATE)
    torch.save(run.state(), plan.out / STATE)
    return trained(plan.out, tokenizer)


def _beginning(tokenizer: CLIPTokenizer, weights: Path | None) -> Both:
    model = Both(tokenizer)
    if weights is not None:
        model.text_encoder.load_state_dict(CLIPTextModel.from_pretrained(weights / "text_encoder").float().state_dict())
        model.unet.load_state_dict(UNet2DConditionModel.from_pretrained(weights / "unet").float().state_dict())
    return model


def trained(folder: Path, tokenizer: CLIPTokenizer) -> Both:
    """Return the model of a training folder's last checkpoint, in fp32."""
    model = Both(tokenizer)
    masters = Masters(model, rate=0.0)
    masters.restore(torch.load(folder / STATE, weights_only=True)["masters"])
    model.load_state_dict(masters.current())
    return model


@dataclass
class _Run:
    model: Both
    masters: Masters
    rng: np.random.Generator
    step: int = 0
    seconds: float = 0.0
    smooth: float = 0.0

    def state(self) -> dict[str, object]:
        return {"masters": self.masters.state(), "rng": self.rng.bit_generator.state, "torch": torch.get_rng_state(),
                "step": self.step, "seconds": self.seconds, "smooth": self.smooth}  # fmt: skip

    def restore(self, state: dict[str, object]) -> None:
        self.masters.restore(state["masters"])  # type: ignore[arg-type]  # our own checkpoint
        self.rng.bit_generator.state = state["rng"]  # type: ignore[assignment]  # numpy's own
        torch.set_rng_state(state["torch"])  # type: ignore[arg-type]
        self.step, self.seconds, self.smooth = int(state["step"]), float(state["seconds"]), float(state["smooth"])  # type: ignore[call-overload,arg-type]


class _Draws:
    """Draws batches: well-known things in most samples, the long tail in the rest."""

    def __init__(self, icons: list[Icon], latents: Tensor, tokenizer: CLIPTokenizer) -> None:
        self.icons, self.latents, self.tokenizer = icons, latents, tokenizer
        weights = np.array([icon.weight for icon in icons])
        known, rest = weights / weights.sum(), (weights == 0) / max(1, (weights == 0).sum())
        self.chances = WELL_KNOWN * known + (1 - WELL_KNOWN) * rest

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        chosen = rng.choice(len(self.icons), BATCH, p=self.chances / self.chances.sum())
        mirrored = torch.from_numpy(rng.integers(0, 2, BATCH))
        said = ["" if rng.random() < DROP else caption(self.icons[index], rng) for index in chosen]
        return self.latents[mirrored, torch.from_numpy(chosen)], text.ids(self.tokenizer, said)


def _loss(model: Both, batch: tuple[Tensor, Tensor], noise: DDPMScheduler) -> Tensor:
    latents, tokens = batch
    steps = torch.randint(0, 1000, (len(latents),))
    drawn = torch.randn(latents.shape)
    noisy = noise.add_noise(latents.float(), drawn, steps)
    target = noise.get_velocity(latents.float(), drawn, steps)
    said = model(noisy.to(torch.bfloat16).contiguous(memory_format=torch.channels_last), steps, tokens)
    # Every noise level weighs the same: the noisiest ones, which min-SNR weighting all but leaves out, decide what is drawn.
    return functional.mse_loss(said.float(), target)
