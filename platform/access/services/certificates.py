"""Certificates of identity providers that end: recorded, and told to the owners, once for each end and threshold.

What was told is read from the ledger: the entry's id is made of the provider, the end and the threshold, so that the database
itself holds no second one.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from access.actor import Actor
from access.models import IdentityProvider
from access.rules import WARN_WITHIN, Ending, ending
from access.services import alarms
from governance.audit import services as audit
from governance.audit.events import Event


@dataclass(frozen=True)
class Near:
    """A provider whose certificate ends, when, and which threshold that is."""

    row: IdentityProvider
    ends: datetime
    said: Ending

    @property
    def entry(self) -> UUID:
        """Return the id of the one entry that tells of it."""
        return uuid.uuid5(self.row.pk, f"certificate {self.ends.timestamp():.0f} {self.said.value}")


def tell_of_certificates(actor: Actor) -> int:
    """Record which enabled providers' certificates end soon or have ended, mail the owners, and return how many are new.

    The standing ticket's work; may be repeated. A mail that is lost is not sent again, its entry stands.
    """
    now = timezone.now()
    with actor.writing():
        near = IdentityProvider.objects.filter(is_enabled=True, certificate_ends__lte=now + WARN_WITHIN).order_by("slug")
        dated = [(row, row.certificate_ends) for row in near if row.certificate_ends is not None]
        all_near = [Near(row, ends, said) for row, ends in dated if (said := ending(ends, now)) is not None]
        new = [one for one in all_near if not audit.entries(audit.Filter(entry=one.entry, limit=1))]
        for one in new:
            _record(actor, one)
    if new:
        with actor.reading():
            for one in new:
                alarms.certificate_ending(one.row, ends=one.ends, is_past=one.said is Ending.PAST)
    return len(new)


def _record(actor: Actor, near: Near) -> None:
    audit.append(
        id=near.entry, tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.PROVIDER_CERTIFICATE_ENDING,
        facts={"provider": near.row.slug, "certificate_ends": near.ends.isoformat(), "threshold": near.said.value},
    )  # fmt: skip
