"""Certificates of identity providers that end: recorded, and told to the owners, once for each end and threshold.

What was told is read from the ledger: the entry's id is made of the provider, the end and the threshold, so that the database
itself holds no second one.
"""

import uuid
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from access.actor import Actor
from access.models import IdentityProvider
from access.rules import WARN_WITHIN, Ending, ending
from access.services import alarms
from governance.audit import services as audit
from governance.audit.events import Event


def tell_of_certificates(actor: Actor) -> int:
    """Record which enabled providers' certificates end soon or have ended, mail the owners, and return how many are new.

    The standing ticket's work; may be repeated. A mail that is lost is not sent again, its entry stands.
    """
    now = timezone.now()
    with actor.writing():
        near = IdentityProvider.objects.filter(is_enabled=True, certificate_ends__lte=now + WARN_WITHIN).order_by("slug")
        new = [(row, said) for row in near if (said := ending(row.certificate_ends, now)) and not _is_told(row, said)]
        for row, said in new:
            _record(actor, row, said)
    if new:
        with actor.reading():
            for row, said in new:
                alarms.certificate_ending(row, is_past=said is Ending.PAST)
    return len(new)


def _is_told(row: IdentityProvider, said: Ending) -> bool:
    return bool(audit.entries(audit.Filter(entry=_entry_of(row.pk, row.certificate_ends, said), limit=1)))


def _entry_of(provider: UUID, ends: datetime, said: Ending) -> UUID:
    return uuid.uuid5(provider, f"certificate {ends.timestamp():.0f} {said.value}")


def _record(actor: Actor, row: IdentityProvider, said: Ending) -> None:
    audit.append(
        id=_entry_of(row.pk, row.certificate_ends, said), tenant=actor.tenant, project=None, actor=actor.pseudonym,
        kind=Event.PROVIDER_CERTIFICATE_ENDING,
        facts={"provider": row.slug, "certificate_ends": row.certificate_ends.isoformat(), "threshold": said.value},
    )  # fmt: skip
