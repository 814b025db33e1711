"""Tiles and entry bundles of C2SP tlog-tiles: paths, widths, bytes. Standard library only."""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from governance.audit import merkle

WIDTH: Final = 256
HEIGHT: Final = 8
HASH_BYTES: Final = 32
LONGEST_ENTRY: Final = 65_535
# Numbers of more digits than any log reaches are no paths.
_PATH: Final = re.compile(r"tile/([0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True)
class TileAt:
    """One tile: its level, its number, and how many hashes it has (1 to 256)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the path below the log's prefix, as `tile/0/x001/x234/067.p/12`."""
        return f"tile/{self.level}/{number_path(self.number)}{_partial(self.width)}"


def number_path(number: int) -> str:
    """Return N in groups of three digits, all but the last with an x before it."""
    digits = str(number).zfill(-(-len(str(number)) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def parse(path: str) -> TileAt | None:
    """Return the tile that a path names, or None: there is one path for each tile, and none for an empty one."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    tile = TileAt(int(found[1]), int(re.sub("[x/]", "", found[2])), int(found[3] or WIDTH))
    is_partial_of_whole = found[3] is not None and tile.width == WIDTH
    return tile if tile.path == path and not is_partial_of_whole and 1 <= tile.width <= WIDTH else None


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Return the path of an entry bundle."""
    return f"tile/entries/{number_path(number)}{_partial(width)}"


def tiles_of(size: int) -> Iterator[TileAt]:
    """Yield every tile of a tree of `size` leaves; empty ones do not exist."""
    level, hashes = 0, size
    while hashes:
        for number in range(hashes // WIDTH):
            yield TileAt(level, number)
        if hashes % WIDTH:
            yield TileAt(level, hashes // WIDTH, hashes % WIDTH)
        level, hashes = level + 1, hashes // WIDTH


def tile_bytes(tile: TileAt, hash_at: merkle.HashAt) -> bytes:
    """Return the hashes of a tile, 32 bytes each."""
    return b"".join(hash_at(tile.level * HEIGHT, tile.number * WIDTH + at) for at in range(tile.width))


def pack(entries: Iterable[bytes]) -> bytes:
    """Return an entry bundle: u16 length and entry, repeated. Raises ValueError for an entry past 65,535 bytes."""
    packed = bytearray()
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise ValueError("an entry has at most 65,535 bytes")
        packed += struct.pack(">H", len(entry)) + entry
    return bytes(packed)


def unpack(bundle: bytes) -> Iterator[bytes]:
    """Yield the entries of a bundle. Raises ValueError when it is cut."""
    at = 0
    while at < len(bundle):
        if at + 2 > len(bundle):
            raise ValueError("the bundle is cut")
        size = struct.unpack_from(">H", bundle, at)[0]
        if at + 2 + size > len(bundle):
            raise ValueError("the bundle is cut")
        yield bundle[at + 2 : at + 2 + size]
        at += 2 + size


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
