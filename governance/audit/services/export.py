"""Exports that open without us: the whole log as tiles, or some entries each with a `.tlog-proof`."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from governance.audit.services.hashes import StoredHashes
from governance.audit.services.prove import Published, bodies, checkpoint, prove
from governance.audit.tiles import WIDTH, bundle_path, pack, tile_bytes, tiles_of
from kernel.scope import current_tenant


def export_log(folder: Path) -> Published:
    """Write the scope's tenant's whole log up to its newest checkpoint: checkpoint, vkey, tiles, entry bundles."""
    published = checkpoint()
    for path, content in log_files(published):
        _write(folder / path, content)
    return published


def log_files(published: Published) -> Iterator[tuple[str, bytes]]:
    """Yield the scope's tenant's whole log up to a checkpoint, as files by path, one after another."""
    yield from _head(published)
    stored = StoredHashes(current_tenant())
    for tile in tiles_of(published.size):
        yield tile.path, tile_bytes(tile, stored.hash_at)
    for number in range(-(-published.size // WIDTH)):
        width = min(WIDTH, published.size - number * WIDTH)
        yield bundle_path(number, width), pack(bodies(number * WIDTH, width))


def slice_files(entries: Iterable[UUID]) -> dict[str, bytes]:
    """Return some entries, each with its proof, as files by path; those not yet published raise Conflict."""
    files: dict[str, bytes] = {}
    for entry in entries:
        proof = prove(entry)
        files |= dict(_head(proof.checkpoint))
        files[f"entries/{proof.index:09d}.json"] = proof.leaf
        files[f"proofs/{proof.index:09d}.tlog-proof"] = proof.tlog_proof().encode()
    return files


def export_slice(folder: Path, entries: Iterable[UUID]) -> int:
    """Write some entries with their proofs into a folder and return how many."""
    files = slice_files(entries)
    for path, content in files.items():
        _write(folder / path, content)
    return sum(path.startswith("entries/") for path in files)


def _head(published: Published) -> Iterator[tuple[str, bytes]]:
    yield "checkpoint", published.text.encode()
    yield "vkey", f"{published.vkey}\n".encode()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
