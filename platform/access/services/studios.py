"""Studios and projects are made; their keys first, which may be repeated, their rows with the entry."""

import uuid
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from access.actor import Actor
from access.models import Grant, Project, StudioAddress, StudioName, Tenant
from access.roles import Permission, Role, permissions_of
from access.rules import folded, is_address
from access.services.people import NewPerson, add_row, check_person
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput
from kernel.keys import keeper
from kernel.scope import tenant_scope


@dataclass(frozen=True)
class Founded:
    """A new studio and its owner."""

    tenant: UUID
    slug: str
    owner: Actor


def found_studio(*, name: str, slug: str, owner_email: str, owner_name: str, password: str) -> Founded:
    """Make a studio with its keys and its first owner: the operator's act. Raises Conflict for a taken address."""
    first = NewPerson(owner_email, owner_name, password)
    if not is_address(slug):
        raise InvalidInput("studio.address")
    check_person(first)
    tenant = uuid.uuid4()
    keeper().found(tenant=tenant)
    try:
        with tenant_scope(tenant):
            Tenant.objects.create(id=tenant, tenant_id=tenant, name=name, slug=slug)
            StudioAddress.objects.create(slug=slug, tenant_id=tenant)
            StudioName.objects.create(slug=slug, folded=folded(name), tenant_id=tenant)
            owner = add_row(first)
            Grant.objects.create(user=owner, project=None, role=Role.OWNER)
            dispatch.put_standing(tenant=tenant)
            audit.append(
                id=uuid.uuid4(), tenant=tenant, project=None, actor=owner.pseudonym, kind=Event.TENANT_FOUNDED,
                facts={"owner": owner.pseudonym},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("studio.address_taken") from None
    permissions = permissions_of([Role.OWNER])
    actor = Actor(
        person=owner.pk, pseudonym=owner.pseudonym, display=owner_name, tenant=tenant, permissions=permissions, is_stepped_up=True
    )
    return Founded(tenant, slug, actor)


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
