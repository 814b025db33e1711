"""Sessions: what is recorded of them, who sees and ends them, and the end of those that nobody uses any more."""

import uuid
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from access.actor import Actor
from access.gate import LONGEST, LONGEST_IDLE
from access.models import Session, User
from access.roles import Permission
from access.services.admitting import policy_here
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import NotFound
from kernel.scope import Scope, entered

IDLE: Final = LONGEST_IDLE


class Refused(StrEnum):
    """Why somebody was not let in; by whom it was tried stays unsaid."""

    WRONG = "wrong"
    WRONG_FACTOR = "wrong_factor"
    TOO_MANY_ATTEMPTS = "too_many_attempts"


def record_opened(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a session was opened."""
    _record(tenant, Event.SESSION_OPENED, actor=pseudonym, facts={})


def record_refused(*, tenant: UUID, why: Refused) -> None:
    """Record that somebody was not let in."""
    _record(tenant, Event.SESSION_REFUSED, actor="unknown", facts={"why": why.value})


def record_signed_out(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a person ended her session herself."""
    _record(tenant, Event.SESSION_ENDED, actor=pseudonym, facts={"person": pseudonym, "sessions": 1, "why": "signed_out"})


def record_new_password(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a person changed her password; her other sessions ended with it."""
    _record(tenant, Event.PERSON_PASSWORD_CHANGED, actor=pseudonym, facts={})


def record_factor_added(*, tenant: UUID, pseudonym: str, kind: str) -> None:
    """Record that a person has one more second factor, by its kind alone."""
    _record(tenant, Event.FACTOR_ADDED, actor=pseudonym, facts={"type": kind})


def record_factor_removed(*, tenant: UUID, pseudonym: str, kind: str) -> None:
    """Record that a person has a second factor less."""
    _record(tenant, Event.FACTOR_REMOVED, actor=pseudonym, facts={"type": kind})


def record_recovery_codes(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a person's recovery codes were made, which ends those before."""
    _record(tenant, Event.RECOVERY_CODES_MADE, actor=pseudonym, facts={})


def record_break_glass(*, tenant: UUID, pseudonym: str) -> None:
    """Record that a break-glass account signed in without the provider."""
    _record(tenant, Event.BREAK_GLASS_USED, actor=pseudonym, facts={})


def sessions_of(actor: Actor, person: UUID) -> Any:
    """Return a person's sessions that go on, in the caller's scope: the Actor's own, or anybody's for who manages people."""
    _check_reach(actor, person)
    policy, now = policy_here(), timezone.now()
    return Session.objects.filter(
        user_id=person, expires__gt=now, created__gt=now - policy.session, seen__gt=now - policy.idle
    )  # fmt: skip


def end_session(actor: Actor, *, session: UUID) -> None:
    """End one of the Actor's own sessions at once. Raises NotFound."""
    with actor.writing():
        ended, _ = Session.objects.filter(pk=session, user_id=actor.person).delete()
        if not ended:
            raise NotFound("session.unknown")
        _ended(actor, pseudonym=actor.pseudonym, count=1)


def end_sessions(actor: Actor, *, person: UUID | None = None, besides: str = "") -> int:
    """End all sessions of the Actor's own but that of the digest `besides`, or all of a person's; return how many.

    For a person named, whoever it is, it needs the right to manage people, with a fresh second factor. May be repeated.
    """
    if person is not None:
        actor.require_step_up(Permission.PERSON_MANAGE)
    whose = actor.person if person is None else person
    with actor.writing():
        found: User | None = User.objects.filter(pk=whose).first()
        if found is None:
            raise NotFound("person.unknown")
        ended, _ = Session.objects.filter(user_id=whose).exclude(digest=besides).delete()
        if ended:
            _ended(actor, pseudonym=found.pseudonym, count=int(ended))
    return int(ended)


def sweep_sessions(actor: Actor) -> int:
    """Remove the tenant's ended sessions and return how many; the standing ticket's work, which needs no entry."""
    now = timezone.now()
    over = models.Q(expires__lte=now) | models.Q(seen__lte=now - IDLE) | models.Q(created__lte=now - LONGEST)
    with actor.writing():
        removed, _ = Session.objects.filter(over).delete()
    return int(removed)


def _check_reach(actor: Actor, person: UUID) -> None:
    if person == actor.person:
        return
    actor.require(Permission.PERSON_MANAGE)
    if not User.objects.filter(pk=person).exists():
        raise NotFound("person.unknown")


def _ended(actor: Actor, *, pseudonym: str, count: int) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.SESSION_ENDED,
        facts={"person": pseudonym, "sessions": count, "why": "ended"},
    )  # fmt: skip


def _record(tenant: UUID, kind: Event, *, actor: str, facts: dict[str, Any]) -> None:
    with transaction.atomic(), entered(Scope(tenant, "app.tenant", str(tenant))):
        audit.append(id=uuid.uuid4(), tenant=tenant, project=None, actor=actor, kind=kind, facts=facts)
