"""A bundle is handed over: recorded first, then opened under that entry and streamed."""

import uuid
from uuid import UUID

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from kernel import canonical
from kernel.errors import Conflict
from tenants.exit.models import Exit
from tenants.exit.rules import State
from tenants.exit.services.asking import found
from tenants.vault import services as vault


def hand_over(actor: Actor, *, exit_id: UUID) -> bytes:
    """Return the bundle. Raises Conflict before it is ready; each time is an entry of its own."""
    actor.require(Permission.EXPORT_REQUEST)
    entry = uuid.uuid4()
    with actor.writing():
        row = found(actor, exit_id=exit_id)
        if row.state not in {State.READY, State.HANDED_OVER} or row.bundle_id is None:
            raise Conflict("exit.not_ready", state=row.state)
        Exit.objects.filter(pk=row.pk).update(state=State.HANDED_OVER)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.EXIT_HANDED_OVER,
            facts={"exit": str(row.pk), "opens": canonical.objects_digest([row.bundle_id])},
        )  # fmt: skip
    return vault.open_one(actor, row.bundle_id, under=entry)
