"""Appending: one plain INSERT in the caller's transaction. Committed means recorded."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from governance.audit.events import Event
from governance.audit.tiles import LONGEST_ENTRY
from kernel import canonical
from kernel.errors import InvalidInput
from kernel.scope import joined

VERSION: Final = 1
_INSERT: Final = "INSERT INTO audit_entry (id, tenant_id, project_id, ts, kind, actor, body) VALUES (%s, %s, %s, %s, %s, %s, %s)"


def append(  # an entry's own seven fields; a dataclass would only repeat them
    *,
    id: UUID,  # noqa: A002  # the field's name in the record
    tenant: UUID,
    project: UUID | None,
    actor: str,
    kind: Event,
    facts: Mapping[str, Any],
    commits: Mapping[str, str] | None = None,
) -> None:
    """Record one entry as the last statement of the caller's transaction. `facts` hold nothing that comes from content."""
    joined()
    ts = datetime.now(UTC)
    body = canonical.encode(
        {
            "v": VERSION,
            "id": str(id),
            "ts": ts.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "tenant": str(tenant),
            "project": str(project) if project else None,
            "actor": actor,
            "kind": kind.value,
            "facts": dict(facts),
            "commits": dict(commits or {}),
        }
    )
    if len(body) > LONGEST_ENTRY:
        raise InvalidInput("entry.too_long", bytes=len(body), most=LONGEST_ENTRY)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [id, tenant, project, ts, kind.value, actor, body])
