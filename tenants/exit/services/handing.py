"""A bundle is handed over: recorded first, then opened under that entry and streamed."""

import json
import uuid
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from access import links
from access.actor import Actor
from access.links import Link
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from kernel import canonical
from kernel.errors import Conflict
from tenants.exit.models import Exit
from tenants.exit.rules import State
from tenants.exit.services.asking import found
from tenants.vault import services as vault


@dataclass(frozen=True)
class HandedOver:
    """A bundle, the entry that commits to it, and what opens that commitment ("" for a bundle made before it was kept)."""

    content: bytes
    assembled: UUID | None
    opening: str


def link(actor: Actor, *, exit_id: UUID) -> Link:
    """Return a link by which she may take the bundle within a minute; each taking is recorded, the link is not."""
    actor.require_step_up(Permission.EXPORT_REQUEST)
    with actor.reading():
        row, _ = _ready(actor, exit_id)
    target = links.Target(links.Purpose.BUNDLE, row.project_id, row.pk)
    return links.make(links.Holder(actor.tenant, actor.person), target, now=timezone.now())


def hand_over(actor: Actor, *, exit_id: UUID) -> HandedOver:
    """Return the bundle and what opens its commitment. Raises Conflict before it is ready; each time is an entry of its own."""
    actor.require_step_up(Permission.EXPORT_REQUEST)
    entry = uuid.uuid4()
    with actor.writing():
        row, bundle = _ready(actor, exit_id)
        opened = [one for one in (bundle, row.openings_id) if one is not None]
        Exit.objects.filter(pk=row.pk).update(state=State.HANDED_OVER)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.EXIT_HANDED_OVER,
            facts={
                "exit": str(row.pk), "assembled": str(row.assembled_id) if row.assembled_id else None,
                "opens": canonical.objects_digest(opened),
            },
        )  # fmt: skip
    plain = vault.open_bytes(actor, opened, under=entry)
    opening = json.loads(plain[row.openings_id])["bundle"] if row.openings_id is not None else ""
    return HandedOver(plain[bundle], row.assembled_id, opening)


def _ready(actor: Actor, exit_id: UUID) -> tuple[Exit, UUID]:
    row = found(actor, exit_id=exit_id)
    if row.state not in {State.READY, State.HANDED_OVER} or row.bundle_id is None:
        raise Conflict("exit.not_ready", state=row.state)
    return row, row.bundle_id
