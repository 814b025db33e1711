"""Alarms: what an owner has to know at once, by mail; and for the operator a line in the log that names nobody."""

import logging
from typing import Final

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


def certificate_ending(provider: IdentityProvider, *, is_past: bool) -> None:
    """Tell every owner that a provider's certificate ends soon or has ended, in the caller's scope."""
    log.warning("a provider's certificate %s: tenant %s", "has ended" if is_past else "ends soon", provider.tenant_id)
    words = mails.certificate_ending(
        studio=Tenant.objects.get().name, provider=provider.name,
        when=provider.certificate_ends.isoformat(timespec="minutes"), is_past=is_past,
    )  # fmt: skip
    mails.send(words, to=_owners())


def _owners() -> list[str]:
    owners = Grant.objects.filter(live(), role=Role.OWNER.value, project=None, user__is_active=True, user__email__isnull=False)
    return sorted(set(owners.values_list("user__email", flat=True)))
