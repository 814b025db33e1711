"""A studio's own roles: defined, changed and removed, over the closed list of permissions.

What a role holds is read at each request, so that a change takes effect on the next one.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from access.actor import Actor
from access.models import CustomRole, Grant, RoleMapping
from access.roles import ROLE_TEXTS, Permission, Reach, Role, is_above_admins, is_definable, meeting
from access.rules import folded
from access.services.granting import check_appointing, remove_grant
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


@dataclass(frozen=True)
class RoleDraft:
    """What a studio's own role is to be."""

    name: str
    reach: Reach
    permissions: frozenset[Permission]
    text: str = ""

    def check(self) -> None:
        """Raise InvalidInput for a name that a built-in role has, and for what no such role may hold."""
        taken = {folded(role.value) for role in Role} | {folded(title) for title, _ in ROLE_TEXTS.values()}
        if not folded(self.name) or folded(self.name) in taken:
            raise InvalidInput("role.name")
        if not self.permissions or not is_definable(self.permissions, reach=self.reach):
            raise InvalidInput("role.permissions")
        if meeting(self.permissions):
            first, second = min(meeting(self.permissions))
            raise InvalidInput("role.duties_meet", first=first.value, second=second.value)


def define_role(actor: Actor, *, draft: RoleDraft) -> CustomRole:
    """Define a role of the studio's own. Raises InvalidInput, Conflict for a taken name, Forbidden for what is not hers to give."""
    actor.require_step_up(Permission.ROLE_DEFINE)
    draft.check()
    check_appointing(actor, draft.permissions)
    try:
        with actor.writing():
            _check_name(draft.name)
            made = CustomRole(
                name=draft.name, text=draft.text, reach=draft.reach.value, permissions=_words(draft.permissions)
            )  # fmt: skip
            made.save(force_insert=True)
            _record(actor, Event.ROLE_DEFINED, made, reach=made.reach, permissions=made.permissions)
    except IntegrityError:
        raise Conflict("role.name_taken") from None
    return made


def change_role(
    actor: Actor, *, role: UUID, name: str | None = None, text: str | None = None, permissions: Collection[Permission] | None = None
) -> CustomRole:
    """Change a role of the studio's own; from the next request on its holders may what it says now. Raises as `define_role`."""
    actor.require_step_up(Permission.ROLE_DEFINE)
    try:
        with actor.writing():
            found = _found(role)
            before, was = list(found.permissions), found.name
            wanted = RoleDraft(
                name=was if name is None else name, reach=Reach(found.reach), text=found.text if text is None else text,
                permissions=_permissions(found) if permissions is None else frozenset(permissions),
            )  # fmt: skip
            wanted.check()
            check_appointing(actor, _permissions(found) | wanted.permissions)
            if is_above_admins(wanted.permissions):
                _check_by_name(found)
            _check_name(wanted.name, besides=found.pk)
            found.name, found.text, found.permissions = wanted.name, wanted.text, _words(wanted.permissions)
            found.changed = timezone.now()
            found.save(update_fields=["name", "text", "permissions", "changed"])
            _record(actor, Event.ROLE_CHANGED, found, before=before, after=found.permissions, renamed=found.name != was)
    except IntegrityError:
        raise Conflict("role.name_taken") from None
    return found


def remove_role(actor: Actor, *, role: UUID) -> None:
    """Remove a role of the studio's own that nobody holds. Raises Conflict while grants or a provider's mapping use it."""
    _remove(actor, role=role, is_forced=False)


def remove_role_with_grants(actor: Actor, *, role: UUID) -> None:
    """Remove a role of the studio's own, and take it from each who holds it first."""
    _remove(actor, role=role, is_forced=True)


def _remove(actor: Actor, *, role: UUID, is_forced: bool) -> None:
    actor.require_step_up(Permission.ROLE_DEFINE)
    with actor.writing():
        found = _found(role)
        check_appointing(actor, _permissions(found))
        used = list(Grant.objects.filter(custom_id=role))
        mapped = RoleMapping.objects.filter(custom_id=role).count()
        if (used or mapped) and not is_forced:
            raise Conflict("role.in_use", grants=len(used), mappings=mapped)
        if used:
            # To take roles from people is more than to define them.
            _require_managing(actor)
        for one in used:
            remove_grant(actor, one)
        CustomRole.objects.filter(pk=role).delete()
        _record(actor, Event.ROLE_REMOVED, found, permissions=found.permissions, grants=len(used))


def _require_managing(actor: Actor) -> None:
    if not actor.may(Permission.MEMBER_MANAGE):
        raise Forbidden("permission.missing", permission=Permission.MEMBER_MANAGE.value)


def _found(role: UUID) -> CustomRole:
    found: CustomRole | None = CustomRole.objects.select_for_update().filter(pk=role).first()
    if found is None:
        raise NotFound("role.unknown")
    return found


def _check_name(name: str, *, besides: UUID | None = None) -> None:
    """Raise Conflict for a name that reads like another one's."""
    others = {folded(known) for pk, known in CustomRole.objects.values_list("pk", "name") if pk != besides}
    if folded(name) in others:
        raise Conflict("role.name_taken")


def _check_by_name(role: CustomRole) -> None:
    """Raise InvalidInput where groups hold a role, or a provider's word gives it, that is to hold what no admin passes on."""
    if Grant.objects.filter(custom=role, group__isnull=False).exists():
        raise InvalidInput("grant.appointed_by_name", role=str(role.pk))
    if RoleMapping.objects.filter(custom=role).exists():
        raise InvalidInput("mapping.never", role=str(role.pk))


def _permissions(role: CustomRole) -> frozenset[Permission]:
    return frozenset(Permission(one) for one in role.permissions)


def _words(permissions: frozenset[Permission]) -> list[str]:
    return sorted(one.value for one in permissions)


def _record(actor: Actor, kind: Event, role: CustomRole, **facts: Any) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"role": str(role.pk), **facts},
    )  # fmt: skip
