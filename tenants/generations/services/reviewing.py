"""Pictures that policy does not show: looked at by the reviewer alone, under her recorded view of the project."""

from uuid import UUID

from django.db.models import QuerySet

from access.actor import Actor
from access.roles import Permission
from kernel.errors import NotFound
from tenants.generations.models import Generation
from tenants.generations.rules import State
from tenants.vault import services as vault


def withheld(actor: Actor) -> "QuerySet[Generation]":
    """Return the project's requests whose pictures are withheld, newest first, in the caller's scope."""
    actor.require(Permission.WITHHELD_REVIEW)
    rows: QuerySet[Generation] = Generation.objects.filter(project_id=actor.require_project(), state=State.WITHHELD)
    return rows.order_by("-created", "id")


def withheld_picture(actor: Actor, *, generation: UUID) -> bytes:
    """Return a withheld picture's file, opened under the reviewer's view. Raises NotFound for any other request."""
    actor.require(Permission.WITHHELD_REVIEW)
    with actor.reading():
        row = withheld(actor).filter(pk=generation).first()
    if row is None or row.picture_id is None:
        raise NotFound("generation.unknown")
    return vault.open_one(actor, row.picture_id, under=vault.view(actor))
