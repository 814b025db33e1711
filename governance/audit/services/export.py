"""Exports that open without us: the whole log as tiles, or some entries each with a `.tlog-proof`."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db import connection

from governance.audit.services.hashes import StoredHashes
from governance.audit.services.prove import Published, checkpoint, prove
from governance.audit.tiles import WIDTH, bundle_path, pack, tile_bytes, tiles_of
from kernel.scope import current_tenant


def export_log(folder: Path) -> Published:
    """Write the scope's tenant's whole log up to its newest checkpoint: checkpoint, vkey, tiles, entry bundles."""
    published = checkpoint()
    _write_head(folder, published)
    stored = StoredHashes(current_tenant())
    for tile in tiles_of(published.size):
        _write(folder / tile.path, tile_bytes(tile, stored.hash_at))
    for number in range(-(-published.size // WIDTH)):
        width = min(WIDTH, published.size - number * WIDTH)
        _write(folder / bundle_path(number, width), pack(_bodies(number * WIDTH, width)))
    return published


def slice_files(entries: Iterable[UUID]) -> dict[str, bytes]:
    """Return some entries, each with its proof, as files by path; those not yet published raise Conflict."""
    files: dict[str, bytes] = {}
    for entry in entries:
        proof = prove(entry)
        files["checkpoint"] = proof.checkpoint.text.encode()
        files["vkey"] = f"{proof.checkpoint.vkey}\n".encode()
        files[f"entries/{proof.index:09d}.json"] = proof.leaf
        files[f"proofs/{proof.index:09d}.tlog-proof"] = proof.tlog_proof().encode()
    return files


def export_slice(folder: Path, entries: Iterable[UUID]) -> int:
    """Write some entries with their proofs into a folder and return how many."""
    files = slice_files(entries)
    for path, content in files.items():
        _write(folder / path, content)
    return sum(path.startswith("entries/") for path in files)


def _write_head(folder: Path, published: Published) -> None:
    _write(folder / "checkpoint", published.text.encode())
    _write(folder / "vkey", f"{published.vkey}\n".encode())


def _bodies(start: int, width: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.body FROM audit_leaf l JOIN audit_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id "
            "WHERE l.tenant_id = %s AND l.index >= %s AND l.index < %s ORDER BY l.index",
            [current_tenant(), start, start + width],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
