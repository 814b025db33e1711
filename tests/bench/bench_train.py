"""Steps a second of our training loop against the plain peft loop as diffusers' example has it: encoding at each step.

Same base model, dtype, batch of four, pictures and target modules, one thread each, in one process, in turns.
"""

import io
import os
import secrets
import time
from pathlib import Path

import numpy as np
import torch

from tests.bench.stage import median
from tests.factories.pictures import picture

BASE = Path(__file__).resolve().parents[2] / "workers" / "starter" / "weights"
STEPS, ROUNDS, BATCH, COUNT = 12, 3, 4, 12


def main() -> None:
    """Print both rates and their ratio, pair by pair."""
    torch.set_num_threads(1)
    pairs = [(_ours(), _plain()) for _ in range(ROUNDS)]
    print(f"train.steps_per_s: {median([ours for ours, _ in pairs]):.3f}")
    print(f"train.steps_per_s_vs_diffusers_example: {median([ours / plain for ours, plain in pairs]):.3f}")


def _pictures():
    return [picture(number, size=(96, 96)) for number in range(COUNT)]


class _Silent:
    def __init__(self):
        self.at = []

    def check(self):
        self.at.append(time.perf_counter())

    def report(self, numbers):
        pass

    def sample(self, step, index, content):
        pass


def _ours():
    from kernel import sealing
    from workers.engine.families import FAMILIES, load
    from workers.engine.files import Files
    from workers.engine.specs import BaseSpec, SealedInput, TrainConfig, TrainPicture, TrainSpec
    from workers.engine.train import lora

    base, files, pictures = load(FAMILIES["sd1"], BaseSpec(str(BASE), "sd1")), Files(), []
    for number, content in enumerate(_pictures()):
        key, fd = secrets.token_bytes(32), os.memfd_create("bench")
        os.write(fd, sealing.seal_bytes(content, key=key, aad=b"bench"))
        files.add((fd,))
        pictures.append(TrainPicture(SealedInput(number, key.hex(), "bench"), f"picture {number}"))
    config = TrainConfig(steps=STEPS, batch=BATCH, sample_every=0, held_out=0.0)
    told = _Silent()
    lora.Run(base, TrainSpec("bench", config, tuple(pictures)), files).train(told)
    return (len(told.at) - 2) / (told.at[-1] - told.at[1])


def _plain():
    from diffusers import DDPMScheduler, StableDiffusionPipeline
    from peft import LoraConfig
    from PIL import Image

    pipeline = StableDiffusionPipeline.from_pretrained(BASE, torch_dtype=torch.float32, safety_checker=None)
    for part in (pipeline.vae, pipeline.text_encoder, pipeline.unet):
        part.requires_grad_(False)
    targets = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2"]
    pipeline.unet.add_adapter(LoraConfig(r=8, lora_alpha=8, target_modules=targets))
    noise = DDPMScheduler.from_config(pipeline.scheduler.config)
    trained = [p for p in pipeline.unet.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=2e-3)
    images = [
        torch.from_numpy(np.asarray(Image.open(io.BytesIO(c)), dtype=np.float32).copy()).permute(2, 0, 1) / 127.5 - 1
        for c in _pictures()
    ]
    draw, at = np.random.default_rng(0), []
    for _ in range(STEPS):
        at.append(time.perf_counter())
        chosen = draw.integers(0, COUNT, BATCH)
        latents = (
            pipeline.vae.encode(torch.stack([images[i] for i in chosen])).latent_dist.sample() * pipeline.vae.config.scaling_factor
        )
        ids = pipeline.tokenizer(
            [f"picture {i}" for i in chosen], padding="max_length", truncation=True, max_length=pipeline.tokenizer.model_max_length,
            return_tensors="pt",
        ).input_ids  # fmt: skip
        context = pipeline.text_encoder(ids)[0]
        times = torch.randint(0, 1000, (BATCH,))
        drawn = torch.randn_like(latents)
        said = pipeline.unet(noise.add_noise(latents, drawn, times), times, encoder_hidden_states=context).sample
        loss = ((said - noise.get_velocity(latents, drawn, times)) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return (len(at) - 2) / (at[-1] - at[1])
