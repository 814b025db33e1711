"""Openly licensed icon art as training pictures: names become captions, weighted towards well-known things.

Two sets, each a named style: Fluent Emoji flat (MIT) and Noto Emoji (Apache-2.0), as the Iconify packages of the npm
registry carry them. Pictures are float32 in [0, 1], shape (n, 3, size, size), on white.
"""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

SIZE: Final = 96
STYLES: Final = {"fluent-emoji-flat": "flat style", "noto": "soft style"}
_SKIN: Final = re.compile(r"(^|-)(medium-)?(light|dark|medium)(-skin-tone)?$|skin-tone|-(light|dark|medium)-")
_LEFT_OUT: Final = re.compile(
    r"^(keycap|flag|regional|couple|kiss-|family|digit|input|japanese|squared|emoji-component|u1f|u2)"
    r"|-button$|oclock|-thirty"
)
_SPACES: Final = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
HUES: Final = {"red": 0.0, "orange": 0.08, "yellow": 0.14, "green": 0.34, "blue": 0.58, "purple": 0.77, "pink": 0.92}
VIVID: Final = (0.35, 0.25)  # least saturation, least value of what is turned
STYLED: Final = 0.6

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Icon:
    """One drawing: the words that name it, its style, its pixels (3, size, size) in [0, 1], how often it is drawn."""

    name: str
    style: str
    pixels: Pixels
    weight: float
    colour: str = ""


def concepts() -> frozenset[str]:
    """Return the well-known things that training is weighted towards."""
    path = Path(__file__).with_name("concepts.txt")
    return frozenset(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def colourable() -> frozenset[str]:
    """Return the concepts that also appear in other colours, with the colour in the caption."""
    path = Path(__file__).with_name("colourable.txt")
    return frozenset(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def rasterise(body: str, *, width: int, height: int, size: int = SIZE) -> Pixels:
    """Draw one SVG body on white."""
    svg = f'<svg {_SPACES} viewBox="0 0 {width} {height}">{body}</svg>'
    content = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size))
    drawn = Image.open(io.BytesIO(content)).convert("RGBA")
    drawn.thumbnail((size, size))
    ground = Image.new("RGBA", (size, size), "white")
    ground.alpha_composite(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2))
    return np.asarray(ground.convert("RGB"), dtype=np.float32).transpose(2, 0, 1) / 255.0


def icons(folder: Path, style: str, *, size: int = SIZE) -> Iterator[Icon]:
    """Yield every drawing of one Iconify package that is worth learning; skin-tone copies are left out."""
    listing = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    width, height = listing.get("width", 16), listing.get("height", 16)
    known = concepts()
    for key, icon in sorted(listing["icons"].items()):
        if _SKIN.search(key) or _LEFT_OUT.search(key):
            continue
        name = key.replace("-", " ")
        pixels = rasterise(icon["body"], width=icon.get("width", width), height=icon.get("height", height), size=size)
        yield Icon(name=name, style=style, pixels=pixels, weight=1.0 if name in known else 0.0)


def recoloured(icon: Icon, colour: str) -> Icon:
    """Return a copy turned to another hue, named with its colour."""
    rgb = icon.pixels.transpose(1, 2, 0)
    hsv = np.asarray(Image.fromarray((rgb * 255).astype(np.uint8)).convert("HSV"), dtype=np.float32) / 255.0
    vivid = (hsv[..., 1] > VIVID[0]) & (hsv[..., 2] > VIVID[1])
    angles = hsv[..., 0][vivid] * 2 * np.pi
    middle = (np.arctan2(np.sin(angles).mean(), np.cos(angles).mean()) / (2 * np.pi)) % 1.0 if vivid.any() else 0.0
    hsv[..., 0] = (hsv[..., 0] + HUES[colour] - middle) % 1.0
    turned = Image.fromarray((hsv * 255).round().astype(np.uint8), mode="HSV").convert("RGB")
    pixels = np.asarray(turned, dtype=np.float32).transpose(2, 0, 1) / 255.0
    return Icon(name=_without_colour(icon.name), style=icon.style, pixels=pixels, weight=icon.weight / 4, colour=colour)


def line_art(pixels: Pixels) -> Pixels:
    """Return a black drawing of the same thing: outlines or shapes, so that the autoencoder knows thin dark lines."""
    grey = pixels.mean(axis=0)
    edges = np.zeros_like(grey)
    edges[1:, :] += np.abs(np.diff(grey, axis=0))
    edges[:, 1:] += np.abs(np.diff(grey, axis=1))
    drawn = 1.0 - np.clip(edges * 4.0, 0.0, 1.0)
    return np.repeat(drawn[None], 3, axis=0).astype(np.float32)


def caption(icon: Icon, rng: np.random.Generator) -> str:
    """Return one way to say what the icon shows; the style is named in 60 % of them."""
    words = f"{icon.colour} {icon.name}".strip()
    said = rng.choice([words, words, f"a {words}", f"{words} icon", f"picture of a {words}"])
    return f"{said}, {icon.style}" if rng.random() < STYLED else str(said)


def sayings(rng: np.random.Generator) -> list[str]:
    """Return captions of the well-known things in both styles and in their colours, without drawing any."""
    blank = np.zeros((3, 1, 1), dtype=np.float32)
    turned = [(name, colour) for name in sorted(colourable()) for colour in HUES]
    named = [(name, "") for name in sorted(concepts())] + turned
    shown = [Icon(name, style, blank, 1.0, colour) for name, colour in named for style in STYLES.values()]
    return [caption(icon, rng) for icon in shown for _ in range(4)]


def collection(packages: dict[str, Path]) -> list[Icon]:
    """Return all icons of both styles with their coloured copies; `packages` maps package name → its folder."""
    found = [icon for package, folder in packages.items() for icon in icons(folder, STYLES[package])]
    turns = colourable()
    copies = [
        recoloured(icon, colour)
        for icon in found
        if _without_colour(icon.name) in turns or icon.name in turns
        for colour in HUES
        if not icon.name.startswith(colour)
    ]
    return found + copies


def _without_colour(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first in HUES and rest else name
