"""A studio's identity providers: described, tested, saved, enabled, refreshed and removed by its admins."""

import uuid
from typing import Any, Final
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError
from django.utils import timezone

from access.actor import Actor
from access.federation import drafts
from access.federation.drafts import Draft
from access.models import ApiToken, CapturedDomain, IdentityProvider, Session
from access.roles import Permission
from access.rules import Protocol
from access.sealed import seal_secret
from access.services.identity.describing import Wanted, describe, drawn, read
from access.services.identity.joining import speaks_for_protected
from access.services.identity.reconciling import take_all
from access.services.security import keep_provider
from access.services.tokens import revoke_each
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound

# What an admin may change, and how the ledger calls it; none of these is a secret or anybody's claim.
_PLAIN: Final = ("name", "email_claim", "name_claim", "groups_claim", "is_joining", "is_enabled", "client_id")
_RECORDED: Final = (*_PLAIN, "metadata_url", "issuer", "endpoints")


def begin_test(actor: Actor, *, wanted: Wanted | None = None, provider: UUID | None = None) -> Draft:
    """Return a test of a provider as it is described, or as it stands. Nothing is saved; raises InvalidInput or NotReached."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    if wanted is not None:
        row = drawn(wanted, tenant=actor.tenant)
    else:
        with actor.reading():
            row = the_provider(provider)
    return drafts.begin(row, tenant=actor.tenant, asker=actor.person, pseudonym=actor.pseudonym)


def received(actor: Actor, *, ticket: str) -> dict[str, Any]:
    """Return what a test received, once, to who asked for it; nothing until it is there, and to anybody else."""
    actor.require(Permission.IDENTITY_CONFIGURE)
    return drafts.pick_up(ticket, tenant=actor.tenant, asker=actor.person) or {"claims": None, "why": ""}


def add_provider(actor: Actor, *, wanted: Wanted, ticket: str = "") -> IdentityProvider:
    """Save a provider, not enabled. With the ticket of a test of just this one it counts as tested. Raises Conflict."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    row = _as_tested(actor, wanted, ticket) if ticket else drawn(wanted, tenant=actor.tenant)
    row.tested = timezone.now() if drafts.has_passed(row) else None
    try:
        with actor.writing():
            row.save(force_insert=True)
            _record(actor, Event.PROVIDER_ADDED, row, {"after": _told(row)})
    except IntegrityError:
        raise Conflict("provider.name_taken") from None
    return row


def change_provider(actor: Actor, *, provider: UUID, changes: dict[str, Any]) -> IdentityProvider:
    """Change a provider: names of claims, client, joining, or whether people may sign in by it (which needs a passed test).

    Switching it off ends the sessions that it opened and takes what its groups gave; each comes back by a sign-in after it is
    enabled again. Tokens that were issued in those sessions open nothing meanwhile. Whose provider it is never changes: another
    issuer is another provider. Raises InvalidInput, NotFound, Forbidden for what decides whom a provider names, where that may be
    who is appointed, or Conflict, also for switching off the last one of a studio that signs in by its provider alone.
    """
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    secret, ended = changes.get("client_secret"), 0
    sealed = seal_secret(secret, tenant=actor.tenant) if secret else None
    with actor.writing():
        row = the_provider(provider, lock=True)
        before, stood = _told(row), _decides(row)
        for name in _PLAIN:
            setattr(row, name, changes.get(name, getattr(row, name)))
        if row.protocol == Protocol.OIDC and sealed:
            row.sealed_secret = sealed
        if _decides(row) != stood and speaks_for_protected(row):
            # Another claim, or another program's word, could call anybody an admin.
            actor.require(Permission.OWNER_APPOINT)
        if sealed or before["client_id"] != row.client_id:
            row.tested = timezone.now() if drafts.has_passed(row) else None
        if row.is_enabled and not before["is_enabled"] and not row.is_tested_as_it_stands:
            raise Conflict("provider.not_tested")
        if before["is_enabled"] and not row.is_enabled:
            keep_provider(besides=row.pk)
            ended = _end(row)
        row.changed = timezone.now()
        row.save(update_fields=[*_PLAIN, "sealed_secret", "tested", "changed"])
        _record(
            actor, Event.PROVIDER_CHANGED, row, {"before": before, "after": _told(row), "secret": bool(sealed), "sessions": ended}
        )
    return row


