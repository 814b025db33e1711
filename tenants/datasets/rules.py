"""Decides whether a file is a picture that can be learnt from, and makes its normal form. In memory only.

The normal form is PNG in RGB or RGBA, upright (EXIF orientation honoured), without metadata.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import imagehash
from PIL import Image, ImageOps, UnidentifiedImageError

from kernel import canonical

SMALLEST_SIDE: Final = 64
MOST_PIXELS: Final = 64_000_000
MOST_BYTES: Final = 64 * 1024 * 1024
FORMATS: Final = ("PNG", "JPEG", "WEBP")
THUMBNAIL: Final = (256, 256)
LONGEST_CAPTION: Final = 2_000
SHAPES: Final = 8
COLOURS: Final = 4
NEAR_SHAPES: Final = 6
NEAR_COLOURS: Final = 3
COLOUR_STEP: Final = 16
DEEP: Final = ("I", "I;16", "I;16B", "I;16L", "F")


@dataclass(frozen=True)
class Unusable:
    """Why a file cannot be used, and what to do."""

    code: str
    facts: dict[str, int | str]


@dataclass(frozen=True)
class Normal:
    """A picture in its normal form. Of `exact` and `bands` nothing but keyed digests may be kept."""

    png: bytes
    thumbnail: bytes
    pixels: bytes
    exact: bytes
    bands: tuple[bytes, ...]
    width: int
    height: int


def normal_form(content: bytes) -> Normal | Unusable:
    """Return the normal form of an uploaded file, or why there is none."""
    if len(content) > MOST_BYTES:
        return Unusable("picture.too_large", {"bytes": len(content), "most": MOST_BYTES})
    try:
        with warnings.catch_warnings():
            # The size is asked before anything is decoded; Pillow's own warning would come as an exception.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                unfit = _unfit(opened)
                return unfit or _normal(opened)
    except UnidentifiedImageError:
        return Unusable("picture.unsupported", {"formats": "PNG, JPEG, WebP"})
    except Image.DecompressionBombError:
        return Unusable("picture.too_large", {"most": MOST_PIXELS})
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        return Unusable("picture.broken", {})


def caption_of(filename: str) -> str:
    """Return the caption that a file name gives: its words, without numbers at the end and extensions."""
    stem = re.sub(r"[_\-.]+", " ", PurePath(filename).stem)
    return re.sub(r"\s*\(?\d+\)?$", "", stem).strip()


def is_near(bands: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether two pictures look nearly the same, by the keyed digests of their bands: in shapes and in colours."""
    same = [one == other for one, other in zip(bands, others, strict=False)]
    return sum(same[:SHAPES]) >= NEAR_SHAPES and sum(same[SHAPES:]) >= NEAR_COLOURS


def _unfit(opened: Image.Image) -> Unusable | None:
    if opened.width * opened.height > MOST_PIXELS:
        return Unusable("picture.too_large", {"pixels": opened.width * opened.height, "most": MOST_PIXELS})
    if min(opened.size) < SMALLEST_SIDE:
        return Unusable("picture.too_small", {"width": opened.width, "height": opened.height, "least": SMALLEST_SIDE})
    return None


def _normal(opened: Image.Image) -> Normal:
    opened.load()
    upright = _of_eight_bits(ImageOps.exif_transpose(opened))
    plain = upright.convert("RGBA" if "A" in upright.mode or "transparency" in upright.info else "RGB")
    if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    picture = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    small = picture.copy()
    small.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
    pixels = picture.tobytes()
    exact = f"exact {picture.mode} {picture.width} {picture.height} {canonical.sha256_hex(pixels)}".encode()
    return Normal(_file(picture, "PNG"), _file(small, "WEBP"), pixels, exact, _bands(picture), picture.width, picture.height)


def _of_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits with 8: a plain conversion would cut off all above 255."""
    if picture.mode not in DEEP:
        return picture
    scaled = picture.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if "transparency" in picture.info:
        scaled.info["transparency"] = round(picture.info["transparency"] / 257)
    return scaled


def _bands(picture: Image.Image) -> tuple[bytes, ...]:
    """Return what a picture looks like in parts: rows of a perceptual hash, and the colour of each quarter, coarsely."""
    plain = picture.convert("RGB")
    shapes = imagehash.phash(plain, hash_size=SHAPES).hash.tobytes()
    quarters = plain.convert("YCbCr").resize((2, 2), Image.Resampling.BOX).tobytes()
    colours = [(value + COLOUR_STEP // 2) // COLOUR_STEP for value in quarters]
    return tuple(f"shape {at} {shapes[at * SHAPES : (at + 1) * SHAPES].hex()}".encode() for at in range(SHAPES)) + tuple(
        f"colour {at} {colours[3 * at + 1]} {colours[3 * at + 2]}".encode() for at in range(COLOURS)
    )


def _file(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
