"""Trains a LoRA on cached latents and text embeddings: the loop, in one file, from pictures to tensors.

Guarantees: everything random is drawn from one generator, so a run that was paused and resumed ends with the same bits
as one that was not; pictures held out are never trained on; nothing leaves this process but through what it returns.
Loss: the model's own target (noise or velocity), weighted by min-SNR (https://arxiv.org/abs/2303.09556).
"""

import io
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
import safetensors.torch
import torch
from peft import LoraConfig, get_peft_model_state_dict, set_peft_model_state_dict
from PIL import Image
from torch import Tensor

from workers.engine import machine
from workers.engine.errors import EngineError
from workers.engine.families import Loaded, Said, embedded
from workers.engine.files import Files
from workers.engine.specs import TrainPicture, TrainSpec
from workers.engine.train import buckets
from workers.engine.train.captions import worded

ATTENTION: Final = ("to_q", "to_k", "to_v", "to_out.0")
FEED_FORWARD: Final = ("ff.net.0.proj", "ff.net.2")
NAME: Final = "trained"
FEWEST_PICTURES: Final = 4
MEASURED_TIMES: Final = 10


class Reports(Protocol):
    """What a run tells while it runs; `check` may raise to end or pause it."""

    def check(self) -> None:
        """Called before each step."""

    def report(self, numbers: dict[str, float]) -> None:
        """Called after each step."""

    def sample(self, step: int, index: int, picture: Image.Image) -> None:
        """Called with a sample picture."""

    def checkpoint(self, step: int, state: bytes) -> None:
        """Called every `spec.checkpoint_seconds` with what exact resuming needs."""


@dataclass(frozen=True)
class Example:
    """One picture as the loop sees it: latents (1, c, h, w), what is said of it, its size and crop (XL: 1, 6)."""

    latents: Tensor
    said: Said
    place: Tensor


@dataclass(frozen=True)
class Trained:
    """The adapter in diffusers' layout as safetensors, the loss of each step, and of held-out pictures before and after."""

    adapter: bytes
    losses: list[float]
    held_out: dict[str, float]


