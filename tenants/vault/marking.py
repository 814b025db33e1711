"""A visible mark over a picture, for whoever sees it until a date and takes nothing away: who looks, and on which day.

Pure: bytes in, bytes out, the same for the same, and nothing but pixels in what comes out: no manifest, no metadata, as
the marked picture is another one than that which was signed. White letters with a dark rim, half transparent, run along
the diagonal again and again, so that they can be read on light and on dark, and no corner is without.
"""

import io
import math
import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

# A smaller picture is enlarged: no letter can be read on 64 pixels.
LEAST_SIDE: Final = 256
_SMALLEST: Final = 11
_MOST_LETTERS: Final = 40
_RIM, _LETTER = 130, 175  # of 255
# Latin letters that no decomposition makes plain.
_PLAIN: Final = str.maketrans(
    {"Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "ß": "ss", "Æ": "Ae", "æ": "ae", "ı": "i"}
)
_NO_SUCH_SIGN: Final = "\U0010ffff"


def words_for(name: str, pseudonym: str, day: date) -> str:
    """Return what the mark says: the name without accents, or the pseudonym where the font has not all of its letters."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.translate(_PLAIN)) if not unicodedata.combining(sign))
    shown = " ".join(plain.split())[:_MOST_LETTERS]
    is_drawn = bool(shown) and all(_is_drawn(sign) for sign in shown if sign != " ")
    return f"{shown if is_drawn else pseudonym} · {day.isoformat()}"


def marked(picture: bytes, *, words: str, media_type: str) -> bytes:
    """Return the picture with these words over it, in the same format. Raises UnidentifiedImageError for what is none."""
    with Image.open(io.BytesIO(picture)) as opened:
        plain = _enlarged(opened.convert("RGB"))
    over = _rows_of(words, plain.size)
    for colour, layer in (((0, 0, 0), over[0]), ((255, 255, 255), over[1])):
        plain.paste(colour, (0, 0), layer)
    out = io.BytesIO()
    if media_type == "image/webp":
        plain.save(out, format="WEBP", quality=85)
    else:
        plain.save(out, format="PNG", compress_level=4)
    return out.getvalue()


def _enlarged(picture: Image.Image) -> Image.Image:
    factor = -(-LEAST_SIDE // max(picture.size))
    if factor <= 1:
        return picture
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


@lru_cache(maxsize=16)  # a page's thumbnails are of one size
def _rows_of(words: str, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """Return how strong rim and letters stand at each pixel."""
    width, height = size
    across = math.hypot(width, height)
    letters = _letters(words, across=across, largest=min(math.sqrt(width * height) * 0.09, min(size) * 0.25))
    side = math.ceil(across) + 4 * letters
    layers = [Image.new("L", (side, side)) for _ in (_RIM, _LETTER)]
    _write(words, layers, letters)
    angle = math.degrees(math.atan2(height, width))
    left, top = (side - width) // 2, (side - height) // 2
    turned = [layer.rotate(angle, Image.Resampling.BILINEAR).crop((left, top, left + width, top + height)) for layer in layers]
    return turned[0], turned[1]


def _write(words: str, layers: list[Image.Image], letters: int) -> None:
    """Write the words row after row, the middle one in the middle, each second one shifted by half."""
    stamps, side = _stamps(words, letters), layers[0].width
    width, height = stamps[0].size
    step, pitch = width + 2 * letters, letters * 2.6
    rows, columns = math.ceil(side / pitch / 2), math.ceil(side / step / 2) + 1
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            middle = side / 2 + (column + (row % 2) / 2) * step, side / 2 + row * pitch
            at = round(middle[0] - width / 2), round(middle[1] - height / 2)
            for layer, stamp in zip(layers, stamps, strict=True):
                layer.paste(stamp, at)


def _stamps(words: str, letters: int) -> tuple[Image.Image, Image.Image]:
    """Return the rim and the letters of the words, once."""
    font, rim = _font(letters), max(1, letters // 10)
    size = math.ceil(font.getlength(words)) + 4 * rim, letters * 2
    stamps = Image.new("L", size), Image.new("L", size)
    middle = size[0] / 2, size[1] / 2
    ImageDraw.Draw(stamps[0]).text(middle, words, fill=_RIM, font=font, anchor="mm", stroke_width=rim, stroke_fill=_RIM)
    ImageDraw.Draw(stamps[1]).text(middle, words, fill=_LETTER, font=font, anchor="mm")
    return stamps


def _letters(words: str, *, across: float, largest: float) -> int:
    """Return the size at which the words take somewhat more than half of the diagonal, within what a picture bears."""
    fitting = 100 * across * 0.6 / _font(100).getlength(words)
    return max(_SMALLEST, int(min(fitting, largest)))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType: its font does not scale")
    return font


@cache
def _is_drawn(sign: str) -> bool:
    font = _font(32)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NO_SUCH_SIGN))
