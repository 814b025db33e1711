"""The tokens of a studio's provisioning client: shown once, rotated with a time in which both work, revoked at once."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from access import tokens
from access.actor import Actor
from access.models import ApiToken, User
from access.roles import Permission
from access.rules import Kind, TokenKind
from access.services.provisioning.rows import groups, in_turn, people
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound

MOST_DAYS: Final = 366
MOST_GRACE_HOURS: Final = 168


@dataclass(frozen=True)
class Standing:
    """How a studio is provisioned: its client's tokens, when one was last used, and what it keeps."""

    tokens: list[ApiToken]
    last_used: datetime | None
    people: int
    groups: int


@dataclass(frozen=True)
class Issued:
    """A new token: its row, and its value, which is shown this once."""

    row: ApiToken
    token: str


def standing(actor: Actor) -> Standing:
    """Return how the Actor's studio is provisioned, in the caller's scope."""
    actor.require(Permission.IDENTITY_CONFIGURE)
    known = list(ApiToken.objects.filter(kind=TokenKind.PROVISIONING.value).order_by("-created"))
    used = [one.last_used for one in known if one.last_used is not None]
    return Standing(known, max(used, default=None), people().filter(user_name__isnull=False).count(), groups().count())


def issue(actor: Actor, *, name: str, days: int) -> Issued:
    """Make a provisioning token of the Actor's studio. Raises InvalidInput past a year."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    _check_days(days)
    with actor.writing():
        in_turn()
        return _issue(actor, name=name, days=days, facts={})


def rotate(actor: Actor, *, token: UUID, days: int, grace_hours: int) -> Issued:
    """Make a token in the place of another, which works on for some hours. Raises NotFound, Conflict, or InvalidInput."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    _check_days(days)
    if not 0 <= grace_hours <= MOST_GRACE_HOURS:
        raise InvalidInput("token.grace", most=MOST_GRACE_HOURS)
    with actor.writing():
        in_turn()
        old = _found(token)
        now = timezone.now()
        if not old.is_usable(now):
            raise Conflict("token.ended")
        ApiToken.objects.filter(pk=old.pk).update(expires=min(old.expires, now + timedelta(hours=grace_hours)))
        return _issue(actor, name=old.name, days=days, facts={"replaces": str(old.pk), "grace_hours": grace_hours})


def revoke(actor: Actor, *, token: UUID) -> None:
    """End a provisioning token at once. Raises NotFound; may be repeated."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.writing():
        found = _found(token)
        if found.revoked is None:
            ApiToken.objects.filter(pk=found.pk).update(revoked=timezone.now())
            audit.append(
                id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.TOKEN_REVOKED,
                facts={"token": str(found.pk)},
            )  # fmt: skip


def _check_days(days: int) -> None:
    if not 0 < days <= MOST_DAYS:
        raise InvalidInput("token.days", most=MOST_DAYS)


def _found(token: UUID) -> ApiToken:
    found: ApiToken | None = ApiToken.objects.select_for_update().filter(pk=token, kind=TokenKind.PROVISIONING.value).first()
    if found is None:
        raise NotFound("token.unknown")
    return found


def _issue(actor: Actor, *, name: str, days: int, facts: dict[str, Any]) -> Issued:
    token = tokens.draw(TokenKind.PROVISIONING)
    made: ApiToken = ApiToken.objects.create(
        kind=TokenKind.PROVISIONING.value, user=_client(), name=name, hash=tokens.digest(token),
        expires=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.TOKEN_ISSUED,
        facts={"token": str(made.pk), "days": days, "scope": [], "kind": TokenKind.PROVISIONING.value, **facts},
    )  # fmt: skip
    return Issued(made, token)


def _client() -> User:
    """Return the tenant's user for whom provisioning acts, made with the first token."""
    known: User | None = User.objects.filter(kind=Kind.PROVISIONING.value).first()
    if known is not None:
        return known
    made = User(kind=Kind.PROVISIONING.value, display_name="Provisioning", pseudonym=f"p_{secrets.token_hex(8)}")
    made.set_unusable_password()
    made.save(force_insert=True)
    return made
