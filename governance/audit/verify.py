"""Checks an export of a ledger alone: `python -m governance.audit.verify FOLDER-or-ZIP [--vkey KEY] [--older CHECKPOINT]`.

Needs Python and `cryptography`, and nothing else of ours. Trusts only the log's key: it recomputes every hash it can,
names the first entry that fails, and says *unknown*, never *ok*, of an entry whose version or kind it does not know.
Pass the key that you kept (`--vkey`); without it the key in the export is used, which shows only that the export
agrees with itself.
"""

import argparse
import base64
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from governance.audit import merkle, notes, tiles
from governance.audit.events import Event

KINDS: Final = frozenset(kind.value for kind in Event)
VERSIONS: Final = frozenset({1})


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

    def names(self) -> Iterator[str]:
        return (name[len(self.below) :] for name in sorted(self.archive.namelist()) if name.startswith(self.below))


def verify(files: Files, *, vkey: str | None = None, older: str | None = None) -> Report:
    """Check an export: a whole log with its tiles, or a slice of entries with their proofs. Raises Failed."""
    verifier = _verifier(files, vkey)
    head = _checkpoint(_needed(files, "checkpoint").decode(), verifier)
    report = Report(head.origin, head.size, base64.b64encode(head.root).decode())
    if files.read("tile/0/000") is not None or any(name.startswith("tile/") for name in files.names()):
        _whole(files, head, report, _checkpoint(older, verifier) if older else None)
    else:
        _slice(files, verifier, report)
    return report


def _verifier(files: Files, vkey: str | None) -> notes.Verifier:
    try:
        return notes.Verifier.parse(vkey or _needed(files, "vkey").decode())
    except notes.NoteError as broken:
        raise Failed(f"vkey: {broken}") from None


def _checkpoint(signed: str, verifier: notes.Verifier) -> notes.Checkpoint:
    try:
        head = notes.Checkpoint.parse(notes.verified(signed, [verifier]))
    except notes.NoteError as broken:
        raise Failed(f"checkpoint: {broken}") from None
    if head.origin != verifier.name:
        raise Failed("checkpoint: its origin is not the key's name")
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
    for name in [name for name in files.names() if name.startswith("entries/") and name.endswith(".json")]:
        index = int(Path(name).stem)
        body = _needed(files, name)
        _look_at(body, index, report)
        _check_proof(_needed(files, f"proofs/{Path(name).stem}.tlog-proof").decode(), body, index, verifier)


def _check_proof(text: str, body: bytes, index: int, verifier: notes.Verifier) -> None:
    head, _, signed = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise Failed(f"entry {index}: its proof has an unknown format")
    lines = [line for line in lines[1:] if not line.startswith("extra ")]
    if not lines or lines[0] != f"index {index}":
        raise Failed(f"entry {index}: its proof is for another entry")
    point = _checkpoint(signed, verifier)
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
        merkle.check_inclusion(merkle.leaf_hash(body), index=index, size=point.size, proof=proof, root_hash=point.root)
    except ValueError as broken:
        raise Failed(f"entry {index}: {broken}") from None


def _look_at(body: bytes, index: int, report: Report) -> None:
    try:
        record = json.loads(body)
        version, kind, name = record["v"], record["kind"], record["id"]
    except (ValueError, KeyError, TypeError):
        raise Failed(f"entry {index}: it is not a record") from None
    report.entries += 1
    if version not in VERSIONS or kind not in KINDS:
        report.unknown.append(f"entry {index} ({name}): version {version}, kind {kind}")


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
    heads = [name for name in zipfile.ZipFile(path).namelist() if name == "checkpoint" or name.endswith("/checkpoint")]
    return Zip(path, min(heads, key=len).removesuffix("checkpoint") if heads else "")


def main() -> int:
    """Print what was found; 0 verified, 1 failed, 2 verified as far as known."""
    parser = argparse.ArgumentParser(prog="python -m governance.audit.verify", description=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("--vkey", help="the log's verifier key that you kept")
    parser.add_argument("--older", type=Path, help="a checkpoint that you kept: the log must continue it")
    options = parser.parse_args()
    older = options.older.read_text(encoding="utf-8") if options.older else None
    try:
        report = verify(opened(options.export), vkey=options.vkey, older=older)
    except Failed as failed:
        sys.stdout.write(f"FAILED {failed}\n")
        return 1
    sys.stdout.write(f"log     {report.origin}\nsize    {report.size}\nroot    {report.root}\nentries {report.entries} checked\n")
    for line in report.unknown:
        sys.stdout.write(f"unknown {line}\n")
    sys.stdout.write("verified\n" if not report.unknown else "verified, but not everything is known\n")
    return 2 if report.unknown else 0


if __name__ == "__main__":
    sys.exit(main())
