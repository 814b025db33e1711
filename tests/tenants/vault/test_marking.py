"""A mark can be read at every size, shape and brightness, is the same for the same, and brings nothing along but pixels."""

import io
from datetime import date

import numpy as np
import pytest
from PIL import Image, UnidentifiedImageError

from tenants.vault.marking import LEAST_SIDE, marked, words_for

DAY = date(2026, 11, 27)
WORDS = words_for("Gerda", "p_0123456789abcdef", DAY)
SHADES = {"white": 255, "black": 0, "grey": 128}
SIZES = [(64, 64), (256, 256), (1024, 1024), (256, 32), (32, 256), (2048, 128), (128, 2048), (8, 8)]


def encoded(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pixels(content):
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("L"), dtype=int)


def plain(size, shade):
    return encoded(Image.new("RGB", size, (shade, shade, shade)))


@pytest.mark.parametrize("shade", SHADES.values(), ids=SHADES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_part_of_any_picture_is_without_a_mark_that_stands_out(size, shade):
    """Letters and rim stand 90 of 255 shades apart at least; each ninth (of a narrow picture each third) has some."""
    shown = pixels(marked(plain(size, shade), words=WORDS, media_type="image/png"))
    assert max(shown.shape) >= LEAST_SIDE
    down, right = (3 if side >= 96 else 1 for side in shown.shape)
    for rows in np.array_split(shown, down, axis=0):
        for part in np.array_split(rows, right, axis=1):
            assert np.ptp(part) > 90, (size, shade)
            assert np.mean(np.abs(part - shade) > 40) > 0.01, (size, shade)
    assert np.mean(np.abs(shown - shade) > 20) < 0.6  # the picture is still there


def test_letters_have_a_rim_so_that_busy_pictures_do_not_swallow_them():
    shown = pixels(marked(plain((512, 512), 128), words=WORDS, media_type="image/png"))
    assert shown.max() > 190 and shown.min() < 80


def test_the_words_are_what_differs():
    first, again, other = (
        marked(plain((256, 256), 90), words=words, media_type="image/png")
        for words in (WORDS, WORDS, words_for("Gerhard", "p_0", DAY))
    )
    assert first == again
    assert first != other
    assert first != marked(plain((256, 256), 90), words=words_for("Gerda", "p_0", date(2026, 11, 28)), media_type="image/png")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Gerda", "Gerda"),
        ("  José   Müller-Łukasz ", "Jose Muller-Lukasz"),
        ("Ольга", "p_7"),
        ("李", "p_7"),
        ("", "p_7"),
        ("x" * 120, "x" * 40),
    ],
)
def test_a_name_is_said_in_letters_that_the_font_has(name, said):
    assert words_for(name, "p_7", DAY) == f"{said} · 2026-11-27"


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_marked_picture_brings_nothing_along_but_pixels(kind, media_type):
    from PIL.PngImagePlugin import PngInfo

    told, image = PngInfo(), Image.new("RGB", (300, 200), "teal")
    told.add_text("manifest", "signed")
    exif = Image.Exif()
    exif[0x010E] = "secret"
    content = encoded(image, kind, exif=exif, **({"pnginfo": told} if kind == "PNG" else {}))
    shown = marked(content, words=WORDS, media_type=media_type)
    with Image.open(io.BytesIO(shown)) as picture:
        assert (picture.format, picture.size) == (kind, (300, 200))
        assert not picture.getexif()
        assert not {name for name in picture.info if name not in {"loop", "background", "timestamp", "duration"}}
    assert b"secret" in content and b"secret" not in shown and b"signed" not in shown
    if kind == "PNG":
        assert b"caBX" not in shown  # where a C2PA manifest lies


def test_what_is_no_picture_is_not_let_through():
    with pytest.raises(UnidentifiedImageError):
        marked(b"RIFF", words=WORDS, media_type="image/webp")
