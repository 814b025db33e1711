"""A process with plain diffusers and none of our code: loads an adapter from a bundle and makes a picture again.

Run as a file (`python -I plain.py BASE BUNDLE OUT`), the order as JSON on standard input.
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import torch
from diffusers import DiffusionPipeline


def extras(base: Path) -> dict[str, Any]:
    """Return what keeps a pipeline from changing what the model drew: no black square, no watermark."""
    index = json.loads((base / "model_index.json").read_text(encoding="utf-8"))
    without = {"safety_checker": None} if "safety_checker" in index else {}
    return without | ({"add_watermarker": False} if index["_class_name"].startswith("StableDiffusionXL") else {})


def main() -> None:
    """Make the picture that the order on standard input describes, and write it as PNG."""
    base, bundle, out = sys.argv[1:4]
    order = json.load(sys.stdin)
    torch.set_num_threads(order["threads"])
    pipeline = DiffusionPipeline.from_pretrained(base, torch_dtype=torch.float32, local_files_only=True, **extras(Path(base)))
    # From a folder, as the bundle's own README says: only so does diffusers read rank and alpha from the file's header.
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(bundle) as packed:
        pipeline.load_lora_weights(Path(packed.extract(order["file"], folder)).parent, adapter_name="taken")
    pipeline.set_adapters(["taken"], [order["weight"]])
    made = pipeline(
        order["prompt"], num_inference_steps=order["steps"], guidance_scale=order["guidance"],
        width=order["side"], height=order["side"],
        generator=torch.Generator().manual_seed(order["seed"]),
    )  # fmt: skip
    made.images[0].save(out)


if __name__ == "__main__":
    main()
