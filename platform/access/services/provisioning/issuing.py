"""The tokens of a studio's provisioning client: shown once, rotated with a time in which both work, revoked at once."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from access.actor import Actor
from access.models import ApiToken, User
from access.roles import Permission
from access.rules import Kind, TokenKind
from access.services.provisioning.rows import groups, in_turn, people
from access.services.tokens import Drawn, TokenDraft, put_token, record_issued, revoke_row, rotate_row
from kernel.errors import InvalidInput, NotFound

# A directory is set up by hand in another console, perhaps by somebody else next week.
MOST_GRACE_HOURS: Final = 168


@dataclass(frozen=True)
class Standing:
    """How a studio is provisioned: its client's tokens, when one was last used, and what it keeps."""

    tokens: list[ApiToken]
    last_used: datetime | None
    people: int
    groups: int


def standing(actor: Actor) -> Standing:
    """Return how the Actor's studio is provisioned, in the caller's scope."""
    actor.require(Permission.IDENTITY_CONFIGURE)
    known = list(ApiToken.objects.filter(kind=TokenKind.PROVISIONING.value).order_by("-created"))
    used = [one.last_used for one in known if one.last_used is not None]
    return Standing(known, max(used, default=None), people().filter(user_name__isnull=False).count(), groups().count())


def issue(actor: Actor, *, name: str, days: int) -> Drawn:
    """Make a provisioning token of the Actor's studio. Raises InvalidInput past a year."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    draft = TokenDraft(name, days=days)
    draft.check()
    with actor.writing():
        in_turn()
        drawn = put_token(draft, kind=TokenKind.PROVISIONING, user=_client().pk)
        record_issued(actor, drawn, days=days, kind=TokenKind.PROVISIONING.value)
    return drawn


def rotate(actor: Actor, *, token: UUID, grace_hours: int) -> Drawn:
    """Make a token like another in its place, which works on for some hours. Raises NotFound, Conflict, or InvalidInput."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    if not 0 <= grace_hours <= MOST_GRACE_HOURS:
        raise InvalidInput("token.grace", most=MOST_GRACE_HOURS * 60)
    with actor.writing():
        return rotate_row(actor, _found(token), grace_minutes=grace_hours * 60)


def revoke(actor: Actor, *, token: UUID) -> None:
    """End a provisioning token at once. Raises NotFound; may be repeated."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.writing():
        revoke_row(actor, _found(token))


def _found(token: UUID) -> ApiToken:
    known = ApiToken.objects.select_for_update().filter(pk=token, kind=TokenKind.PROVISIONING.value)
    found: ApiToken | None = known.first()
    if found is None:
        raise NotFound("token.unknown")
    return found


def _client() -> User:
    """Return the tenant's user for whom provisioning acts, made with the first token."""
    known: User | None = User.objects.filter(kind=Kind.PROVISIONING.value).first()
    if known is not None:
        return known
    made = User(kind=Kind.PROVISIONING.value, display_name="Provisioning", pseudonym=f"p_{secrets.token_hex(8)}")
    made.set_unusable_password()
    made.save(force_insert=True)
    return made
