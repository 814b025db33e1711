"""People of a tenant: added by somebody who manages members, granted and revoked roles."""

import secrets
import uuid
from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError

from access.actor import Actor
from access.models import Membership, Project, User
from access.roles import TENANT_WIDE, Permission, Role
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound


@dataclass(frozen=True)
class NewPerson:
    """Who is added; without a password she cannot sign in until she sets one."""

    email: str
    name: str
    password: str | None = None


def add_person(actor: Actor, *, email: str, name: str, password: str | None = None) -> User:
    """Add a person to the Actor's tenant. Raises Conflict for an address that the tenant has."""
    actor.require(Permission.MEMBER_MANAGE)
    try:
        with actor.writing():
            user = add_row(NewPerson(email, name, password))
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.PERSON_ADDED,
                facts={"person": user.pseudonym},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("person.email_taken") from None
    return user


def grant(actor: Actor, *, person: UUID, role: Role, project: UUID | None = None) -> None:
    """Give a person a role; project roles need a project, tenant-wide ones have none. May be repeated."""
    actor.require(Permission.MEMBER_MANAGE)
    if (role in TENANT_WIDE) != (project is None) or role is Role.SYSTEM:
        raise InvalidInput("role.wrong_reach", role=role.value)
    with actor.writing():
        user = _person(person)
        if project is not None and not Project.objects.filter(pk=project).exists():
            raise NotFound("project.unknown")
        _, is_new = Membership.objects.get_or_create(user=user, project_id=project, role=role)
        if is_new:
            _record(actor, Event.ROLE_GRANTED, user=user, role=role, project=project)


def revoke(actor: Actor, *, person: UUID, role: Role, project: UUID | None = None) -> None:
    """Take a role away; work of hers that waits there ends. May be repeated."""
    actor.require(Permission.MEMBER_MANAGE)
    with actor.writing():
        user = _person(person)
        removed, _ = Membership.objects.filter(user=user, project_id=project, role=role).delete()
        if removed:
            dispatch.stop(tenant=actor.tenant, person=person, project=project)
            _record(actor, Event.ROLE_REVOKED, user=user, role=role, project=project)


def add_row(person: NewPerson) -> User:
    """Insert a person with her verified address, in the caller's transaction."""
    user = User(email=person.email.lower(), display_name=person.name, pseudonym=f"p_{secrets.token_hex(8)}")
    if person.password:
        user.set_password(person.password)
    else:
        user.set_unusable_password()
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _person(person: UUID) -> User:
    found: User | None = User.objects.filter(pk=person).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _record(actor: Actor, kind: Event, *, user: User, role: Role, project: UUID | None) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=project, actor=actor.pseudonym, kind=kind,
        facts={"person": user.pseudonym, "role": role.value},
    )  # fmt: skip
