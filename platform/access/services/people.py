"""People of a tenant: added, suspended and restored by somebody who manages them."""

import secrets
import uuid
from dataclasses import dataclass
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils import timezone

from access import mails, passwords
from access.actor import Actor
from access.models import ApiToken, Grant, Session, Tenant, User, appointed_among, live
from access.places import studio_url
from access.roles import Permission, Role
from access.rules import Kind
from access.services import alarms
from access.services.admitting import factors_of, policy_here
from access.services.granting import keep_an_owner
from access.services.security import keep_break_glass
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


@dataclass(frozen=True)
class NewPerson:
    """Who is added; without a password she cannot sign in until she sets one, or by the studio's provider."""

    email: str
    name: str
    password: str | None = None
    # Whether whoever adds her vouches for the address; else a link that is sent there proves it.
    is_verified: bool = True


def add_person(actor: Actor, *, email: str, name: str, password: str | None = None) -> User:
    """Add a person to the Actor's tenant; without a password she is sent a link to set one.

    Raises InvalidInput, or Conflict for an address that the tenant has.
    """
    actor.require_step_up(Permission.PERSON_MANAGE)
    person = NewPerson(email, name, password, is_verified=password is not None)
    with actor.reading():
        studio = Tenant.objects.get()
    check_person(person, studio=(studio.name, studio.slug))
    try:
        with actor.writing():
            user = add_row(person)
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.PERSON_ADDED,
                facts={"person": user.pseudonym},
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("person.email_taken") from None
    if password is None:
        with actor.reading():
            words = first_mail(user)
        mails.send(words, to=[str(user.email)])
    return user


def suspend_person(actor: Actor, *, person: UUID) -> None:
    """Shut a person out at once: her sessions and tokens end, and what she has waiting or running stops. May be repeated.

    Her directory lets her in no more, also when it was the one that had suspended her: only a person here restores her.
    Raises NotFound, or Conflict for oneself, the last owner, and the last break-glass account that is needed.
    """
    actor.require_step_up(Permission.PERSON_MANAGE)
    if person == actor.person:
        raise Conflict("person.oneself")
    with actor.writing():
        found = _person(person)
        if found.is_suspended_by_hand:
            return
        _check_needed(actor, found)
        User.objects.filter(pk=person).update(is_active=False, is_suspended_by_hand=True, changed=timezone.now())
        sessions, tokens = end_ways_in(person)
        tickets = dispatch.stop(tenant=actor.tenant, person=person)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.PERSON_SUSPENDED,
            facts={"person": found.pseudonym, "sessions": sessions, "tokens": tokens, "tickets": tickets},
        )  # fmt: skip


def restore_person(actor: Actor, *, person: UUID) -> None:
    """Let a suspended person sign in again; her tokens stay ended. May be repeated. Raises NotFound."""
    actor.require_step_up(Permission.PERSON_MANAGE)
    with actor.writing():
        found = _person(person)
        if found.is_active:
            return
        _check_appointed(actor, found)
        User.objects.filter(pk=person).update(is_active=True, is_suspended_by_hand=False, changed=timezone.now())
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.PERSON_RESTORED,
            facts={"person": found.pseudonym},
        )  # fmt: skip


def remove_factors(actor: Actor, *, person: UUID) -> None:
    """Take all second factors of somebody who has lost them away, and end her sessions. May be repeated.

    Whoever does it has made sure that it is she, as when she was added; she is told by mail. Raises NotFound, or Conflict for
    oneself: one's own need a factor that one has.
    """
    actor.require_step_up(Permission.PERSON_MANAGE)
    if person == actor.person:
        raise Conflict("person.oneself")
    with actor.writing():
        found = _person(person)
        _check_appointed(actor, found)
        kinds = dict.fromkeys(factors_of(person))
        Authenticator.objects.filter(user_id=person).delete()
        Session.objects.filter(user_id=person).delete()
        for kind in kinds:
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.FACTOR_REMOVED,
                facts={"person": found.pseudonym, "type": kind},
            )  # fmt: skip
        if kinds:
            alarms.proof_changed(found, mails.Proof.FACTOR_REMOVED)


def end_ways_in(person: UUID) -> tuple[int, int]:
    """End a person's sessions and tokens in the caller's transaction; return how many of each."""
    sessions, _ = Session.objects.filter(user_id=person).delete()
    tokens = ApiToken.objects.filter(user_id=person, revoked=None).update(revoked=timezone.now())
    return int(sessions), int(tokens)


def check_person(person: NewPerson, *, studio: tuple[str, ...] = ()) -> None:
    """Raise InvalidInput for what is no address, no name, or a password that is easily guessed in this studio."""
    try:
        validate_email(person.email)
    except ValidationError:
        raise InvalidInput("person.email") from None
    if not person.name.strip():
        raise InvalidInput("person.name")
    if person.password is None:
        return
    try:
        passwords.check(person.password, names=(person.name, person.email, *studio))
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
    EmailAddress.objects.create(user=user, email=user.email, verified=person.is_verified, primary=True)
    return user


def first_mail(person: User) -> mails.Words:
    """Return what a person without a password is sent: a link that works once; where the studio's provider lets in, only where.

    In the caller's reading.
    """
    studio = Tenant.objects.get()
    place = studio_url(studio.slug)
    if policy_here().sso_only:
        return mails.welcome(studio=studio.name, place=place)
    key = f"{person.pk.hex}-{default_token_generator.make_token(person)}"
    return mails.invitation(studio=studio.name, link=f"{place}set-password#{key}")


def locked(person: UUID) -> None:
    """Lock a person's row in the caller's transaction."""
    User.objects.select_for_update().filter(pk=person).first()


def _person(person: UUID) -> User:
    found: User | None = User.objects.select_for_update().filter(pk=person, kind=Kind.PERSON.value).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _check_needed(actor: Actor, person: User) -> None:
    _check_appointed(actor, person)
    if Grant.objects.filter(live(), user=person, role=Role.OWNER.value).exists():
        keep_an_owner(besides=person.pk)
    keep_break_glass(besides=person.pk)


def _check_appointed(actor: Actor, person: User) -> None:
    """An admin shuts out nobody whom only an owner appoints, nor lets one in again."""
    if not actor.may(Permission.OWNER_APPOINT) and person.pk in appointed_among([person.pk]):
        raise Forbidden("permission.missing", permission=Permission.OWNER_APPOINT.value)
