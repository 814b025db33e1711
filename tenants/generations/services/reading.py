"""Questions about requests."""

import json
from uuid import UUID

from django.db.models import QuerySet

from access.actor import Actor
from access.roles import Permission
from kernel.errors import NotFound
from tenants.generations.models import Generation
from tenants.vault import services as vault


def of_project(actor: Actor) -> "QuerySet[Generation]":
    """Return the requests that the Actor may see, newest first: one's own, or the project's."""
    actor.require_any(Permission.GENERATION_CREATE, Permission.GENERATION_READ_ALL)
    rows: QuerySet[Generation] = Generation.objects.filter(project_id=actor.require_project()).order_by("-created", "id")
    return rows if actor.may(Permission.GENERATION_READ_ALL) else rows.filter(person_id=actor.person)


def found(actor: Actor, *, generation: UUID) -> Generation:
    """Return one of them. Raises NotFound."""
    row = of_project(actor).filter(pk=generation).first()
    if row is None:
        raise NotFound("generation.unknown")
    return row


def prompt_of(actor: Actor, rows: list[Generation], *, under: UUID) -> dict[UUID, dict[str, str]]:
    """Return what was typed for each row, opened under a view of the project."""
    opened = vault.open_bytes(actor, [row.prompt_id for row in rows], under=under)
    typed = {row.pk: json.loads(opened[row.prompt_id]) for row in rows}
    return {row: {"prompt": one["prompt"], "negative": one["negative"]} for row, one in typed.items()}
