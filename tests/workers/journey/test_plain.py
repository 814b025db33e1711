"""Plain diffusers with a bundle: an adapter works as strongly as its alpha says, which stands in the file's header alone."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PLAIN = Path(__file__).resolve().parents[3] / "workers" / "journey" / "plain.py"
FILE = "diffusers/pytorch_lora_weights.safetensors"
# The toy, and adapters of it with large weights, each saved by diffusers itself with its alpha.
WRITE = """
import sys, pathlib, torch
from diffusers import StableDiffusionPipeline
from diffusers.training_utils import _collate_lora_metadata
from peft import LoraConfig, get_peft_model_state_dict
from workers.engine import toy
folder = pathlib.Path(sys.argv[1])
toy.write("sd1", folder / "toy")
for alpha in (4, 8):
    pipeline = StableDiffusionPipeline.from_pretrained(folder / "toy", safety_checker=None, local_files_only=True)
    torch.manual_seed(1)
    pipeline.unet.add_adapter(LoraConfig(r=4, lora_alpha=alpha, target_modules=["to_q", "to_v"]))
    for name, value in pipeline.unet.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.5)
    StableDiffusionPipeline.save_lora_weights(
        folder / str(alpha), get_peft_model_state_dict(pipeline.unet), **_collate_lora_metadata({"unet": pipeline.unet})
    )
"""


def python(*arguments, **options):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1"}, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the picture of an adapter with an alpha, at a weight."""
    folder = tmp_path_factory.mktemp("made")
    python("-c", WRITE, folder)

    def picture(*, alpha, weight):
        with zipfile.ZipFile(folder / "bundle.zip", "w") as packed:
            packed.write(folder / str(alpha) / "pytorch_lora_weights.safetensors", FILE)
        order = {
            "prompt": "a fox",
            "seed": 1,
            "steps": 2,
            "guidance": 1.0,
            "side": 32,
            "weight": weight,
            "threads": 1,
            "file": FILE,
        }
        python("-I", PLAIN, folder / "toy", folder / "bundle.zip", folder / "out.png", input=json.dumps(order))
        with Image.open(folder / "out.png") as drawn:
            return np.asarray(drawn)

    return picture


def test_alpha_twice_as_large_is_weight_twice_as_large(made):
    # Without the header both would stand for alpha = rank, and the second would be twice as strong.
    assert np.array_equal(made(alpha=8, weight=1.0), made(alpha=4, weight=2.0))


WRITE_XL = """
import sys, pathlib, torch
from diffusers import StableDiffusionXLPipeline
from peft import LoraConfig, get_peft_model_state_dict
from workers.engine import toy
folder = pathlib.Path(sys.argv[1])
toy.write("sdxl", folder / "toy")
pipeline = StableDiffusionXLPipeline.from_pretrained(folder / "toy", add_watermarker=False, local_files_only=True)
pipeline.unet.add_adapter(LoraConfig(r=4, lora_alpha=4, target_modules=["to_q", "to_v"]))
StableDiffusionXLPipeline.save_lora_weights(folder / "lora", get_peft_model_state_dict(pipeline.unet))
"""


def test_another_family_loads_the_same_way(tmp_path):
    python("-c", WRITE_XL, tmp_path)
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as packed:
        packed.write(tmp_path / "lora" / "pytorch_lora_weights.safetensors", FILE)
    order = {"prompt": "a fox", "seed": 1, "steps": 2, "guidance": 1.0, "side": 64, "weight": 1.0, "threads": 1, "file": FILE}
    python("-I", PLAIN, tmp_path / "toy", tmp_path / "bundle.zip", tmp_path / "out.png", input=json.dumps(order))
    with Image.open(tmp_path / "out.png") as drawn:
        assert drawn.size == (64, 64)
