"""People of a tenant: added by somebody who manages them."""

import secrets
import uuid
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from access.actor import Actor
from access.models import User
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput


@dataclass(frozen=True)
class NewPerson:
    """Who is added; without a password she cannot sign in until she sets one."""

    email: str
    name: str
    password: str | None = None


def add_person(actor: Actor, *, email: str, name: str, password: str | None = None) -> User:
    """Add a person to the Actor's tenant. Raises InvalidInput, or Conflict for an address that the tenant has."""
    actor.require_step_up(Permission.PERSON_MANAGE)
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
