"""What anyone looks at is opened by a view: one entry per person, project and hour, so a page costs no entry of its own."""

import uuid
from datetime import UTC, datetime
from uuid import UUID

from django.db import IntegrityError

from access.actor import Actor
from governance.audit import services as audit
from governance.audit.events import Event
from tenants.vault.models import View


def view(actor: Actor) -> UUID:
    """Return the entry under which the Actor looks at the project now; a short deed of its own when it is new."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with actor.reading():
        found = _find(actor, hour)
    return found or _open(actor, hour)


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
