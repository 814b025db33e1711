"""Which groups of a provider give which roles and memberships here."""

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access.actor import Actor
from access.models import CustomRole, Group, IdentityProvider, Project, RoleMapping
from access.roles import GUESTS, REACH, Permission, Reach, Role, is_above_admins
from access.services.granting import check_appointing, check_passing_on
from access.services.identity.providers import the_provider
from access.services.identity.reconciling import NEVER_MAPPED, take_what_gave
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


@dataclass(frozen=True)
class Given:
    """What a claimed group gives: one of a built-in role, a role of the studio's own, and a group of the studio's."""

    claimed: str
    role: Role | None = None
    custom: UUID | None = None
    group: UUID | None = None
    project: UUID | None = None


def add_mapping(actor: Actor, *, provider: UUID, given: Given) -> RoleMapping:
    """Let a provider's group give a role or a membership from the next sign-in on, to everybody but who makes it.

    Raises InvalidInput, NotFound, Forbidden for what is not hers to give, or Conflict for a group that the directory keeps.
    """
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    actor.require_step_up(Permission.MEMBER_MANAGE)
    _check(actor, given)
    with actor.writing():
        row = the_provider(provider, lock=True)
        _check_rows(actor, given)
        place: dict[str, Any] = {
            "claimed": given.claimed, "role": given.role.value if given.role else "", "custom_id": given.custom,
            "group_id": given.group, "project_id": given.project,
        }  # fmt: skip
        made, is_new = RoleMapping.objects.get_or_create(provider=row, **place, defaults={"made_by": actor.person})
        if is_new:
            _record(actor, Event.PROVIDER_CHANGED, row, {"mapping": "added", **_told(made)})
    found: RoleMapping = made
    return found


def remove_mapping(actor: Actor, *, provider: UUID, mapping: UUID) -> None:
    """Remove a mapping; what it gave, and no other mapping of the provider gives, goes at once. Raises NotFound."""
    actor.require_step_up(Permission.IDENTITY_CONFIGURE)
    with actor.writing():
        row = the_provider(provider, lock=True)
        found = RoleMapping.objects.filter(pk=mapping, provider=row).first()
        if found is None:
            raise NotFound("mapping.unknown")
        told = _told(found)
        RoleMapping.objects.filter(pk=found.pk).delete()
        _record(actor, Event.PROVIDER_CHANGED, row, {"mapping": "removed", **told})
        take_what_gave(row, found)


def _check(actor: Actor, given: Given) -> None:
    if [given.role, given.custom, given.group].count(None) != 2 or not given.claimed:
        raise InvalidInput("mapping.one_of")
    if given.group is not None and given.project is not None:
        raise InvalidInput("mapping.one_of")
    if given.role is None:
        return
    if given.role in NEVER_MAPPED or given.role in GUESTS:
        raise InvalidInput("mapping.never", role=given.role.value)
    if given.role in {Role.ADMIN, Role.AUDITOR} and not actor.may(Permission.OWNER_APPOINT):
        raise Forbidden("permission.missing", permission=Permission.OWNER_APPOINT.value)
    if (REACH[given.role] is Reach.PROJECT) != (given.project is not None):
        raise InvalidInput("role.wrong_reach", role=given.role.value)


def _check_rows(actor: Actor, given: Given) -> None:
    if given.project is not None and not Project.objects.filter(pk=given.project, closed=None).exists():
        raise NotFound("project.unknown")
    if given.group is not None:
        _check_group(actor, given.group)
    if given.custom is not None:
        _check_custom(actor, given.custom, project=given.project)


def _check_group(actor: Actor, group: UUID) -> None:
    """Raise NotFound, Conflict for a group that the directory keeps, or Forbidden where it holds what is not hers to give."""
    found: Group | None = Group.objects.filter(pk=group).first()
    if found is None:
        raise NotFound("group.unknown")
    if found.is_provisioned:
        raise Conflict("group.provisioned")
    check_passing_on(actor, group=found)


def _check_custom(actor: Actor, role: UUID, *, project: UUID | None) -> None:
    own: CustomRole | None = CustomRole.objects.filter(pk=role).first()
    if own is None:
        raise NotFound("role.unknown")
    if (own.reach == Reach.PROJECT) != (project is not None):
        raise InvalidInput("role.wrong_reach", role=str(own.pk))
    permissions = frozenset(Permission(one) for one in own.permissions)
    check_appointing(actor, permissions)
    if is_above_admins(permissions):
        # As for the built-in ones: who sets the provider up could give it to anybody.
        raise InvalidInput("mapping.never", role=str(own.pk))


def _told(mapping: RoleMapping) -> dict[str, str]:
    given = {"role": mapping.role, "custom": mapping.custom_id, "group": mapping.group_id, "at": mapping.project_id}
    return {"claimed": mapping.claimed, **{name: str(value) for name, value in given.items() if value}}


def _record(actor: Actor, kind: Event, row: IdentityProvider, facts: dict[str, str]) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind, facts={"provider": row.slug, **facts}
    )
