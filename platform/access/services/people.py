"""People of a tenant: added by somebody who manages members, granted and revoked roles."""

import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from access.actor import Actor
from access.models import Membership, Project, Tenant, User
from access.roles import TENANT_WIDE, Permission, Role
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound


@dataclass(frozen=True)
class NewPerson:
    """Who is added; without a password she cannot sign in until she sets one."""

    email: str
    name: str
    password: str | None = None


@dataclass(frozen=True)
class Post:
    """A role at a place: in a project, or tenant-wide."""

    role: Role
    project: UUID | None

    def check(self) -> None:
        """Raise InvalidInput unless the role belongs to such a place."""
        if self.role is Role.SYSTEM or (self.role in TENANT_WIDE) != (self.project is None):
            raise InvalidInput("role.wrong_reach", role=self.role.value)


def add_person(actor: Actor, *, email: str, name: str, password: str | None = None) -> User:
    """Add a person to the Actor's tenant. Raises InvalidInput, or Conflict for an address that the tenant has."""
    actor.require(Permission.MEMBER_MANAGE)
    person = NewPerson(email, name, password)
    check_person(person)
    try:
        with actor.writing():
            user = add_row(person)
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
    post = Post(role, project)
    post.check()
    with actor.writing():
        user = _person(person)
        if project is not None and not Project.objects.filter(pk=project).exists():
            raise NotFound("project.unknown")
        held: dict[str, Any] = {"user": user, "project_id": project, "role": role.value}
        _, is_new = Membership.objects.get_or_create(**held)
        if is_new:
            _record(actor, Event.ROLE_GRANTED, user=user, post=post)


def revoke(actor: Actor, *, person: UUID, role: Role, project: UUID | None = None) -> None:
    """Take a role away. Work of hers that she may no longer do ends as failed: workers read her rights anew.

    May be repeated. Raises Conflict for the last owner.
    """
    actor.require(Permission.MEMBER_MANAGE)
    post = Post(role, project)
    post.check()
    with actor.writing():
        user = _person(person)
        if role is Role.OWNER:
            _keep_an_owner(besides=person)
        place = Membership.objects.filter(project_id=project) if project else Membership.objects.filter(project=None)
        removed, _ = place.filter(user=user, role=role.value).delete()
        if removed:
            _record(actor, Event.ROLE_REVOKED, user=user, post=post)


def check_person(person: NewPerson) -> None:
    """Raise InvalidInput for what is no address, no name, or a password that is easily guessed."""
    try:
        validate_email(person.email)
    except ValidationError:
        raise InvalidInput("person.email") from None
    if not person.name.strip():
        raise InvalidInput("person.name")
    if person.password is None:
        return
    try:
        validate_password(person.password)
    except ValidationError as weak:
        raise InvalidInput("person.password", why=",".join(str(one.code) for one in weak.error_list)) from None


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


def _keep_an_owner(*, besides: UUID) -> None:
    # Two owners who revoke each other at once wait here for one another.
    Tenant.objects.select_for_update().get()
    if not Membership.objects.filter(role=Role.OWNER.value).exclude(user_id=besides).exists():
        raise Conflict("role.last_owner")


def _person(person: UUID) -> User:
    found: User | None = User.objects.filter(pk=person).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _record(actor: Actor, kind: Event, *, user: User, post: Post) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=post.project, actor=actor.pseudonym, kind=kind,
        facts={"person": user.pseudonym, "role": post.role.value},
    )  # fmt: skip
