"""Aspect-ratio buckets: each picture is scaled and cut as little as possible to a size that the model can learn from."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Size:
    """A size in pixels."""

    width: int
    height: int


def sizes(resolution: int, unit: int) -> list[Size]:
    """Return all sizes in multiples of `unit` with at most resolution² pixels, no side over twice the other."""
    most, found = resolution * resolution, []
    for width in range(unit, 2 * resolution + 1, unit):
        height = min(most // width // unit * unit, 2 * width)
        if height >= unit and width <= 2 * height:
            found.append(Size(width, height))
    return found


def nearest(picture: Image.Image, choices: list[Size]) -> Size:
    """Return the size whose aspect ratio is nearest, the largest of equals."""
    ratio = picture.width / picture.height
    return min(choices, key=lambda size: (round(abs(size.width / size.height - ratio), 6), -size.width * size.height))


def fitted(picture: Image.Image, size: Size) -> Image.Image:
    """Scale so that the size is covered, and cut the middle."""
    scale = max(size.width / picture.width, size.height / picture.height)
    width, height = max(size.width, round(picture.width * scale)), max(size.height, round(picture.height * scale))
    scaled = picture.resize((width, height), Image.Resampling.LANCZOS)
    left, top = (scaled.width - size.width) // 2, (scaled.height - size.height) // 2
    return scaled.crop((left, top, left + size.width, top + size.height))