def refresh_provider(actor: Actor, *, provider: UUID, metadata: str = "") -> IdentityProvider:
    """Read a provider's metadata anew, from its address or from what is given; its issuer must be the same.

    An enabled one goes on with what is new, and says that its test is older. Raises InvalidInput, NotFound or NotReached, and
    Forbidden for other keys that are brought by hand to a provider that signs in, or makes, who is appointed: those an owner
    brings.
    """
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.reading():
        known = the_provider(provider)
    wanted = Wanted(
        name=known.name, protocol=Protocol(known.protocol), issuer=known.issuer, metadata_url=known.metadata_url, metadata=metadata
    )
    described = read(wanted)
    with actor.writing():
        row = the_provider(provider, lock=True)
        before, stood = _told(row), (row.endpoints, row.certificates)
        describe(row, described)
        row.changed = timezone.now()
        if (row.endpoints, row.certificates) != stood:
            if metadata and speaks_for_protected(row):
                # Whoever brings other keys could speak for everybody whom the provider signs in, and for every group.
                actor.require(Permission.OWNER_APPOINT)
            row.redescribed = row.changed
        row.save(update_fields=["endpoints", "certificates", "certificate_ends", "redescribed", "changed"])
        _record(actor, Event.PROVIDER_CHANGED, row, {"before": before, "after": _told(row)})
    return row


def remove_provider(actor: Actor, *, provider: UUID) -> None:
    """Remove a provider with all identities, roles, sessions and tokens that came by it. May not be repeated: NotFound.

    Raises Conflict for the last one of a studio that signs in by its provider alone.
    """
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.writing():
        row = the_provider(provider, lock=True)
        if row.is_enabled:
            keep_provider(besides=row.pk)
        sessions = _end(row)
        tokens = revoke_each(actor, ApiToken.objects.filter(provider_id=row.pk), why="provider_removed")
        # Another provider of this name would otherwise inherit whom this one named.
        identities, _ = SocialAccount.objects.filter(provider=row.slug).delete()
        CapturedDomain.objects.filter(provider=row).update(provider=None)
        IdentityProvider.objects.filter(pk=row.pk).delete()
        went = {"identities": identities, "sessions": sessions, "tokens": tokens}
        _record(actor, Event.PROVIDER_REMOVED, row, {"before": _told(row), **went})


def the_provider(provider: UUID | None, *, lock: bool = False) -> IdentityProvider:
    """Return a provider in the caller's scope. Raises NotFound."""
    rows = IdentityProvider.objects.select_for_update() if lock else IdentityProvider.objects.all()
    found: IdentityProvider | None = rows.filter(pk=provider).first()
    if found is None:
        raise NotFound("provider.unknown")
    return found


def _decides(row: IdentityProvider) -> tuple[str, str, str]:
    """Return what decides, besides the metadata, whom and which groups a provider's word names."""
    return row.groups_claim, row.client_id, row.sealed_secret


def _end(row: IdentityProvider) -> int:
    """Take what a provider's groups gave and end the sessions that it opened; return how many."""
    take_all(row)
    sessions, _ = Session.objects.filter(provider_id=row.pk).delete()
    return int(sessions)


def _as_tested(actor: Actor, wanted: Wanted, ticket: str) -> IdentityProvider:
    """Return the provider of a test, with what the admin may name otherwise since; the same provider it must be."""
    draft = drafts.under_way(ticket, tenant=actor.tenant)
    if draft is None or draft.asker != actor.person:
        raise NotFound("test.unknown")
    row = draft.row
    if row.protocol != wanted.protocol or (wanted.slug and wanted.slug != row.slug):
        raise InvalidInput("test.of_another")
    row.name = wanted.name.strip() or row.name
    row.email_claim, row.name_claim, row.groups_claim = wanted.email_claim, wanted.name_claim, wanted.groups_claim
    row.is_joining = wanted.is_joining
    return row


def _told(row: IdentityProvider) -> dict[str, Any]:
    """Return what the ledger says of a provider: its own addresses and switches, never a secret."""
    told = {name: getattr(row, name) for name in _RECORDED}
    told["endpoints"] = {
        name: value for name, value in row.endpoints.items() if isinstance(value, str) and name != "own_certificate"
    }
    ends = row.certificate_ends
    return {**told, "certificates": len(row.certificates), "certificate_ends": None if ends is None else ends.isoformat()}


def _record(actor: Actor, kind: Event, row: IdentityProvider, facts: dict[str, Any]) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"provider": row.slug, "protocol": row.protocol, **facts},
    )  # fmt: skip
