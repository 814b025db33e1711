"""The demo studio's pictures: forty drawings in one style that the starter model has never seen.

Fluent Emoji High Contrast (MIT), as the Iconify package of the npm registry carries it; captions beside the pictures.
"""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from workers.starter.data import icons

STYLE: Final = "fluent-emoji-high-contrast"
SIDE: Final = 256
NAMES: Final = (
    "red apple", "banana", "cherries", "grapes", "lemon", "pear", "strawberry", "watermelon", "carrot", "hot pepper",
    "mushroom", "bread", "croissant", "pizza", "hamburger", "doughnut", "birthday cake", "ice cream", "hot beverage", "cat face",
    "dog face", "fox", "panda", "rabbit face", "frog", "bird", "owl", "fish", "butterfly", "cactus",
    "evergreen tree", "palm tree", "tulip", "rose", "house", "castle", "automobile", "bus", "rocket", "umbrella",
)  # fmt: skip


def write(packages: Path, out: Path) -> int:
    """Draw the pictures with their captions into a folder; return how many."""
    out.mkdir(parents=True, exist_ok=True)
    found = {icon.name: icon for icon in icons(packages / STYLE, "high contrast", size=SIDE)}
    for name in NAMES:
        pixels = (found[name].pixels.transpose(1, 2, 0) * 255).round().astype(np.uint8)
        stem = name.replace(" ", "-")
        Image.fromarray(pixels).save(out / f"{stem}.png", optimize=True)
        (out / f"{stem}.txt").write_text(f"a {name}\n", encoding="utf-8")
    return len(NAMES)
