"""Proofs for whoever asks: an entry's place under a signed checkpoint, and that one checkpoint continues another."""

import base64
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from governance.audit import merkle, notes
from governance.audit.services.hashes import StoredHashes
from governance.audit.tiles import TileAt, tile_bytes
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
    """Return a tile's bytes. Raises NotFound where the tree does not reach."""
    stored = StoredHashes(current_tenant())
    hashes = stored.size() >> (wanted.level * 8)
    if wanted.number * 256 + wanted.width > hashes:
        raise NotFound("tile.not_there")
    return tile_bytes(wanted, stored.hash_at)


def parsed(published: Published) -> notes.Checkpoint:
    """Return what the checkpoint says."""
    return notes.Checkpoint.parse(published.text[: published.text.rfind("\n\n") + 1])
