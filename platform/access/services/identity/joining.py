"""Who comes in by an identity provider: whom it has named before, whom a proved domain names, or somebody new.

An identity is a provider's name for a person; an e-mail address is none. An address links an account only within a domain that
the studio has proved for this very provider, and never the account of an owner, an admin or an officer, nor one to break the
glass with: those an owner links by hand.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from access.errors import SignInRefused
from access.federation.said import Said, domain_of
from access.models import CapturedDomain, Grant, IdentityProvider, RoleMapping, User, appointed_among, live, names_appointed
from access.rules import Kind
from access.services.identity.reconciling import reconcile
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.scope import Scope, current_tenant, entered, tenant_scope

_NAME: Final = 120


@dataclass(frozen=True)
class Admitted:
    """Who may come in, and the identity by which."""

    person: User
    account: SocialAccount


def admit(provider: IdentityProvider, said: Said) -> Admitted:
    """Return the person that a provider means, linked or joined if need be, with the roles that her groups give now.

    Commits, and records what it changed. Raises SignInRefused.
    """
    try:
        with tenant_scope(provider.tenant_id):
            _check_enabled(provider)
            admitted = _known(provider, said) or _captured(provider, said) or _joined(provider, said)
            reconcile(provider, admitted.person, said.groups)
    except IntegrityError:
        # Somebody else took the address or the identity in this very moment.
        raise SignInRefused("sso.try_again") from None
    return admitted


def record_refused(tenant: UUID, *, provider: str, why: str) -> None:
    """Record that a provider's word let nobody in."""
    with transaction.atomic(), entered(Scope(tenant, "app.tenant", str(tenant))):
        audit.append(
            id=uuid.uuid4(), tenant=tenant, project=None, actor="unknown", kind=Event.SESSION_REFUSED,
            facts={"why": why, "provider": provider},
        )  # fmt: skip


def session_digest(provider: UUID, session: str) -> str:
    """Return what is kept of a provider's name for its own session."""
    return hashlib.sha256(f"{provider}:{session}".encode()).hexdigest() if session else ""


def by(provider: IdentityProvider) -> str:
    """Return how the ledger calls a provider that acts."""
    return f"provider:{provider.slug}"[:64]


def is_protected(person: User) -> bool:
    """Return whether only an owner's hand links this account: of who is appointed, or one to break the glass with."""
    return person.is_break_glass or person.pk in appointed_among([person.pk])


def speaks_for_protected(provider: IdentityProvider) -> bool:
    """Return whether a provider's word signs somebody in whom only an owner's hand links, or gives what only an owner gives."""
    linked = SocialAccount.objects.filter(provider=provider.slug).values_list("user_id", flat=True)
    people = User.objects.filter(pk__in=linked)
    is_theirs = people.filter(is_break_glass=True).exists() or bool(appointed_among(people.values_list("pk", flat=True)))
    return is_theirs or _gives_appointed(provider)


def _gives_appointed(provider: IdentityProvider) -> bool:
    """Return whether a mapping gives an appointed role, itself or by a group that holds one."""
    mapped = RoleMapping.objects.filter(provider=provider)
    by_groups = Grant.objects.filter(live(), group__in=mapped.values("group"))
    given = [rows.values_list("role", "custom__permissions") for rows in (mapped.filter(group=None), by_groups)]
    return any(names_appointed(role, permissions) for rows in given for role, permissions in rows)


def _check_enabled(provider: IdentityProvider) -> None:
    """Raise SignInRefused for one that was switched off on the way; whoever changes what it gives waits, or is waited for."""
    if not IdentityProvider.objects.select_for_update().filter(pk=provider.pk, is_enabled=True).exists():
        raise SignInRefused("sso.try_again")


def _known(provider: IdentityProvider, said: Said) -> Admitted | None:
    account = SocialAccount.objects.filter(provider=provider.slug, uid=said.uid).select_related("user").first()
    if account is None:
        return None
    _check_person(account.user)
    return Admitted(account.user, account)


def _captured(provider: IdentityProvider, said: Said) -> Admitted | None:
    person: User | None = User.objects.filter(email=said.email).first() if said.email else None
    if person is None:
        return None
    is_taken = SocialAccount.objects.filter(provider=provider.slug, user=person).exists()
    if not _captures(provider, said.email) or said.email_verified is False or is_protected(person) or is_taken:
        raise SignInRefused("sso.admin_links")
    _check_person(person)
    account = SocialAccount.objects.create(provider=provider.slug, uid=said.uid, user=person, extra_data={})
    _record(provider, Event.PERSON_LINKED, person)
    return Admitted(person, account)


def _joined(provider: IdentityProvider, said: Said) -> Admitted:
    if not provider.is_joining:
        raise SignInRefused("sso.unknown_person")
    if not said.email:
        raise SignInRefused("sso.no_email")
    captured = CapturedDomain.objects.filter(domain=domain_of(said.email), proved__isnull=False).first()
    if captured is not None and captured.provider_id != provider.pk:
        raise SignInRefused("sso.domain_of_another")
    if EmailAddress.objects.filter(email__iexact=said.email).exists():
        raise SignInRefused("sso.admin_links")
    name = said.name or said.email.partition("@")[0]
    person = User(kind=Kind.PERSON.value, email=said.email, display_name=name[:_NAME], pseudonym=f"p_{secrets.token_hex(8)}")
    person.set_unusable_password()
    person.save(force_insert=True)
    verified = captured is not None and said.email_verified is not False
    EmailAddress.objects.create(user=person, email=said.email, verified=verified, primary=True)
    account = SocialAccount.objects.create(provider=provider.slug, uid=said.uid, user=person, extra_data={})
    _record(provider, Event.PERSON_JOINED, person)
    return Admitted(person, account)


def _captures(provider: IdentityProvider, email: str) -> bool:
    return bool(CapturedDomain.objects.filter(domain=domain_of(email), proved__isnull=False, provider_id=provider.pk).exists())


def _check_person(person: User) -> None:
    if not person.is_active or person.kind != Kind.PERSON:
        raise SignInRefused("sso.suspended")


def _record(provider: IdentityProvider, kind: Event, person: User) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=current_tenant(), project=None, actor=by(provider), kind=kind,
        facts={"person": person.pseudonym, "provider": provider.slug},
    )  # fmt: skip
