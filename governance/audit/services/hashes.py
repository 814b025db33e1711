"""Reads a tenant's stored hashes: leaves by blocks of 256, inner ones from full tiles or computed."""

from functools import cached_property
from uuid import UUID

from django.db import connection

from governance.audit import merkle
from governance.audit.tiles import HEIGHT, WIDTH


class StoredHashes:
    """One tenant's tree as it lies in the tables; keeps what it has read."""

    def __init__(self, tenant: UUID) -> None:
        self.tenant = tenant
        self._leaves: dict[int, list[bytes]] = {}
        self._known: dict[tuple[int, int], bytes] = {}

    def size(self) -> int:
        """Return how many leaves there are."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM audit_leaf WHERE tenant_id = %s", [self.tenant])
            size: int = cursor.fetchone()[0]
        return size

    def hash_at(self, level: int, index: int) -> bytes:
        """Return the hash of the full subtree of 2^level leaves at that index."""
        if level == 0:
            return self._block(index // WIDTH)[index % WIDTH]
        if (level, index) not in self._known:
            kept = self._roots.get((level // HEIGHT - 1, index)) if level % HEIGHT == 0 else None
            self._known[level, index] = kept or merkle.node_hash(
                self.hash_at(level - 1, 2 * index), self.hash_at(level - 1, 2 * index + 1)
            )
        return self._known[level, index]

    @cached_property
    def _roots(self) -> dict[tuple[int, int], bytes]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT level, number, root FROM audit_tile WHERE tenant_id = %s", [self.tenant])
            return {(level, number): bytes(root) for level, number, root in cursor.fetchall()}

    def _block(self, number: int) -> list[bytes]:
        if number not in self._leaves:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT hash FROM audit_leaf WHERE tenant_id = %s AND index >= %s AND index < %s ORDER BY index",
                    [self.tenant, number * WIDTH, (number + 1) * WIDTH],
                )
                self._leaves[number] = [bytes(row[0]) for row in cursor.fetchall()]
        return self._leaves[number]
