"""Tenants are made: the platform's own, once, and studios; their keys first, which may be repeated, their rows with the entries.

A studio begins in two logs in one transaction: its own, and the platform's, whose register names it.
"""

import contextlib
import uuid
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from access.actor import Actor
from access.models import PLATFORM, Grant, SecurityPolicy, Studio, StudioAddress, StudioName, Tenant, User
from access.roles import Role, permissions_of
from access.rules import folded, is_address
from access.services.people import NewPerson, add_row, check_person
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput
from kernel.keys import keeper
from kernel.scope import Scope, entered, tenant_scope

# Whom an entry names that a command at the machine made, and in a studio's own log whoever of the platform acted.
BY_OPERATOR: Final = "operator"


@dataclass(frozen=True)
class Founded:
    """A new studio and its owner."""

    tenant: UUID
    slug: str
    owner: Actor


@dataclass(frozen=True)
class NewStudio:
    """What is founded; an owner without a password cannot sign in until she sets one by the link that she is sent.

    Everybody in it needs a second factor from the first sign-in on, unless that is said not to be so.
    """

    name: str
    slug: str
    owner: NewPerson
    second_factor: bool = True

    def check(self) -> None:
        """Raise InvalidInput for what is no name, no address of a studio, or no person."""
        if not self.name.strip():
            raise InvalidInput("studio.name")
        if not is_address(self.slug):
            raise InvalidInput("studio.address")
        check_person(self.owner, studio=(self.name, self.slug))


def found_platform() -> None:
    """Make the platform's own tenant, where there is none yet: its keys, its address, its policy and its log.

    Its people need a second factor from the first sign-in on. Raises Conflict when a studio has its address.
    """
    if _is_platform_there():
        return
    keeper().found(tenant=PLATFORM)
    try:
        with tenant_scope(PLATFORM):
            Tenant.objects.create(id=PLATFORM, tenant_id=PLATFORM, name="Guildhall", slug=settings.PLATFORM_ADDRESS)
            StudioAddress.objects.create(slug=settings.PLATFORM_ADDRESS, tenant_id=PLATFORM)
            SecurityPolicy.objects.create(second_factor=True)
            dispatch.put_standing(tenant=PLATFORM)
            audit.append(id=uuid.uuid4(), tenant=PLATFORM, project=None, actor=BY_OPERATOR, kind=Event.PLATFORM_FOUNDED, facts={})
    except IntegrityError:
        if not _is_platform_there():
            raise Conflict("platform.address_taken", address=settings.PLATFORM_ADDRESS) from None


def found_studio(*, name: str, slug: str, owner_email: str, owner_name: str, password: str, second_factor: bool = True) -> Founded:
    """Make a studio with its keys and its first owner, at the machine. Raises Conflict for a taken address."""
    new = NewStudio(name, slug, NewPerson(owner_email, owner_name, password), second_factor)
    new.check()
    found_platform()
    tenant = keys_of_new()
    try:
        with tenant_scope(PLATFORM):
            owner = add_studio(new, tenant=tenant, by=BY_OPERATOR)
    except IntegrityError:
        raise Conflict("studio.address_taken") from None
    actor = Actor(
        person=owner.pk, pseudonym=owner.pseudonym, display=owner_name, tenant=tenant, permissions=permissions_of([Role.OWNER]),
        is_stepped_up=True,
    )  # fmt: skip
    return Founded(tenant, slug, actor)


def keys_of_new() -> UUID:
    """Return the id of a tenant to come, whose keys stand."""
    tenant = uuid.uuid4()
    keeper().found(tenant=tenant)
    return tenant


def add_studio(new: NewStudio, *, tenant: UUID, by: str) -> User:
    """Insert a studio with its owner and register it, with an entry in either log, in the caller's transaction."""
    with inside(tenant):
        Tenant.objects.create(id=tenant, tenant_id=tenant, name=new.name, slug=new.slug)
        StudioAddress.objects.create(slug=new.slug, tenant_id=tenant)
        StudioName.objects.create(slug=new.slug, folded=folded(new.name), tenant_id=tenant)
        owner = add_row(new.owner)
        Grant.objects.create(user=owner, project=None, role=Role.OWNER)
        if new.second_factor:
            SecurityPolicy.objects.create(second_factor=True)
        dispatch.put_standing(tenant=tenant)
        audit.append(
            id=uuid.uuid4(), tenant=tenant, project=None, actor=owner.pseudonym, kind=Event.TENANT_FOUNDED,
            facts={"owner": owner.pseudonym, "second_factor": new.second_factor},
        )  # fmt: skip
    Studio.objects.create(studio_id=tenant, name=new.name, slug=new.slug)
    audit.append(id=uuid.uuid4(), tenant=PLATFORM, project=None, actor=by, kind=Event.STUDIO_FOUNDED, facts={"studio": str(tenant)})
    return owner


def inside(tenant: UUID) -> contextlib.AbstractContextManager[Scope]:
    """Speak for another tenant within the caller's transaction: what the platform does with a studio stands in both logs."""
    return entered(Scope(tenant, "app.tenant", str(tenant)))


def _is_platform_there() -> bool:
    with tenant_scope(PLATFORM, read_only=True):
        return bool(Tenant.objects.filter(pk=PLATFORM).exists())
