"""Alarms: what an owner, or a person herself, has to know at once, by mail; for the operator a line that names nobody."""

import logging
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from access import mails
from access.models import Grant, IdentityProvider, Tenant, User, live
from access.roles import Role

log: Final = logging.getLogger(__name__)


def glass_broken(person: User, *, address: str) -> None:
    """Tell every owner that a break-glass account signed in, in the caller's scope."""
    log.warning("a break-glass account signed in: tenant %s, person %s", person.tenant_id, person.pseudonym)
    when = timezone.now().isoformat(timespec="seconds")
    words = mails.glass_broken(studio=Tenant.objects.get().name, name=person.display_name, when=when, address=address)
    mails.send(words, to=_owners())


def certificate_ending(provider: IdentityProvider, *, ends: datetime, is_past: bool) -> None:
    """Tell every owner that a provider's certificate ends soon or has ended, in the caller's scope."""
    log.warning("a provider's certificate %s: tenant %s", "has ended" if is_past else "ends soon", provider.tenant_id)
    words = mails.certificate_ending(
        studio=Tenant.objects.get().name, provider=provider.name,
        when=ends.isoformat(timespec="minutes"), is_past=is_past,
    )  # fmt: skip
    mails.send(words, to=_owners())


def proof_changed(person: User, what: mails.Proof) -> None:
    """Tell a person that her way to sign in has changed, once it has: in the caller's scope, sent when its change commits."""
    if person.email is None:
        return
    when, to = timezone.now().isoformat(timespec="seconds"), str(person.email)
    words = mails.proof_changed(what, studio=Tenant.objects.get().name, when=when)
    transaction.on_commit(lambda: mails.send(words, to=[to]))


def _owners() -> list[str]:
    owners = Grant.objects.filter(live(), role=Role.OWNER.value, project=None, user__is_active=True, user__email__isnull=False)
    return sorted(set(owners.values_list("user__email", flat=True)))
