"""What is said and shown of the weights: packing in the diffusers layout, digests, the grid of fixed prompts."""

import hashlib
import json
from pathlib import Path
from typing import Final

import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline
from PIL import Image, ImageDraw
from transformers import CLIPTokenizer

from workers.starter import data, diffusion, steady
from workers.starter.masters import say

STEPS: Final = 25
GUIDANCE: Final = 4.0
SEED: Final = 7
SCALE: Final = 2
STEADY_SECONDS: Final = 90


def prompts() -> list[str]:
    """Return the prompts that were fixed before training."""
    path = Path(__file__).with_name("prompts.txt")
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def pack(trained: Path, weights: Path) -> None:
    """Write the diffusers layout in fp16 from a training folder's last checkpoint, with `digest.json`."""
    tokenizer = CLIPTokenizer.from_pretrained(trained / "tokenizer")
    both = diffusion.trained(trained, tokenizer)
    strayed = steady.steady(both, tokenizer, data.sayings(np.random.default_rng(0)), seconds=STEADY_SECONDS)
    say(f"made-up words still move the text by {strayed:.3f}")
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(trained / "vae"), text_encoder=both.text_encoder, tokenizer=tokenizer,
        unet=both.unet, scheduler=diffusion.sampler(), safety_checker=None, feature_extractor=None,
        requires_safety_checker=False,
    )  # fmt: skip
    pipeline.to(torch.float16).save_pretrained(weights, safe_serialization=True)
    _tighten(weights / "tokenizer" / "tokenizer.json")
    _forget_where(weights / "vae" / "config.json")
    (weights / "digest.json").write_text(json.dumps(digests(weights), indent=1) + "\n", encoding="utf-8")


def _tighten(listing: Path) -> None:
    # Written with a line for each merge, it would take the weights over their 24 MB.
    parsed = json.loads(listing.read_text(encoding="utf-8"))
    listing.write_text(json.dumps(parsed, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _forget_where(config: Path) -> None:
    """Take out of a configuration the folder that it was once loaded from."""
    kept = json.loads(config.read_text(encoding="utf-8"))
    kept.pop("_name_or_path", None)
    config.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def digests(weights: Path) -> dict[str, object]:
    """Return the SHA-256 of each weight file, and of their sorted `path digest` lines as the model's digest."""
    files = {
        path.relative_to(weights).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(weights.rglob("*.safetensors"))
    }
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(files.items()))
    return {"model": hashlib.sha256(lines.encode()).hexdigest(), "files": files}


@torch.no_grad()
def draw_grid(weights: Path, out: Path) -> None:
    """Draw one picture for each fixed prompt, four in a row, with its prompt below."""
    pipeline = StableDiffusionPipeline.from_pretrained(weights, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    settings = {"num_inference_steps": STEPS, "guidance_scale": GUIDANCE}
    pictures = [pipeline(prompt, generator=torch.Generator().manual_seed(SEED), **settings).images[0] for prompt in prompts()]
    side = pictures[0].width * SCALE
    sheet = Image.new("RGB", (4 * side, -(-len(pictures) // 4) * (side + 16)), "white")
    pen = ImageDraw.Draw(sheet)
    for index, (picture, prompt) in enumerate(zip(pictures, prompts(), strict=True)):
        left, top = index % 4 * side, index // 4 * (side + 16)
        sheet.paste(picture.resize((side, side), Image.Resampling.LANCZOS), (left, top))
        pen.text((left + 4, top + side + 2), prompt, fill="black")
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out)
