"""Projects are made; their keys first, which may be repeated, their rows with the entry."""

import uuid

from django.db import IntegrityError

from access.actor import Actor
from access.models import Project, Tenant
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict
from kernel.keys import keeper


def address_of(actor: Actor) -> str:
    """Return the address of the Actor's studio, by its name: the same in each of its projects."""
    with actor.reading():
        slug: str = Tenant.objects.values_list("slug", flat=True).get(pk=actor.tenant)
    return slug


def create_project(actor: Actor, *, name: str) -> Project:
    """Make a project with its keys. Raises Conflict for a name that the tenant has."""
    actor.require(Permission.PROJECT_CREATE)
    project = uuid.uuid4()
    keeper().found(tenant=actor.tenant, project=project)
    try:
        with actor.writing():
            made: Project = Project.objects.create(id=project, name=name)
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=project, actor=actor.pseudonym,
                kind=Event.PROJECT_CREATED,
                facts={},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("project.name_taken") from None
    return made
