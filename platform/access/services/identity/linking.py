"""An admin says by hand whom a provider means where no proved domain may; for who is appointed an owner says it, always."""

import uuid
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError
from django.db.models import F, OuterRef, QuerySet, Subquery

from access.actor import Actor
from access.models import ApiToken, IdentityProvider, Session, User
from access.roles import Permission
from access.rules import Kind
from access.services.identity.joining import is_protected
from access.services.identity.providers import the_provider
from access.services.tokens import revoke_each
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound


def identities_of(actor: Actor, *, person: UUID) -> "QuerySet[Any]":
    """Return what links a person to providers, with each provider's id and name, in the caller's reading. Raises NotFound."""
    actor.require(Permission.PERSON_MANAGE)
    providers = IdentityProvider.objects.filter(slug=OuterRef("provider"))
    rows: QuerySet[Any] = SocialAccount.objects.filter(user=_person(person)).annotate(
        provider_id=Subquery(providers.values("pk")), provider_name=Subquery(providers.values("name")), created=F("date_joined")
    )
    return rows


def link_identity(actor: Actor, *, person: UUID, provider: UUID, uid: str) -> None:
    """Link a provider's name for a person to her account. Raises Forbidden, NotFound, or Conflict for a name that is linked."""
    actor.require_step_up(Permission.PERSON_MANAGE)
    if not uid.strip() or len(uid) > 255:
        raise InvalidInput("identity.name")
    try:
        with actor.writing():
            found, row = _person(person), the_provider(provider)
            _check_protected(actor, found)
            SocialAccount.objects.create(provider=row.slug, uid=uid, user=found, extra_data={})
            _record(actor, Event.PERSON_LINKED, found, row.slug)
    except IntegrityError:
        raise Conflict("identity.linked") from None


def unlink_identity(actor: Actor, *, person: UUID, provider: UUID) -> None:
    """Take away what links a person to a provider, and end the sessions and tokens that came by it. May be repeated.

    Raises NotFound, or Forbidden.
    """
    actor.require_step_up(Permission.PERSON_MANAGE)
    with actor.writing():
        found, row = _person(person), the_provider(provider)
        _check_protected(actor, found)
        removed, _ = SocialAccount.objects.filter(provider=row.slug, user=found).delete()
        if removed:
            Session.objects.filter(user_id=found.pk, provider_id=row.pk).delete()
            revoke_each(actor, ApiToken.objects.filter(user_id=found.pk, provider_id=row.pk), why="unlinked")
            _record(actor, Event.PERSON_UNLINKED, found, row.slug)


def _check_protected(actor: Actor, person: User) -> None:
    """Whoever links one who is appointed could act as she by his own account at the provider."""
    if is_protected(person):
        actor.require(Permission.OWNER_APPOINT)


def _person(person: UUID) -> User:
    found: User | None = User.objects.filter(pk=person, kind=Kind.PERSON).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _record(actor: Actor, kind: Event, person: User, provider: str) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"person": person.pseudonym, "provider": provider},
    )  # fmt: skip
