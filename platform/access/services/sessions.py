"""What is recorded of sessions, and the end of those that nobody uses any more."""

import uuid
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from access.actor import Actor
from access.models import Session
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.scope import Scope, entered

IDLE: Final = timedelta(hours=12)
LONGEST: Final = timedelta(days=7)


class Refused(StrEnum):
    """Why somebody was not let in; by whom it was tried stays unsaid."""

    WRONG = "wrong"
    TOO_MANY_ATTEMPTS = "too_many_attempts"


def record_opened(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a session was opened."""
    _record(tenant, Event.SESSION_OPENED, actor=pseudonym, facts={})


def record_refused(*, tenant: UUID, why: Refused) -> None:
    """Record that somebody was not let in."""
    _record(tenant, Event.SESSION_REFUSED, actor="unknown", facts={"why": why.value})


def record_new_password(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a person changed her password; her other sessions ended with it."""
    _record(tenant, Event.PERSON_PASSWORD_CHANGED, actor=pseudonym, facts={})


def sweep_sessions(actor: Actor) -> int:
    """Remove the tenant's ended sessions and return how many; the standing ticket's work, which needs no entry."""
    now = timezone.now()
    with actor.writing():
        removed, _ = Session.objects.filter(models.Q(expires__lte=now) | models.Q(seen__lte=now - IDLE)).delete()
    return int(removed)


def _record(tenant: UUID, kind: Event, *, actor: str, facts: dict[str, str]) -> None:
    with transaction.atomic(), entered(Scope(tenant, "app.tenant", str(tenant))):
        audit.append(id=uuid.uuid4(), tenant=tenant, project=None, actor=actor, kind=kind, facts=facts)
