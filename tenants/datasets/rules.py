"""Decides whether a file is a picture that can be learnt from, and makes its normal form. In memory only.

The normal form is PNG in RGB or RGBA, upright (EXIF orientation honoured), without metadata.
"""

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import imagehash
from PIL import Image, ImageOps, UnidentifiedImageError

SMALLEST_SIDE: Final = 64
MOST_PIXELS: Final = 64_000_000
MOST_BYTES: Final = 64 * 1024 * 1024
FORMATS: Final = ("PNG", "JPEG", "WEBP")
THUMBNAIL: Final = (256, 256)
LONGEST_CAPTION: Final = 2_000


@dataclass(frozen=True)
class Unusable:
    """Why a file cannot be used, and what to do."""

    code: str
    facts: dict[str, int | str]


@dataclass(frozen=True)
class Normal:
    """A picture in its normal form."""

    png: bytes
    thumbnail: bytes
    pixels: bytes
    likeness: bytes
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
    except (OSError, SyntaxError, ValueError):
        return Unusable("picture.broken", {})


def caption_of(filename: str) -> str:
    """Return the caption that a file name gives: its words, without numbers at the end and extensions."""
    stem = re.sub(r"[_\-.]+", " ", PurePath(filename).stem)
    return re.sub(r"\s*\(?\d+\)?$", "", stem).strip()[:LONGEST_CAPTION]


def _unfit(opened: Image.Image) -> Unusable | None:
    if opened.width * opened.height > MOST_PIXELS:
        return Unusable("picture.too_large", {"pixels": opened.width * opened.height, "most": MOST_PIXELS})
    if min(opened.size) < SMALLEST_SIDE:
        return Unusable("picture.too_small", {"width": opened.width, "height": opened.height, "least": SMALLEST_SIDE})
    return None


def _normal(opened: Image.Image) -> Normal:
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    plain = upright.convert("RGBA" if "A" in upright.mode or "transparency" in upright.info else "RGB")
    picture = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    small = picture.copy()
    small.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
    likeness = imagehash.phash(picture.convert("RGB"), hash_size=16).hash.tobytes() + bytes(
        f"{round(picture.width / picture.height, 1)}", "ascii"
    )
    return Normal(_file(picture, "PNG"), _file(small, "WEBP"), picture.tobytes(), likeness, picture.width, picture.height)


def _file(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
