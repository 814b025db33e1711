"""The demo studio's pictures: forty drawings in one style that the starter model has never seen.

Twemoji (CC BY 4.0), as the Iconify package of the npm registry carries it, washed in one indigo ink; captions beside.
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workers.starter.data import Pixels, icons

DRAWINGS: Final = "twemoji"
SIDE: Final = 256
NAMES: Final = (
    "red apple", "banana", "cherries", "grapes", "lemon", "pear", "strawberry", "watermelon", "carrot", "hot pepper",
    "mushroom", "bread", "croissant", "pizza", "hamburger", "doughnut", "birthday cake", "ice cream", "hot beverage",
    "cat face", "dog face", "fox", "panda", "rabbit face", "frog", "bird", "owl", "fish", "butterfly", "cactus",
    "evergreen tree", "palm tree", "tulip", "rose", "house", "castle", "automobile", "bus", "rocket", "umbrella",
)  # fmt: skip
COUNTLESS: Final = frozenset({"bread", "cherries", "grapes"})
GREYS: Final = (0.0, 0.4, 0.75, 1.0)
INKS: Final = ((22, 20, 80), (64, 60, 190), (150, 160, 240), (255, 255, 255))
LIGHTNESS: Final = (0.3, 0.59, 0.11)


def write(packages: Path, out: Path) -> int:
    """Draw the pictures with their captions into a folder; return how many."""
    out.mkdir(parents=True, exist_ok=True)
    found = {icon.name: icon for icon in icons(packages / DRAWINGS, "ink", size=SIDE)}
    for name in NAMES:
        stem = name.replace(" ", "-")
        Image.fromarray(washed(found[name].pixels)).save(out / f"{stem}.png", optimize=True)
        (out / f"{stem}.txt").write_text(f"{caption(name)}\n", encoding="utf-8")
    return len(NAMES)


def washed(pixels: Pixels) -> NDArray[np.uint8]:
    """Return the drawing with every grey turned to its ink, as rows of 8-bit RGB; white stays white."""
    grey = np.tensordot(np.asarray(LIGHTNESS), pixels, axes=1)
    inks = np.asarray(INKS, dtype=np.float64)
    channels = [np.interp(grey, GREYS, inks[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def caption(name: str) -> str:
    """Return the caption of one picture: what it shows, nothing about its style."""
    if name in COUNTLESS:
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
