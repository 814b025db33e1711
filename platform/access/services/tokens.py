"""Tokens: shown once, kept as a digest, with a scope, a project, an end and a last use; rotated, revoked, reported as leaked."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from access import tokens
from access.actor import Actor
from access.models import ApiToken
from access.roles import OF_THE_PERSON, Permission
from access.rules import TokenKind
from access.services.actors import actor_for
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound
from kernel.scope import presented_scope, tenant_scope

MOST_DAYS: Final = 366
MOST_GRACE_MINUTES: Final = 24 * 60
NOBODY: Final = "unknown"


@dataclass(frozen=True)
class TokenDraft:
    """What a token is to be."""

    name: str
    project: UUID | None = None
    days: int = 30
    scope: frozenset[Permission] = frozenset()

    def check(self) -> None:
        """Raise InvalidInput for a token that lives past a year, or not a day."""
        if not 0 < self.days <= MOST_DAYS:
            raise InvalidInput("token.days", most=MOST_DAYS)


@dataclass(frozen=True)
class Drawn:
    """A new token: its row, and its value, which is shown this once."""

    row: ApiToken
    value: str


def issue_token(actor: Actor, *, name: str, project: UUID | None = None, days: int = 30, scope: Collection[Permission] = ()) -> str:
    """Return a new token of the Actor's, shown this once. Raises InvalidInput past a year, NotFound for a stranger."""
    actor.require_step_up(Permission.TOKEN_ISSUE)
    draft = TokenDraft(name, project, days, frozenset(scope))
    draft.check()
    if project is not None:
        actor_for(actor.person, tenant=actor.tenant, project=project)
    with actor.writing():
        drawn = put_token(
            draft, kind=TokenKind.PERSONAL, user=actor.person, by_provider=actor.by_provider, provider=actor.provider
        )  # fmt: skip
        record_issued(actor, drawn, days=days)
    return drawn.value


def carriable(actor: Actor) -> frozenset[Permission]:
    """Return the widest scope that a token of this person can name."""
    return actor.permissions - OF_THE_PERSON


def rotate_token(actor: Actor, *, token: UUID, grace_minutes: int = 0) -> Drawn:
    """Draw a new token in place of one of the Actor's, which ends after the grace, or at once. Raises NotFound, Conflict."""
    actor.require_step_up(Permission.TOKEN_ISSUE)
    check_grace(grace_minutes)
    with actor.writing():
        return rotate_row(actor, own_token(actor.person, token), grace_minutes=grace_minutes)


def revoke_token(actor: Actor, *, token: UUID) -> None:
    """End one of the Actor's tokens. Raises NotFound; may be repeated."""
    with actor.writing():
        revoke_row(actor, own_token(actor.person, token))


def revoke_anybodys_token(actor: Actor, *, token: UUID) -> None:
    """End a token of the studio, whosever it is. Raises NotFound; may be repeated."""
    actor.require_step_up(Permission.TOKEN_REVOKE_ANY)
    with actor.writing():
        found: ApiToken | None = ApiToken.objects.select_for_update().filter(pk=token).first()
        if found is None:
            raise NotFound("token.unknown")
        revoke_row(actor, found, why="by_another")


def revoke_leaked(token: str) -> None:
    """End the token whose value somebody found, whoever that is. A token that there is not is answered alike.

    Raises InvalidInput for what never was one.
    """
    if not tokens.is_well_formed(token):
        raise InvalidInput("token.malformed")
    digest = tokens.digest(token)
    with presented_scope(digest):
        found: ApiToken | None = ApiToken.objects.filter(hash=digest).first()
    if found is None:
        return
    with tenant_scope(found.tenant_id):
        if ApiToken.objects.filter(pk=found.pk, revoked=None).update(revoked=timezone.now()):
            audit.append(
                id=uuid.uuid4(), tenant=found.tenant_id, project=found.project_id, actor=NOBODY, kind=Event.TOKEN_REVOKED,
                facts={"token": str(found.pk), "why": "leaked"},
            )  # fmt: skip