@dataclass
class Run:
    """One training run on a loaded base model."""

    base: Loaded
    spec: TrainSpec
    files: Files
    step: int = 0
    losses: list[float] = field(default_factory=list)
    before: float = 0.0

    def __post_init__(self) -> None:
        self.config, self.pipeline = self.spec.config, self.base.pipeline
        if len(self.spec.pictures) < FEWEST_PICTURES:
            raise EngineError("train.too_few_pictures", least=FEWEST_PICTURES)
        self.noise = self.pipeline.guildhall_scheduler
        self.device = machine.device()
        self.kept = self.noise.alphas_cumprod.to(self.device, torch.float32)
        self.generator = torch.Generator().manual_seed(self.config.seed)
        with torch.no_grad():
            self.examples, self.held = self._cached()
            self.nothing = embedded(self.base, "")
            for prompt in self.config.sample_prompts:
                embedded(self.base, worded(prompt, self.config.trigger))  # refused now rather than cut when it is drawn
        self._put_on()
        try:
            self._begin()
        except BaseException:
            self.take_off()
            raise

    def _begin(self) -> None:
        self.optimizer = torch.optim.AdamW(self._trainable(), lr=self.config.learning_rate, weight_decay=1e-2)
        if self.spec.state is not None:
            self._resume(self.files.open(self.spec.state))
        else:
            self.before = self.held_out_loss()

    def train(self, reports: Reports) -> Trained:
        """Run to the end. Raises whatever `reports` raises, always between two steps."""
        began, first = time.monotonic(), self.step
        kept = began
        while self.step < self.config.steps:
            reports.check()
            if time.monotonic() - kept >= self.spec.checkpoint_seconds and self.step > first:
                reports.checkpoint(self.step, self.state())
                kept = time.monotonic()
            loss = self._one_step()
            left = (time.monotonic() - began) / (self.step - first) * (self.config.steps - self.step)
            reports.report({"step": self.step, "steps": self.config.steps, "loss": loss, "lr": self._rate(), "seconds_left": left})
            if self.config.sample_every and self.step % self.config.sample_every == 0:
                self._sample(reports)
        held_out = {"before": self.before, "after": self.held_out_loss()}
        return Trained(self.adapter(), self.losses, held_out)

    def state(self) -> bytes:
        """Return what exact resuming needs: adapter, optimizer, generator, step, losses."""
        out = io.BytesIO()
        torch.save(
            {
                "adapter": get_peft_model_state_dict(self.pipeline.unet, adapter_name=NAME),
                "optimizer": self.optimizer.state_dict(), "generator": self.generator.get_state(),
                "step": self.step, "losses": self.losses, "before": self.before,
            },
            out,
        )  # fmt: skip
        return out.getvalue()

    def adapter(self) -> bytes:
        """Return the adapter as other tools read it: diffusers' layout, rank and alpha in the metadata."""
        tensors = get_peft_model_state_dict(self.pipeline.unet, adapter_name=NAME)
        packed = {f"unet.{name}": tensor for name, tensor in tensors.items()}
        settings = {f"unet.{key}": value for key, value in self._settings().items()}
        plain = {name: tensor.detach().to(torch.float32).contiguous() for name, tensor in sorted(packed.items())}
        told = {"format": "pt", "lora_adapter_metadata": json.dumps(settings, sort_keys=True)}
        return settled(safetensors.torch.save(plain, metadata=told))

    def take_off(self) -> None:
        """Leave the base model as it was."""
        self.pipeline.unet.delete_adapters(NAME)
        self.pipeline.unet.requires_grad_(False)

    @torch.no_grad()
    def held_out_loss(self) -> float:
        """Return the mean loss over held-out pictures at fixed times with fixed noise: the same draw every time."""
        draw = torch.Generator().manual_seed(0x6869)
        times = torch.linspace(20, len(self.kept) - 20, MEASURED_TIMES).long()
        found = []
        for example in self.held:
            noise = torch.randn((MEASURED_TIMES, *example.latents.shape[1:]), generator=draw)
            batch = [example] * MEASURED_TIMES
            found.append(self._loss(_together(batch, [one.said for one in batch]), times, noise, weighed=False))
        return float(torch.stack(found).mean())

    def _one_step(self) -> float:
        chosen = self._drawn_examples()
        dropped = torch.rand(len(chosen), generator=self.generator) < self.config.caption_dropout
        batch = _together(chosen, [self.nothing if drop else one.said for one, drop in zip(chosen, dropped, strict=True)])
        times = torch.randint(0, len(self.kept), (len(chosen),), generator=self.generator)
        noise = torch.randn(batch.latents.shape, generator=self.generator)
        loss = self._loss(batch, times, noise, weighed=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._trainable(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.losses.append(float(loss.detach()))
        if not np.isfinite(self.losses[-1]):
            raise EngineError("train.not_finite", step=self.step)
        return self.losses[-1]

    def _drawn_examples(self) -> list[Example]:
        """Draw a batch of one shape: a first picture, then others of its bucket."""
        first = self.examples[int(torch.randint(len(self.examples), (1,), generator=self.generator))]
        alike = [one for one in self.examples if one.latents.shape == first.latents.shape]
        rest = torch.randint(len(alike), (self.config.batch - 1,), generator=self.generator)
        return [first, *(alike[int(index)] for index in rest)]

    def _loss(self, batch: Example, times: Tensor, noise: Tensor, *, weighed: bool) -> Tensor:
        # Drawn on the processor, so that a seed draws the same on every device.
        times, noise = times.to(self.device), noise.to(self.device)
        kept = self.kept[times][:, None, None, None]
        latents, added = batch.latents, {}
        if batch.said.pooled is not None:
            added = {"added_cond_kwargs": {"text_embeds": batch.said.pooled, "time_ids": batch.place}}
        noisy = kept.sqrt() * latents + (1 - kept).sqrt() * noise
        is_velocity = self.noise.config.prediction_type == "v_prediction"
        target = kept.sqrt() * noise - (1 - kept).sqrt() * latents if is_velocity else noise
        said = self.pipeline.unet(noisy, times, encoder_hidden_states=batch.said.context, **added).sample
        each = ((said.float() - target) ** 2).mean(dim=(1, 2, 3))
        if not weighed or not self.config.min_snr_gamma:
            return torch.mean(each)
        ratio = self.kept[times] / (1 - self.kept[times])
        weight = torch.minimum(ratio, torch.full_like(ratio, self.config.min_snr_gamma)) / (ratio + 1 if is_velocity else ratio)
        return torch.mean(each * weight)

    def _rate(self) -> float:
        done = self.step / max(1, self.config.steps)
        if done < self.config.warm_up:
            return self.config.learning_rate * (done / self.config.warm_up + 1 / self.config.steps)
        position = (done - self.config.warm_up) / (1 - self.config.warm_up)
        return float(self.config.learning_rate * 0.5 * (1 + np.cos(np.pi * position)))

    def _cached(self) -> tuple[list[Example], list[Example]]:
        unit = self.pipeline.vae_scale_factor * 2 ** (len(self.pipeline.unet.config.block_out_channels) - 1)
        resolution = self.config.resolution or self.pipeline.unet.config.sample_size * self.pipeline.vae_scale_factor
        choices = buckets.sizes(resolution, unit)
        everything = [self._example(one, choices) for one in self.spec.pictures]
        count = round(len(everything) * self.config.held_out)
        held = set(torch.randperm(len(everything), generator=torch.Generator().manual_seed(self.config.seed))[:count].tolist())
        kept = [one for index, one in enumerate(everything) if index not in held]
        return kept, [everything[index] for index in sorted(held)] or kept[:1]

    def _example(self, one: TrainPicture, choices: list[buckets.Size]) -> Example:
        picture = opened(self.files.open(one.sealed))
        fitted = buckets.fitted(picture, buckets.nearest(picture, choices))
        pixels = torch.from_numpy(np.asarray(fitted, dtype=np.float32).copy()).permute(2, 0, 1)[None].to(self.device) / 127.5 - 1
        latents = self.pipeline.vae.encode(pixels).latent_dist.mean * self.pipeline.vae.config.scaling_factor
        said = embedded(self.base, worded(one.caption, self.config.trigger))
        # XL learns from what size a picture came and where it was cut; ours are told as whole pictures of their bucket's size.
        place = torch.tensor([[fitted.height, fitted.width, 0, 0, fitted.height, fitted.width]], dtype=latents.dtype)
        return Example(latents, said, place.to(self.device))

    def _put_on(self) -> None:
        # peft draws its first weights from torch's own generator.
        with torch.random.fork_rng():
            torch.manual_seed(self.config.seed)
            self.pipeline.unet.add_adapter(LoraConfig(**self._settings()), adapter_name=NAME)

    def _settings(self) -> dict[str, Any]:
        targets = [*ATTENTION, *(FEED_FORWARD if self.config.feed_forward else ())]
        return {"r": self.config.rank, "lora_alpha": self.config.alpha or self.config.rank, "target_modules": targets}

    def _trainable(self) -> list[Tensor]:
        return [parameter for parameter in self.pipeline.unet.parameters() if parameter.requires_grad]

    def _resume(self, content: bytes) -> None:
        state = torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
        set_peft_model_state_dict(self.pipeline.unet, state["adapter"], adapter_name=NAME)
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.step, self.losses, self.before = int(state["step"]), list(state["losses"]), float(state["before"])

    @torch.no_grad()
    def _sample(self, reports: Reports) -> None:
        for index, prompt in enumerate(self.config.sample_prompts):
            self.pipeline.scheduler = self.base.with_scheduler("default")
            side = self.pipeline.unet.config.sample_size * self.pipeline.vae_scale_factor
            made = self.pipeline(
                prompt=worded(prompt, self.config.trigger), num_inference_steps=self.config.sample_steps, width=side, height=side,
                guidance_scale=self.config.sample_guidance, generator=torch.Generator().manual_seed(self.config.seed + index),
            )  # fmt: skip
            reports.sample(self.step, index, made.images[0].convert("RGB"))


def _together(examples: Sequence[Example], said: Sequence[Said]) -> Example:
    """Return a batch: examples of one shape, with what is said of each."""
    pooled = [one.pooled for one in said if one.pooled is not None]
    context = torch.cat([one.context for one in said])
    latents, place = (torch.cat([getattr(one, name) for one in examples]) for name in ("latents", "place"))
    return Example(latents, Said(context, torch.cat(pooled) if pooled else None), place)


def settled(file: bytes) -> bytes:
    """Return a safetensors file with its header in one order: the library writes metadata in another in each process."""
    size = int.from_bytes(file[:8], "little")
    header = json.dumps(json.loads(file[8 : 8 + size]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + file[8 + size :]


def opened(content: bytes) -> Image.Image:
    """Return a picture of the vault in memory, on white where it is transparent."""
    with Image.open(io.BytesIO(content)) as picture:
        rgba = picture.convert("RGBA")
    ground = Image.new("RGBA", rgba.size, "white")
    ground.alpha_composite(rgba)
    return ground.convert("RGB")
