"""E-mail domains that a studio claims: proved at the domain's own address, they lead there and link accounts."""

import secrets
import uuid
from typing import Final
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from access import outward
from access.actor import Actor
from access.models import CapturedDomain, DomainAddress, Tenant
from access.outward.places import NotReached
from access.roles import Permission
from access.rules import is_domain
from access.services.identity.providers import the_provider
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound

WELL_KNOWN: Final = "/.well-known/guildhall-domain-verification"


def claim_domain(actor: Actor, *, domain: str, provider: UUID | None = None) -> CapturedDomain:
    """Claim a domain for a provider; it means nothing until it is proved. Raises InvalidInput, Conflict or NotFound."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    name = domain.strip().lower().removeprefix("@")
    if not is_domain(name):
        raise InvalidInput("domain.form")
    try:
        with actor.writing():
            row = the_provider(provider) if provider else None
            made: CapturedDomain = CapturedDomain.objects.create(domain=name, provider=row, challenge=secrets.token_hex(24))
            _record(actor, Event.DOMAIN_CLAIMED, name, provider=row.slug if row else "")
    except IntegrityError:
        raise Conflict("domain.claimed") from None
    return made


def prove_domain(actor: Actor, *, domain: UUID) -> CapturedDomain:
    """Look whether the domain itself shows the challenge; from then on it leads here. Raises InvalidInput or Conflict."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.reading():
        claimed = the_domain(domain)
    if claimed.proved is None and not _shows(claimed):
        raise InvalidInput("domain.not_proved")
    try:
        with actor.writing():
            row = the_domain(domain)
            if row.challenge != claimed.challenge:
                raise Conflict("domain.not_proved")
            if row.proved is None:
                row.proved = timezone.now()
                CapturedDomain.objects.filter(pk=row.pk).update(proved=row.proved)
                DomainAddress.objects.create(domain=row.domain, slug=Tenant.objects.get().slug, tenant_id=actor.tenant)
                _record(actor, Event.DOMAIN_PROVED, row.domain)
    except IntegrityError:
        raise Conflict("domain.proved_elsewhere") from None
    return row


def release_domain(actor: Actor, *, domain: UUID) -> None:
    """Give a domain up: it leads nowhere and links nobody from now on. Raises NotFound."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.writing():
        row = the_domain(domain)
        DomainAddress.objects.filter(domain=row.domain, tenant_id=actor.tenant).delete()
        CapturedDomain.objects.filter(pk=row.pk).delete()
        _record(actor, Event.DOMAIN_RELEASED, row.domain)


def the_domain(domain: UUID) -> CapturedDomain:
    """Return a claimed domain in the caller's scope. Raises NotFound."""
    found: CapturedDomain | None = CapturedDomain.objects.filter(pk=domain).first()
    if found is None:
        raise NotFound("domain.unknown")
    return found


def _shows(claimed: CapturedDomain) -> bool:
    try:
        text = outward.fetch(f"https://{claimed.domain}{WELL_KNOWN}")
    except NotReached:
        return False
    return claimed.challenge.encode() in text.split()


def _record(actor: Actor, kind: Event, domain: str, **facts: str) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind, facts={"domain": domain, **facts}
    )
