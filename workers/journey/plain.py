"""A process with plain diffusers and none of our code: loads an adapter from a bundle and makes a picture again.

Run as a file (`python -I plain.py BASE BUNDLE OUT`), the order as JSON on standard input.
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline


def main() -> None:
    """Make the picture that the order on standard input describes, and write it as PNG."""
    base, bundle, out = sys.argv[1:4]
    order = json.load(sys.stdin)
    torch.set_num_threads(order["threads"])
    pipeline = StableDiffusionPipeline.from_pretrained(base, torch_dtype=torch.float32, safety_checker=None, local_files_only=True)
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