# --- what the deeds on tokens share, each in the caller's transaction


def put_token(draft: TokenDraft, *, kind: TokenKind, user: UUID, by_provider: bool = False, provider: UUID | None = None) -> Drawn:
    """Insert a new token."""
    value = tokens.draw(kind)
    row = ApiToken(
        kind=kind.value, user_id=user, project_id=draft.project, name=draft.name, hash=tokens.digest(value),
        scope=sorted(one.value for one in draft.scope), by_provider=by_provider, provider_id=provider,
        expires=timezone.now() + timedelta(days=draft.days),
    )  # fmt: skip
    row.save(force_insert=True)
    return Drawn(row, value)


def own_token(user: UUID, token: UUID) -> ApiToken:
    """Return one of a user's tokens, locked. Raises NotFound."""
    found: ApiToken | None = ApiToken.objects.select_for_update().filter(pk=token, user_id=user).first()
    if found is None:
        raise NotFound("token.unknown")
    return found


def check_grace(minutes: int) -> None:
    """Raise InvalidInput for a grace of more than a day."""
    if not 0 <= minutes <= MOST_GRACE_MINUTES:
        raise InvalidInput("token.grace", most=MOST_GRACE_MINUTES)


def rotate_row(actor: Actor, old: ApiToken, *, grace_minutes: int, **facts: Any) -> Drawn:
    """Put a token like the old one in its place. Raises Conflict for one that has ended."""
    now = timezone.now()
    if not old.is_usable(now):
        raise Conflict("token.ended")
    days = max(1, round((old.expires - old.created) / timedelta(days=1)))
    draft = TokenDraft(old.name, old.project_id, min(days, MOST_DAYS), frozenset(Permission(one) for one in old.scope))
    drawn = put_token(
        draft, kind=TokenKind(old.kind), user=old.user_id, by_provider=old.by_provider, provider=old.provider_id
    )  # fmt: skip
    _end(old, now=now, grace_minutes=grace_minutes)
    _record(
        actor, Event.TOKEN_ROTATED, project=old.project_id,
        facts={"token": str(old.pk), "new": str(drawn.row.pk), "minutes": grace_minutes, **facts},
    )  # fmt: skip
    return drawn


def revoke_row(actor: Actor, token: ApiToken, **facts: Any) -> None:
    """End a token and record it, unless it has been ended."""
    if token.revoked is None:
        ApiToken.objects.filter(pk=token.pk).update(revoked=timezone.now())
        _record(actor, Event.TOKEN_REVOKED, project=token.project_id, facts={"token": str(token.pk), **facts})


def revoke_each(actor: Actor, held: QuerySet[ApiToken], *, why: str) -> int:
    """End those of these tokens that have not been ended, each with its own entry; return how many."""
    ending = list(held.select_for_update().filter(revoked=None))
    for token in ending:
        revoke_row(actor, token, why=why)
    return len(ending)


def record_issued(actor: Actor, drawn: Drawn, *, days: int, **facts: Any) -> None:
    """Record a new token."""
    row = drawn.row
    _record(
        actor, Event.TOKEN_ISSUED, project=row.project_id,
        facts={"token": str(row.pk), "days": days, "scope": row.scope, **facts},
    )  # fmt: skip


def _end(token: ApiToken, *, now: datetime, grace_minutes: int) -> None:
    known = ApiToken.objects.filter(pk=token.pk)
    if grace_minutes == 0:
        known.update(revoked=now)
    else:
        known.update(expires=min(token.expires, now + timedelta(minutes=grace_minutes)))


def _record(actor: Actor, kind: Event, *, project: UUID | None, facts: dict[str, Any]) -> None:
    audit.append(id=uuid.uuid4(), tenant=actor.tenant, project=project, actor=actor.pseudonym, kind=kind, facts=facts)
