"""Service accounts: programs that act in a studio by tokens, each with a person who answers for it.

An account is a user that never signs in. It acts as long as its keeper is let in: while she is suspended its tokens open
nothing, and do again when she is restored or another keeper is named. It is granted roles as a person is, but none of a
guest's nor of those who answer for the studio; its tokens name their scope. A removed one has nobody who answers for it, no
token and no grant, and stays as a row, so that the ledger's pseudonym is never another's.
"""

import secrets
import uuid
from typing import Any
from uuid import UUID

from django.utils import timezone

from access.actor import Actor
from access.models import ApiToken, Grant, User, live, orphaned
from access.roles import Permission
from access.rules import Kind, TokenKind
from access.services.actors import actor_for
from access.services.granting import remove_grant
from access.services.tokens import (
    Drawn,
    TokenDraft,
    check_grace,
    own_token,
    put_token,
    record_issued,
    revoke_each,
    revoke_row,
    rotate_row,
)
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


def make_service(actor: Actor, *, name: str, keeper: UUID) -> User:
    """Make a service account for which a person of the studio answers. Raises InvalidInput, or NotFound for no such person."""
    actor.require_step_up(Permission.SERVICE_MANAGE)
    if not name.strip():
        raise InvalidInput("service.name")
    with actor.writing():
        answers = _keeper(keeper)
        made = User(kind=Kind.SERVICE.value, display_name=name, pseudonym=f"s_{secrets.token_hex(8)}", keeper_id=answers.pk)
        made.set_unusable_password()
        made.save(force_insert=True)
        _record(actor, Event.SERVICE_ADDED, made, keeper=answers.pseudonym)
    return made


def change_service(actor: Actor, *, service: UUID, keeper: UUID | None = None, is_suspended: bool | None = None) -> User:
    """Hand a service account to another person, suspend it or let it act again. Its work under way ends with its rights.

    Raises Forbidden for who would take to herself what she may not grant herself.
    """
    actor.require_step_up(Permission.SERVICE_MANAGE)
    with actor.writing():
        found = _found(service)
        before = _standing(found)
        if keeper is not None:
            _check_taking(actor, found, keeper=keeper)
            found.keeper_id = _keeper(keeper).pk
        if is_suspended is not None:
            found.is_active = not is_suspended
        if _standing(found) != before:
            found.changed = timezone.now()
            found.save(update_fields=["keeper_id", "is_active", "changed"])
            _record(actor, Event.SERVICE_CHANGED, found, before=before, after=_standing(found))
    return found


def remove_service(actor: Actor, *, service: UUID) -> None:
    """Remove a service account with its tokens and grants, for good. Raises NotFound."""
    actor.require_step_up(Permission.SERVICE_MANAGE)
    with actor.writing():
        found = _found(service)
        tokens = revoke_each(actor, ApiToken.objects.filter(user_id=service), why="by_another")
        grants = list(Grant.objects.filter(user_id=service))
        for grant in grants:
            remove_grant(actor, grant)
        User.objects.filter(pk=service).update(is_active=False, keeper_id=None, changed=timezone.now())
        _record(actor, Event.SERVICE_REMOVED, found, tokens=tokens, grants=len(grants))


def issue_service_token(actor: Actor, *, service: UUID, draft: TokenDraft) -> Drawn:
    """Return a new token of a service account, whose value is shown this once.

    Raises InvalidInput for one without a scope or past a year, NotFound for a project that the account is not in, Conflict
    for an account that is suspended or orphaned.
    """
    actor.require_step_up(Permission.SERVICE_MANAGE)
    draft.check()
    if not draft.scope:
        raise InvalidInput("token.scope_missing")
    with actor.reading():
        _active(service)
    if draft.project is not None:
        actor_for(service, tenant=actor.tenant, project=draft.project)
    with actor.writing():
        found = _active(service)
        drawn = put_token(draft, kind=TokenKind.SERVICE, user=service)
        record_issued(actor, drawn, days=draft.days, service=found.pseudonym)
    return drawn


def rotate_service_token(actor: Actor, *, service: UUID, token: UUID, grace_minutes: int = 0) -> Drawn:
    """Draw a new token in place of an account's, which ends after the grace, or at once. Raises NotFound, Conflict."""
    actor.require_step_up(Permission.SERVICE_MANAGE)
    check_grace(grace_minutes)
    with actor.writing():
        found = _active(service)
        return rotate_row(actor, own_token(service, token), grace_minutes=grace_minutes, service=found.pseudonym)


def revoke_service_token(actor: Actor, *, service: UUID, token: UUID) -> None:
    """End a token of a service account. Raises NotFound; may be repeated."""
    actor.require_step_up(Permission.SERVICE_MANAGE)
    with actor.writing():
        _found(service)
        revoke_row(actor, own_token(service, token), why="by_another")


def _found(service: UUID) -> User:
    """Return a service account that has not been removed."""
    found: User | None = User.objects.filter(pk=service, kind=Kind.SERVICE.value, keeper_id__isnull=False).first()
    if found is None:
        raise NotFound("service.unknown")
    return found


def _active(service: UUID) -> User:
    found = _found(service)
    if not found.is_active:
        raise Conflict("service.suspended")
    if User.objects.filter(orphaned(), pk=service).exists():
        raise Conflict("service.orphaned")
    return found


def _check_taking(actor: Actor, service: User, *, keeper: UUID) -> None:
    is_own = keeper == actor.person != service.keeper_id and not actor.may(Permission.OWNER_APPOINT)
    if is_own and Grant.objects.filter(live(), user_id=service.pk).exists():
        raise Forbidden("grant.to_oneself")


def _keeper(person: UUID) -> User:
    found: User | None = User.objects.filter(pk=person, kind=Kind.PERSON.value, is_active=True).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _standing(service: User) -> dict[str, Any]:
    keeper = User.objects.filter(pk=service.keeper_id).values_list("pseudonym", flat=True).first()
    return {"keeper": keeper, "is_suspended": not service.is_active}


def _record(actor: Actor, kind: Event, service: User, **facts: Any) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"service": service.pseudonym, **facts},
    )  # fmt: skip
