"""What anyone looks at is opened by a view: one entry per person, project and hour, so a page costs no entry of its own.

When the hour is over a second entry closes it, and commits to the list of objects that the keeper opened under it.
"""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError

from access.actor import Actor
from governance.audit import services as audit
from governance.audit.events import Event
from kernel import canonical
from kernel.errors import KeeperRefused
from kernel.keys import keeper
from tenants.vault.models import View
from tenants.vault.services.sealing import Sealed, keep, seal

# The keeper opens under a view for some minutes beyond its hour.
OVER: Final = timedelta(hours=1, minutes=10)


def view(actor: Actor) -> UUID:
    """Return the entry under which the Actor looks at the project now; a short deed of its own when it is new."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with actor.reading():
        found = _find(actor, hour)
    return found or _open(actor, hour)


def close_views(actor: Actor) -> int:
    """Close the views of the Actor's tenant whose hour is over, each in a deed of its own; return how many."""
    with actor.reading():
        over = list(View.objects.filter(closed_id=None, hour__lte=datetime.now(UTC) - OVER).order_by("hour", "id"))
    return sum(_close(actor, one) for one in over)


def _close(actor: Actor, open_view: View) -> bool:
    entry, seen = uuid.uuid4(), sorted(keeper().viewed(entry=open_view.entry_id))
    hidden = canonical.hide("objects", tenant=actor.tenant, value=canonical.objects_digest(seen).encode())
    viewer = replace(actor, project=open_view.project_id, person=open_view.person_id)
    sealed = _sealed_list(viewer, seen, hidden, entry)
    with actor.writing():
        row = View.objects.select_for_update().filter(pk=open_view.pk, closed_id=None).first()
        if row is None:
            return False
        kept = None if sealed is None else keep(viewer, sealed)
        View.objects.filter(pk=row.pk).update(closed_id=entry, seen=kept)
        audit.append(
            id=entry, tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=Event.VIEW_CLOSED,
            facts={"view": str(row.entry_id), "objects": len(seen)}, commits={hidden.field: hidden.commitment},
        )  # fmt: skip
    return True


def _sealed_list(viewer: Actor, seen: list[UUID], hidden: canonical.Hidden, entry: UUID) -> Sealed | None:
    content = {"objects": [str(one) for one in seen], "openings": {hidden.field: hidden.opening.hex()}}
    try:
        return seal(viewer, json.dumps(content).encode(), media_type="application/json", entry=entry, subject=True)
    except KeeperRefused:
        # Where the person's or the project's keys are destroyed, what she saw is erased with the rest.
        return None


def _find(actor: Actor, hour: datetime) -> UUID | None:
    row = View.objects.filter(project_id=actor.require_project(), person_id=actor.person, hour=hour).first()
    return None if row is None else row.entry_id


def _open(actor: Actor, hour: datetime) -> UUID:
    entry = uuid.uuid4()
    try:
        with actor.writing():
            View.objects.create(project_id=actor.require_project(), person_id=actor.person, hour=hour, entry_id=entry)
            audit.append(
                id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.VIEW_OPENED,
                facts={"hour": hour.isoformat().replace("+00:00", "Z")},
            )  # fmt: skip
    except IntegrityError:
        # Another request of the same person opened it first.
        with actor.reading():
            found = _find(actor, hour)
        if found is None:
            raise
        return found
    return entry
