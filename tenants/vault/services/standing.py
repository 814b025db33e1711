"""How objects stand, and what was sealed without ever getting a row."""

import time
from datetime import timedelta
from typing import Final
from uuid import UUID

from access.actor import Actor
from kernel.scope import joined
from tenants.vault.models import Object, Standing
from tenants.vault.storage import store

ORPHAN_AGE: Final = timedelta(hours=24)


def withdraw(actor: Actor, wanted: UUID) -> None:
    """Take an object out of use, in the caller's transaction; its bytes stay until its keys are destroyed."""
    joined()
    Object.objects.filter(pk=wanted, project_id=actor.require_project()).update(standing=Standing.WITHDRAWN)


def discard(actor: Actor, wanted: UUID) -> None:
    """Give up an object for good, in the caller's transaction: it no longer opens, and the sweep removes its bytes."""
    joined()
    Object.objects.filter(pk=wanted, project_id=actor.require_project()).update(standing=Standing.SHREDDED)


def sweep(actor: Actor, *, age: timedelta = ORPHAN_AGE) -> int:
    """Remove the Actor's tenant's blobs that are older than `age` and have no row, or a discarded one; return how many."""
    before = time.time() - age.total_seconds()
    # Several paths may name one object, and what a crash left half-written names none.
    old = [(path, _object_of(path)) for path, written in store().paths(str(actor.tenant)) if written < before]
    with actor.reading():
        rows = Object.objects.filter(pk__in={made for _, made in old if made is not None})
        known = set(rows.exclude(standing=Standing.SHREDDED).values_list("pk", flat=True))
    orphans = [path for path, made in old if made not in known]
    for path in orphans:
        store().remove(path)
    return len(orphans)


def _object_of(path: str) -> UUID | None:
    try:
        return UUID(path.rsplit("/", 1)[-1].split(".", maxsplit=1)[0])
    except ValueError:
        return None
