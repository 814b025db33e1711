"""The integrator's work: recorded entries become leaves in batches, full tiles are kept, a checkpoint is signed.

One at a time, by an advisory lock. Runs as the login that sees all tenants and writes nothing but these tables.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from governance.audit import merkle, notes
from governance.audit.services.hashes import StoredHashes
from governance.audit.tiles import WIDTH
from kernel.errors import KeeperRefused
from kernel.keys import SignPurpose, keeper

log = logging.getLogger("guildhall.integrator")
LOCK: Final = 0x6775696C64
BATCH: Final = 2_000
# Entries are looked for among the young ones at each turn, and among all once in a while.
YOUNG: Final = timedelta(minutes=15)
# Whose logs go unsigned: said once, and not at every turn.
_refused: Final[set[UUID]] = set()


def integrate_once(*, everything: bool = True) -> int:
    """Give recorded entries their leaves and sign what is new; return how many there were. May be repeated."""
    waiting = _leaves_for_waiting(None if everything else datetime.now(UTC) - YOUNG)
    for tenant in _unsigned():
        _sign_if_allowed(tenant)
    return waiting


def _leaves_for_waiting(since: datetime | None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT e.tenant_id, e.id, e.body FROM audit_entry e "
            "LEFT JOIN audit_leaf l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id "
            "WHERE l.id IS NULL AND e.ts >= coalesce(%s::timestamptz, '-infinity') ORDER BY e.tenant_id, e.ts, e.id LIMIT %s",
            [since, BATCH],
        )
        rows = cursor.fetchall()
        for tenant, group in groupby(rows, key=lambda row: row[0]):
            _add_leaves(cursor, tenant, [(row[1], bytes(row[2])) for row in group])
    return len(rows)


def _add_leaves(cursor: Any, tenant: UUID, found: list[tuple[UUID, bytes]]) -> None:
    cursor.execute("SELECT coalesce(max(index) + 1, 0) FROM audit_leaf WHERE tenant_id = %s", [tenant])
    size = cursor.fetchone()[0]
    rows = [(uuid.uuid4(), tenant, entry, size + at, merkle.leaf_hash(body)) for at, (entry, body) in enumerate(found)]
    cursor.executemany("INSERT INTO audit_leaf (id, tenant_id, entry_id, index, hash) VALUES (%s, %s, %s, %s, %s)", rows)
    _keep_full_tiles(cursor, tenant, before=size, after=size + len(rows))


def _keep_full_tiles(cursor: Any, tenant: UUID, *, before: int, after: int) -> None:
    stored, level = StoredHashes(tenant), 0
    while after >= WIDTH:
        for number in range(before // WIDTH, after // WIDTH):
            hashes = [stored.hash_at(level * 8, number * WIDTH + at) for at in range(WIDTH)]
            above = merkle.root(merkle.hashes_of(hashes), WIDTH)
            cursor.execute(
                "INSERT INTO audit_tile (id, tenant_id, level, number, hashes, root) VALUES (%s, %s, %s, %s, %s, %s)",
                [uuid.uuid4(), tenant, level, number, b"".join(hashes), above],
            )
        before, after, level = before // WIDTH, after // WIDTH, level + 1


def _unsigned() -> Iterable[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.tenant_id FROM (SELECT tenant_id, max(index) + 1 AS size FROM audit_leaf GROUP BY tenant_id) l "
            "LEFT JOIN (SELECT tenant_id, max(size) AS size FROM audit_checkpoint GROUP BY tenant_id) c USING (tenant_id) "
            "WHERE c.size IS NULL OR c.size < l.size"
        )
        return [row[0] for row in cursor.fetchall()]


def _sign_if_allowed(tenant: UUID) -> None:
    """Sign a tenant's log; one whose key is gone keeps nobody else from being signed."""
    try:
        _sign(tenant)
    except KeeperRefused as refused:
        if tenant not in _refused:
            log.warning("the log of tenant %s is not signed: %s", tenant, refused.code)
        _refused.add(tenant)
    else:
        _refused.discard(tenant)


def _sign(tenant: UUID) -> None:
    stored = StoredHashes(tenant)
    size = stored.size()
    public = keeper().public(tenant=tenant)
    text = notes.Checkpoint(public.origin, size, merkle.root(stored.hash_at, size)).text()
    signature = keeper().sign(tenant=tenant, purpose=SignPurpose.CHECKPOINT, message=text.encode())
    key = notes.Verifier.parse(public.log_vkey).key
    signed = notes.note(text, [notes.sign_line(public.origin, key, signature)])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_checkpoint (id, tenant_id, size, root, note, vkey, ts) VALUES (%s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (tenant_id, size) DO NOTHING",
            [uuid.uuid4(), tenant, size, notes.Checkpoint.parse(text).root, signed, public.log_vkey, datetime.now(UTC)],
        )
