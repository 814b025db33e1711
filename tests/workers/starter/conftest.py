from pathlib import Path

import pytest

WEIGHTS = Path(__file__).resolve().parents[3] / "workers" / "starter" / "weights"


@pytest.fixture(scope="session")
def pipeline():
    """The starter model in the plain pipeline, as anybody would load it."""
    import torch
    from diffusers import StableDiffusionPipeline

    torch.set_num_threads(1)
    loaded = StableDiffusionPipeline.from_pretrained(WEIGHTS, torch_dtype=torch.float32, local_files_only=True)
    loaded.set_progress_bar_config(disable=True)
    return loaded
