"""Pictures that differ enough to be no duplicates of one another."""

import io

import numpy as np
from PIL import Image, ImageDraw


def picture(number=0, *, size=(96, 96), kind="PNG", **options):
    draw = np.random.default_rng(number)
    image = Image.new("RGB", size, tuple(int(c) for c in draw.integers(120, 255, 3)))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y, r = (int(v) for v in draw.integers(0, min(size), 3))
        pen.ellipse([x - r // 2, y - r // 2, x + r // 2, y + r // 2], fill=tuple(int(c) for c in draw.integers(0, 200, 3)))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
