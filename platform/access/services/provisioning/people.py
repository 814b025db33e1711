"""People whom an identity provider's directory adds, changes, suspends, restores and removes.

She needs no password. Whoever is suspended or removed loses sessions, tokens and tickets in the same transaction, and
with the tickets every key that a worker holds for them. Whom somebody here has suspended stays so. Roles are no matter of
provisioning: an admin grants them.
"""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils import timezone

from access.actor import Actor
from access.models import CapturedDomain, GroupMember, User, appointed_among
from access.roles import Permission
from access.services.people import end_ways_in
from access.services.provisioning.rows import REMOVED, in_turn, people, touchable
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput

# Who she is and where her mails go: for who is appointed no directory says it, or it could be she by a link to a new password.
_OF_HER: Final = frozenset({"user_name", "email", "display_name", "given_name", "family_name"})
LONGEST: Final = {"user_name": 255, "external_id": 255, "email": 254, "display_name": 120, "given_name": 120, "family_name": 120}


@dataclass(frozen=True)
class ProvisionedPerson:
    """What a directory says of a person."""

    user_name: str
    email: str
    display_name: str
    external_id: str = ""
    given_name: str = ""
    family_name: str = ""
    is_active: bool = True


def create_person(actor: Actor, *, wanted: ProvisionedPerson) -> User:
    """Add a person. Raises InvalidInput, or Conflict for a name or an address that the tenant has."""
    actor.require(Permission.PERSON_MANAGE)
    _check(wanted)
    try:
        with actor.writing():
            in_turn()
            _check_free(wanted, besides=None)
            user = User(pseudonym=f"p_{secrets.token_hex(8)}", **asdict(wanted))
            user.set_unusable_password()
            user.save(force_insert=True)
            _keep_address(user)
            _record(actor, Event.PERSON_ADDED, user, {})
    except IntegrityError:
        raise Conflict("person.email_taken") from None
    return user


def change_person(actor: Actor, *, person: UUID, change: Callable[[User], ProvisionedPerson]) -> User:
    """Make a person what `change` says of her as she is, which may raise; may be repeated.

    Who is appointed can be suspended and restored, and keeps her name and address. Raises NotFound, InvalidInput, Conflict, or
    Forbidden for that and for whom provisioning never touches.
    """
    actor.require(Permission.PERSON_MANAGE)
    try:
        with actor.writing():
            in_turn()
            user = touchable(person)
            wanted = change(user)
            _check(wanted)
            _check_free(wanted, besides=user.pk)
            _change(actor, user, wanted)
    except IntegrityError:
        raise Conflict("person.email_taken") from None
    return user


def remove_person(actor: Actor, *, person: UUID, check: Callable[[User], None]) -> None:
    """Suspend a person for good and forget the directory's names for her; her name stays in her works. `check` may raise.

    Raises NotFound, also the second time, or Forbidden for whom provisioning never touches.
    """
    actor.require(Permission.PERSON_MANAGE)
    with actor.writing():
        in_turn()
        user = touchable(person)
        check(user)
        ended = end_everything(actor, user)
        EmailAddress.objects.filter(user_id=user.pk).delete()
        SocialAccount.objects.filter(user_id=user.pk).delete()
        Authenticator.objects.filter(user_id=user.pk).delete()
        left = list(GroupMember.objects.filter(user_id=user.pk).values_list("group_id", flat=True))
        GroupMember.objects.filter(user_id=user.pk).delete()
        User.objects.filter(pk=user.pk).update(
            is_active=False, user_name=None, external_id="", email=f"{user.pseudonym}{REMOVED}", changed=timezone.now()
        )
        for group in left:
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.GROUP_MEMBER_REMOVED,
                facts={"group": str(group), "person": user.pseudonym},
            )  # fmt: skip
        _record(actor, Event.PERSON_REMOVED, user, ended)


def end_everything(actor: Actor, user: User) -> dict[str, int]:
    """End a person's sessions, tokens and tickets in the caller's transaction, and return how many of each.

    Whoever works for her learns it at its next look, and the keeper opens nothing for it from now on.
    """
    sessions, tokens = end_ways_in(user.pk)
    return {"sessions": sessions, "tokens": tokens, "tickets": dispatch.stop(tenant=actor.tenant, person=user.pk)}


def _check(wanted: ProvisionedPerson) -> None:
    for name, most in LONGEST.items():
        value = getattr(wanted, name)
        if len(value) > most or "\x00" in value:
            raise InvalidInput("provisioning.value", field=name, most=most)
    if not (wanted.user_name.strip() and wanted.display_name.strip()):
        raise InvalidInput("person.name")
    try:
        validate_email(wanted.email)
    except ValidationError:
        raise InvalidInput("person.email") from None
    if wanted.email.lower().endswith(REMOVED):
        raise InvalidInput("person.email")


def _check_free(wanted: ProvisionedPerson, *, besides: UUID | None) -> None:
    if people().filter(known_as__iexact=wanted.user_name).exclude(pk=besides).exists():
        raise Conflict("person.name_taken")
    if User.objects.filter(email__iexact=wanted.email).exclude(pk=besides).exists():
        raise Conflict("person.email_taken")


def _change(actor: Actor, user: User, wanted: ProvisionedPerson) -> None:
    said: dict[str, Any] = asdict(wanted)
    if user.is_suspended_by_hand:
        said["is_active"] = False
    new = {name: value for name, value in said.items() if getattr(user, name) != value}
    if _changes_her(user, new) and user.pk in appointed_among([user.pk]):
        new = _of_one_appointed(new)
    if not new:
        return
    User.objects.filter(pk=user.pk).update(**new, changed=timezone.now())
    user.refresh_from_db()
    if "email" in new:
        _keep_address(user)
    names = sorted(new.keys() - {"is_active"})
    if names:
        _record(actor, Event.PERSON_CHANGED, user, {"changed": names})
    if new.get("is_active") is True:
        _record(actor, Event.PERSON_RESTORED, user, {})
    elif new.get("is_active") is False:
        _record(actor, Event.PERSON_SUSPENDED, user, end_everything(actor, user))


def _changes_her(user: User, new: dict[str, Any]) -> bool:
    # Until it gives her a name, she is told to it by her address.
    same = {"user_name"} if user.user_name is None and str(new.get("user_name")).lower() == user.email else set()
    return bool(new.keys() & _OF_HER - same)


def _of_one_appointed(new: dict[str, Any]) -> dict[str, Any]:
    """Return what changes of an appointed person: to shut her out is taken whatever comes with it, and nothing else is."""
    if new.get("is_active") is not False:
        raise Forbidden("provisioning.untouched", why="appointed")
    return {"is_active": False}


def _keep_address(user: User) -> None:
    """Keep one address, which counts as verified only in a domain that the tenant has proved to be its own."""
    domain = str(user.email).rpartition("@")[2].lower()
    is_proved = CapturedDomain.objects.filter(domain=domain, proved__isnull=False).exists()
    EmailAddress.objects.filter(user_id=user.pk).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=is_proved, primary=True)


def _record(actor: Actor, kind: Event, user: User, facts: dict[str, Any]) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"person": user.pseudonym, **facts},
    )  # fmt: skip
