"""What is said and shown of the weights: packing them in the diffusers layout, their digest, the grid of fixed prompts."""

import hashlib
import json
from pathlib import Path
from typing import Final

import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline
from PIL import Image, ImageDraw
from transformers import CLIPTokenizer

from workers.starter import diffusion

STEPS: Final = 25
GUIDANCE: Final = 4.0
SEED: Final = 7
SCALE: Final = 2


def prompts() -> list[str]:
    """Return the prompts that were fixed before training."""
    path = Path(__file__).with_name("prompts.txt")
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def pack(trained: Path, weights: Path) -> None:
    """Write the diffusers layout in fp16 from a training folder's averages, with `digest.json`."""
    tokenizer = CLIPTokenizer.from_pretrained(trained / "tokenizer")
    both = diffusion.Both(tokenizer)
    both.load_state_dict(torch.load(trained / "averaged.pt", weights_only=True))
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(trained / "vae"), text_encoder=both.text_encoder, tokenizer=tokenizer,
        unet=both.unet, scheduler=diffusion.sampler(), safety_checker=None, feature_extractor=None,
        requires_safety_checker=False,
    )  # fmt: skip
    pipeline.to(torch.float16).save_pretrained(weights, safe_serialization=True)
    (weights / "digest.json").write_text(json.dumps(digests(weights), indent=1) + "\n", encoding="utf-8")


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
    pictures = [
        pipeline(prompt, num_inference_steps=STEPS, guidance_scale=GUIDANCE, generator=torch.Generator().manual_seed(SEED)).images[0]
        for prompt in prompts()
    ]
    side = pictures[0].width * SCALE
    sheet = Image.new("RGB", (4 * side, -(-len(pictures) // 4) * (side + 16)), "white")
    pen = ImageDraw.Draw(sheet)
    for index, (picture, prompt) in enumerate(zip(pictures, prompts(), strict=True)):
        left, top = index % 4 * side, index // 4 * (side + 16)
        sheet.paste(picture.resize((side, side), Image.Resampling.LANCZOS), (left, top))
        pen.text((left + 4, top + side + 2), prompt, fill="black")
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out)
