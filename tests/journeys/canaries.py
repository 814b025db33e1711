"""Looks for what must not be there: words and pictures in clear, in files, in memory, and inside other files."""

import base64
import io
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

STARTS = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xc0-\xfe]|RIFF....WEBP|GIF8[79]a|II\*\x00|MM\x00\*|\x00\x00\x00.ftyp(?:avif|heic)", re.DOTALL
)
LIKE = 6  # of 64 bits that may differ; two unrelated icons differ in 15 and more
LONGEST = 1 << 20
RUN = 48  # bytes of a file or of its pixels that stand for it
PIECE = 1 << 24


@dataclass
class Canaries:
    """What was put in: words, files, and how their pictures look."""

    words: tuple
    needles: dict = field(default_factory=dict)
    looks: dict = field(default_factory=dict)

    def __post_init__(self):
        for word in self.words:
            self.needles |= {(word, form): needle for form, needle in forms_of(word)}

    def add(self, path):
        """Know this picture again: by its name, its bytes, its pixels, and its look."""
        drawn = _drawn(path.read_bytes())
        self.needles[path.name, "bytes"] = drawn[(len(drawn) - RUN) // 2 :][:RUN]
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
            self.looks[path.name] = look_of(picture)
        raw = pixels.tobytes()
        windows = [raw[at : at + RUN] for at in range(0, len(raw) - RUN, RUN)]
        self.needles[path.name, "pixels"] = max(windows, key=lambda window: len(set(window)))
        assert all(len(self.needles[path.name, form]) == RUN for form in ("bytes", "pixels")), path

    def found_in(self, content):
        """Return what of it these bytes hold."""
        found = [name for name, needle in self.needles.items() if needle in content]
        for picture in pictures_in(content):
            look = look_of(picture)
            found += [(name, "look") for name, known in self.looks.items() if look - known <= LIKE]
        return found

    def found_under(self, *places):
        """Return what of it lies in the files of these folders, with their paths."""
        found = []
        for path in (path for place in places for path in sorted(Path(place).rglob("*"))):
            try:
                content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            except OSError:
                continue
            found += [(str(path), *what) for what in self.found_in(content)]
        return found

    def found_in_memory(self, pid):
        """Return what of it a process holds in its memory; needs the same user, or root."""
        found = []
        maps = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for span, rights, *_ in maps:
                start, end = (int(one, 16) for one in span.split("-"))
                if rights.startswith("rw"):
                    found += [what for content in _read(memory, start, end) for what in self.found_in(content)]
        return found


def forms_of(word):
    """Return the encodings in which a word may lie somewhere."""
    yield "utf-8", word.encode()
    yield "utf-16", word.encode("utf-16-le")
    yield "hex", word.encode().hex().encode()
    for shift in range(3):  # base64 depends on where in the text the word begins; its first and last letters on the neighbours
        before = b"\0" * shift
        coded, whole = base64.b64encode(before + word.encode()), len(before + word.encode()) * 8 // 6
        yield f"base64+{shift}", coded[-(-shift * 8 // 6) : whole]


def look_of(picture):
    """Return the 64 bits of a difference hash."""
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture.convert("RGBA"), mask=picture.convert("RGBA").getchannel("A"))
    return imagehash.dhash(flat)


def pictures_in(content):
    """Yield every picture that can be decoded at any place in these bytes."""
    for start in STARTS.finditer(content):
        try:
            picture = Image.open(io.BytesIO(content[start.start() :][:LONGEST]))
            picture.load()
        except Exception:  # noqa: BLE001, S112  # bytes that only began like a picture
            continue
        yield picture


def _drawn(content):
    """Return the longest run of drawn data in a PNG file: what else lies in it (a signer's certificate) lies elsewhere too."""
    at, runs = 8, []
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        runs += [content[at + 8 :][:length]] if kind == b"IDAT" else []
        at += length + 12
    return max(runs, key=len)


def _read(memory, start, end):
    for at in range(start, end, PIECE):
        try:
            memory.seek(at)
            yield memory.read(min(PIECE + 4096, end - at))
        except (OSError, ValueError, OverflowError):
            return
