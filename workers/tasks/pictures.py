"""Raw pixels as files, in memory only."""

import io
from typing import Final

from PIL import Image, ImageChops

_THUMBNAIL: Final = (256, 256)


def picture_of(raw: bytes, *, width: int, height: int) -> Image.Image:
    """Return the picture of these RGB bytes."""
    return Image.frombytes("RGB", (width, height), raw)


def png_of(picture: Image.Image) -> bytes:
    """Return a PNG that holds the pixels and nothing else."""
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=4)
    return out.getvalue()


def thumbnail_of(picture: Image.Image) -> bytes:
    """Return a WebP of at most 256 pixels a side."""
    small = picture.copy()
    small.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, format="WEBP", quality=85)
    return out.getvalue()


def raw_of(png: bytes) -> tuple[bytes, tuple[int, int]]:
    """Return the RGB bytes and the size of a picture of ours."""
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGB").tobytes(), picture.size


def largest_difference(first: bytes, second: bytes, *, width: int, height: int) -> int:
    """Return the largest difference of one channel of one pixel, 0 to 255."""
    pair = [picture_of(raw, width=width, height=height) for raw in (first, second)]
    extrema = ImageChops.difference(*pair).getextrema()
    return max(int(high) for _, high in extrema)  # type: ignore[misc]  # three channels: a tuple of pairs
