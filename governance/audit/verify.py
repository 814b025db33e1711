"""Checks an export of a ledger alone: `python -m governance.audit.verify FOLDER-or-ZIP [--vkey KEY] [--older CHECKPOINT]`.

Needs Python and `cryptography`, and nothing else of ours. Trusts only the log's key: it recomputes every hash it can,
names the first entry that fails, and says *unknown*, never *ok*, of an entry whose version or kind it does not know.
Pass the key that you kept (`--vkey`); without it the key in the export is used, which shows only that the export
agrees with itself. An export comes from strangers: whatever it holds, the answer is a report or `Failed`.
"""

import argparse
import base64
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from governance.audit import merkle, notes, tiles
from governance.audit.events import Event

KINDS: Final = frozenset(kind.value for kind in Event)
VERSIONS: Final = frozenset({1})
_NUMBERED: Final = re.compile(r"entries/([0-9]{1,18})\.json|proofs/([0-9]{1,18})\.tlog-proof")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z")
_HASH_BYTES: Final = 32
_WIDEST_SHOWN: Final = 80


class Failed(Exception):  # reads as what happened
    """The export is not what it says; the text names the first thing that fails."""


class Files(Protocol):
    """What an export is read through."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None."""

    def names(self) -> Iterator[str]:
        """Yield the paths of all files."""


@dataclass
class Report:
    """What was checked, and what this verifier does not know."""

    origin: str
    size: int
    root: str
    entries: int = 0
    unknown: list[str] = field(default_factory=list)


