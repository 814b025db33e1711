"""Reading entries: one by id (for the keeper, in autocommit), or a tenant's own, newest first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from kernel.scope import current_tenant


@dataclass(frozen=True)
class RecordedEntry:
    """One entry as it was recorded; `index` is its leaf, `published` whether a checkpoint covers it."""

    id: UUID
    tenant: UUID
    project: UUID | None
    actor: str
    kind: str
    facts: Mapping[str, Any]
    commits: Mapping[str, str]
    ts: datetime
    index: int | None = None
    published: bool = False

    @property
    def state(self) -> str:
        """Return recorded, integrated or published."""
        if self.index is None:
            return "recorded"
        return "published" if self.published else "integrated"


@dataclass(frozen=True)
class Filter:
    """Which entries; `before` pages: entries older than that one; `fact` is a name and the text that it must have."""

    kind: str = ""
    project: UUID | None = None
    entry: UUID | None = None
    before: tuple[datetime, UUID] | None = None
    limit: int = 50
    fact: tuple[str, str] | None = None


_COLUMNS: Final = """
SELECT e.id, e.tenant_id, e.project_id, e.actor, e.kind, e.body, e.ts, l.index,
       coalesce(l.index < (SELECT max(size) FROM audit_checkpoint c WHERE c.tenant_id = e.tenant_id), false)
FROM audit_entry e LEFT JOIN audit_leaf l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
"""


def find(entry_id: UUID) -> RecordedEntry | None:
    """Return a committed entry, or None. Reads in autocommit, so an open transaction's entry does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, tenant_id, project_id, actor, kind, body, ts, NULL, false FROM audit_entry WHERE id = %s", [entry_id]
        )
        row = cursor.fetchone()
    return None if row is None else _entry(row)


def entries(wanted: Filter) -> list[RecordedEntry]:
    """Return the scope's tenant's entries, newest first."""
    clauses, values = ["e.tenant_id = %s"], [current_tenant()]
    for clause, value in (("e.kind = %s", wanted.kind), ("e.project_id = %s", wanted.project), ("e.id = %s", wanted.entry)):
        if value:
            clauses.append(clause)
            values.append(value)  # type: ignore[arg-type]  # parameters of several types
    if wanted.before is not None:
        clauses.append("(e.ts, e.id) < (%s, %s)")
        values.extend(wanted.before)  # type: ignore[arg-type]
    if wanted.fact is not None:
        clauses.append("convert_from(e.body, 'UTF8')::jsonb -> 'facts' ->> %s = %s")
        values.extend(wanted.fact)  # type: ignore[arg-type]
    query = (
        f"{_COLUMNS} WHERE {' AND '.join(clauses)} ORDER BY e.ts DESC, e.id DESC LIMIT {int(wanted.limit)}"  # clauses are constants
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [_entry(row) for row in cursor.fetchall()]


def _entry(row: tuple[Any, ...]) -> RecordedEntry:
    body = json.loads(bytes(row[5]))
    return RecordedEntry(row[0], row[1], row[2], row[3], row[4], body["facts"], body["commits"], row[6], row[7], bool(row[8]))
