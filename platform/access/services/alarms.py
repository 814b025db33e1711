"""Alarms: what an owner has to know at once, by mail; and for the operator a line in the log that names nobody."""

import logging
from typing import Final

from django.utils import timezone

from access import mails
from access.models import Grant, Tenant, User, live
from access.roles import Role

log: Final = logging.getLogger(__name__)


def glass_broken(person: User, *, address: str) -> None:
    """Tell every owner that a break-glass account signed in, in the caller's scope."""
    log.warning("a break-glass account signed in: tenant %s, person %s", person.tenant_id, person.pseudonym)
    owners = Grant.objects.filter(live(), role=Role.OWNER.value, project=None, user__is_active=True, user__email__isnull=False)
    when = timezone.now().isoformat(timespec="seconds")
    words = mails.glass_broken(studio=Tenant.objects.get().name, name=person.display_name, when=when, address=address)
    mails.send(words, to=sorted(set(owners.values_list("user__email", flat=True))))
