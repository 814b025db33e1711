"""Proofs for whoever asks: an entry's place under a signed checkpoint, and that one checkpoint continues another."""

import base64
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from governance.audit import merkle, notes
from governance.audit.services.hashes import StoredHashes
from governance.audit.tiles import HEIGHT, WIDTH, TileAt, pack, tile_bytes
from kernel.errors import Conflict, InvalidInput, NotFound
from kernel.scope import current_tenant


@dataclass(frozen=True)
class Published:
    """The newest signed checkpoint of a tenant."""

    text: str
    vkey: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Proof:
    """What a stranger needs to check one entry: its bytes, its path, the signed checkpoint, the log's key."""

    index: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    checkpoint: Published

    def tlog_proof(self) -> str:
        """Return the proof as a C2SP `.tlog-proof` file."""
        lines = [f"index {self.index}", *(base64.b64encode(one).decode() for one in self.hashes)]
        return "c2sp.org/tlog-proof@v1\n" + "\n".join(lines) + "\n\n" + self.checkpoint.text


def checkpoint() -> Published:
    """Return the newest checkpoint of the scope's tenant. Raises NotFound before the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT note, vkey, size, root FROM audit_checkpoint WHERE tenant_id = %s ORDER BY size DESC LIMIT 1",
            [current_tenant()],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("checkpoint.none_yet")
    return Published(row[0], row[1], row[2], bytes(row[3]))


def prove(entry: UUID) -> Proof:
    """Return an entry's proof. Raises NotFound, or Conflict while no checkpoint covers it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.body, l.index FROM audit_entry e LEFT JOIN audit_leaf l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id "
            "WHERE e.tenant_id = %s AND e.id = %s",
            [current_tenant(), entry],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("entry.unknown")
    published = None if row[1] is None else checkpoint()
    if published is None or row[1] >= published.size:
        raise Conflict("entry.not_published_yet")
    hashes = merkle.inclusion(StoredHashes(current_tenant()).hash_at, row[1], published.size)
    return Proof(row[1], bytes(row[0]), tuple(hashes), published)


def consistency(first: int, second: int) -> list[bytes]:
    """Return the proof that the log of `first` entries is a beginning of that of `second`. Raises InvalidInput."""
    stored = StoredHashes(current_tenant())
    if not 0 < first <= second <= stored.size():
        raise InvalidInput("consistency.sizes", first=first, second=second, largest=stored.size())
    return merkle.consistency(stored.hash_at, first, second)


def tile(wanted: TileAt) -> bytes:
    """Return a tile's bytes. Raises NotFound where the published tree does not reach."""
    _check_published(wanted)
    return tile_bytes(wanted, StoredHashes(current_tenant()).hash_at)


def entry_bundle(wanted: TileAt) -> bytes:
    """Return the bundle of the entries below a tile of level 0. Raises NotFound where the published log does not reach."""
    _check_published(wanted)
    return pack(bodies(wanted.number * WIDTH, wanted.width))


def bodies(start: int, width: int) -> list[bytes]:
    """Return the entries of some leaves, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.body FROM audit_leaf l JOIN audit_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id "
            "WHERE l.tenant_id = %s AND l.index >= %s AND l.index < %s ORDER BY l.index",
            [current_tenant(), start, start + width],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def _check_published(wanted: TileAt) -> None:
    hashes = checkpoint().size >> (wanted.level * HEIGHT)
    if wanted.number * WIDTH + wanted.width > hashes:
        raise NotFound("tile.not_there")


def parsed(published: Published) -> notes.Checkpoint:
    """Return what the checkpoint says."""
    return notes.Checkpoint.parse(published.text[: published.text.rfind("\n\n") + 1])