class Folder:
    """An export as a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, path: str) -> bytes | None:
        found = self.path / path
        return found.read_bytes() if found.is_file() else None

    def names(self) -> Iterator[str]:
        return (found.relative_to(self.path).as_posix() for found in sorted(self.path.rglob("*")) if found.is_file())


class Zip:
    """An export as a ZIP file; a single top folder in it is looked through."""

    def __init__(self, path: Path, below: str = "") -> None:
        self.archive, self.below = zipfile.ZipFile(path), below

    def read(self, path: str) -> bytes | None:
        try:
            return self.archive.read(self.below + path)
        except KeyError:
            return None
        # Damaged, encrypted, or packed in a way that this Python does not know.
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            raise Failed(f"{path}: it cannot be unpacked") from None

    def names(self) -> Iterator[str]:
        files = (name for name in sorted(self.archive.namelist()) if not name.endswith("/"))
        return (name[len(self.below) :] for name in files if name.startswith(self.below))


def verify(files: Files, *, vkey: str | None = None, older: str | None = None) -> Report:
    """Check an export: a whole log with its tiles, or a slice of entries with their proofs. Raises Failed."""
    verifier = _verifier(files, vkey)
    head = _checkpoint(_text(files, "checkpoint"), verifier, named="checkpoint")
    report = Report(head.origin, head.size, base64.b64encode(head.root).decode())
    kept = _checkpoint(older, verifier, named="the checkpoint that you kept") if older is not None else None
    names = list(files.names())
    is_sliced = any(name.startswith(("entries/", "proofs/")) for name in names)
    # A log of no entries has no tiles either; a longer one without them must at least be a slice.
    is_whole = any(name.startswith("tile/") for name in names) or (head.size == 0 and not is_sliced)
    if is_whole:
        _whole(files, head, report, kept)
    if is_sliced:
        _slice(files, verifier, report)
    if not is_whole and report.entries == 0:
        raise Failed(f"entries: there is none, though the log has {head.size}")
    if not is_whole and kept is not None and kept != head:
        raise Failed("checkpoint: some entries alone cannot show that the log continues the one that you kept; export it whole")
    return report


def _verifier(files: Files, vkey: str | None) -> notes.Verifier:
    try:
        return notes.Verifier.parse(_text(files, "vkey") if vkey is None else vkey)
    except ValueError as broken:
        raise Failed(f"vkey: {broken}") from None


def _checkpoint(signed: str, verifier: notes.Verifier, *, named: str) -> notes.Checkpoint:
    try:
        head = notes.Checkpoint.parse(notes.verified(signed, [verifier]))
    except ValueError as broken:
        raise Failed(f"{named}: {broken}") from None
    if head.origin != verifier.name:
        raise Failed(f"{named}: its origin is not the key's name")
    return head


def _whole(files: Files, head: notes.Checkpoint, report: Report, older: notes.Checkpoint | None) -> None:
    leaves: list[bytes] = []
    for number in range(-(-head.size // tiles.WIDTH)):
        width = min(tiles.WIDTH, head.size - number * tiles.WIDTH)
        leaves += _bundle(files, number, width, report)
    hash_at = merkle.hashes_of(leaves)
    if merkle.root(hash_at, head.size) != head.root:
        raise Failed("checkpoint: the entries do not lead to its root, though each agrees with its tile")
    for tile in tiles.tiles_of(head.size):
        if _needed(files, tile.path) != tiles.tile_bytes(tile, hash_at):
            raise Failed(f"{tile.path}: the tile does not match the entries below it")
    if older is not None and (older.size > head.size or merkle.root(hash_at, older.size) != older.root):
        raise Failed(f"checkpoint: the log of {older.size} entries that you kept is not a beginning of this one")
    strange = sorted({name for name in files.names() if name.startswith("tile/")} - _parts(head.size))
    report.unknown += [f"{name}: no part of this log" for name in strange]


def _parts(size: int) -> set[str]:
    """Return the paths that a log of that size has."""
    bundles = {tiles.bundle_path(tile.number, tile.width) for tile in tiles.tiles_of(size) if tile.level == 0}
    return bundles | {tile.path for tile in tiles.tiles_of(size)}


def _bundle(files: Files, number: int, width: int, report: Report) -> list[bytes]:
    path = tiles.bundle_path(number, width)
    kept = _needed(files, tiles.TileAt(0, number, width).path)
    try:
        bodies = list(tiles.unpack(_needed(files, path)))
    except ValueError as broken:
        raise Failed(f"{path}: {broken}") from None
    hashes = []
    for at, body in enumerate(bodies):
        index = number * tiles.WIDTH + at
        _look_at(body, index, report)
        found = merkle.leaf_hash(body)
        if found != kept[at * 32 : at * 32 + 32]:
            raise Failed(f"entry {index}: its bytes do not match the tree")
        hashes.append(found)
    if len(hashes) != width:
        raise Failed(f"entry {number * tiles.WIDTH + len(hashes)}: it is missing from {path}")
    return hashes


def _slice(files: Files, verifier: notes.Verifier, report: Report) -> None:
    for name in [name for name in files.names() if name.startswith(("entries/", "proofs/"))]:
        numbered = _NUMBERED.fullmatch(name)
        if numbered is None:
            raise Failed(f"{name}: neither an entry nor a proof")
        number = numbered[1] or numbered[2]
        body, proof = _needed(files, f"entries/{number}.json"), _text(files, f"proofs/{number}.tlog-proof")
        if name.startswith("entries/"):
            _look_at(body, int(number), report)
            _check_proof(proof, body, int(number), verifier)


def _check_proof(text: str, body: bytes, index: int, verifier: notes.Verifier) -> None:
    head, _, signed = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise Failed(f"entry {index}: its proof has an unknown format")
    lines = [line for line in lines[1:] if not line.startswith("extra ")]
    if not lines or lines[0] != f"index {index}":
        raise Failed(f"entry {index}: its proof is for another entry")
    point = _checkpoint(signed, verifier, named=f"entry {index}: its proof's checkpoint")
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
        if any(len(one) != _HASH_BYTES for one in proof):
            raise merkle.ProofError("a hash of its proof is not of 32 bytes")
        merkle.check_inclusion(merkle.leaf_hash(body), index=index, size=point.size, proof=proof, root_hash=point.root)
    except ValueError as broken:
        raise Failed(f"entry {index}: {broken}") from None


def _look_at(body: bytes, index: int, report: Report) -> None:
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        raise Failed(f"entry {index}: it is not a record") from None
    version = record.get("v") if isinstance(record, dict) else None
    if type(version) is not int:  # JSON's true is a Python int
        raise Failed(f"entry {index}: it is not a record")
    report.entries += 1
    if version in VERSIONS:
        _check_fields(record, index)
    kind, name = record.get("kind"), record.get("id")
    if version not in VERSIONS or kind not in KINDS:
        report.unknown.append(f"entry {index} ({_shown(name)}): version {_shown(version)}, kind {_shown(kind)}")


def _check_fields(record: Mapping[str, Any], index: int) -> None:
    """Raise Failed, naming the entry, unless each field of version 1 is there and of its type."""
    texts = all(isinstance(record.get(name), str) for name in ("id", "ts", "tenant", "actor", "kind"))
    parts = isinstance(record.get("facts"), dict) and isinstance(record.get("commits"), dict)
    if not texts or not parts or not isinstance(record.get("project", 0), str | None):
        raise Failed(f"entry {index}: a field is missing, or not of its type")
    if not _MOMENT.fullmatch(record["ts"]):
        raise Failed(f"entry {index}: its time is none")
    if not all(isinstance(one, str) for one in record["commits"].values()):
        raise Failed(f"entry {index}: a commitment is not text")


def _text(files: Files, path: str) -> str:
    try:
        return _needed(files, path).decode()
    except UnicodeDecodeError:
        raise Failed(f"{path}: it is not UTF-8") from None


def _shown(value: object) -> str:
    """Return what strangers wrote as one short printable line."""
    return ascii(value)[:_WIDEST_SHOWN] if not isinstance(value, str) else ascii(value)[1:-1][:_WIDEST_SHOWN]


def _needed(files: Files, path: str) -> bytes:
    found = files.read(path)
    if found is None:
        raise Failed(f"{path}: it is missing")
    return found


def opened(path: Path) -> Files:
    """Return the export at a path: a folder, or a ZIP file with the log at its top or in one folder."""
    if path.is_dir():
        return Folder(path)
    if not zipfile.is_zipfile(path):
        raise Failed(f"{path}: neither a folder nor a ZIP file")
    try:
        names = zipfile.ZipFile(path).namelist()
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError):
        raise Failed(f"{path}: the ZIP file is damaged") from None
    heads = [name for name in names if name == "checkpoint" or name.endswith("/checkpoint")]
    return Zip(path, min(heads, key=len).removesuffix("checkpoint") if heads else "")


def main() -> int:
    """Print what was found; 0 verified, 1 failed, 2 verified as far as known."""
    parser = argparse.ArgumentParser(prog="python -m governance.audit.verify", description=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("--vkey", help="the log's verifier key that you kept")
    parser.add_argument("--older", type=Path, help="a checkpoint that you kept: the log must continue it")
    options = parser.parse_args()
    try:
        report = verify(opened(options.export), vkey=options.vkey, older=_kept(options.older))
    except Failed as failed:
        _say(f"FAILED {failed}")
        return 1
    _say(f"log     {report.origin}\nsize    {report.size}\nroot    {report.root}\nentries {report.entries} checked")
    for line in report.unknown:
        _say(f"unknown {line}")
    whose = "" if options.vkey else " with the export's own key: pass the one that you kept (--vkey) to know whose log this is"
    _say(f"verified{', but not everything is known,' if report.unknown else ''}{whose}".rstrip(","))
    return 2 if report.unknown else 0


def _kept(path: Path | None) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path is not None else None
    except (OSError, UnicodeDecodeError):
        raise Failed("the checkpoint that you kept: it cannot be read") from None


def _say(text: str) -> None:
    """Print lines; what is no printable character in a name that strangers chose is escaped."""
    safe = "".join(letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text)
    sys.stdout.write(safe.encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8") + "\n")


if __name__ == "__main__":
    sys.exit(main())
