"""Roles are granted to people and groups, until a date or for good, and taken away again."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from access.actor import Actor
from access.models import (
    PLATFORM,
    CustomRole,
    Grant,
    GrantSource,
    Group,
    GroupMember,
    Held,
    Project,
    RoleMapping,
    Tenant,
    User,
    held_by,
    live,
)
from access.roles import (
    APPOINTED,
    GUESTS,
    OF_THE_STUDIO,
    REACH,
    ROLE_PERMISSIONS,
    Permission,
    Reach,
    Role,
    appointable,
    is_above_admins,
    meeting,
)
from access.rules import Kind
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound

# In the platform's own tenant no other is held, and in a studio none of these.
OF_PLATFORM: Final = frozenset(role for role in Role if REACH[role] is Reach.PLATFORM)


@dataclass(frozen=True)
class Post:
    """A role at a place: in a project, or in the whole studio; one of the built-in ones, or the studio's own by its id."""

    role: Role | UUID
    project: UUID | None

    def check(self) -> None:
        """Raise InvalidInput unless a built-in role belongs to such a place."""
        if isinstance(self.role, UUID):
            return
        wanted = Reach.PROJECT if self.project is not None else Reach.STUDIO
        reach = REACH[self.role]
        if reach is not wanted and not (reach is Reach.PLATFORM and self.project is None):
            raise InvalidInput("role.wrong_reach", role=self.role.value)


@dataclass(frozen=True)
class To:
    """Who is granted a role: a person (or a service account), or a group."""

    person: UUID | None = None
    group: UUID | None = None


def grant(actor: Actor, *, person: UUID, role: Role | UUID, project: UUID | None = None, expires: datetime | None = None) -> None:
    """Give a person a role; project roles need a project, those of a studio have none. May be repeated.

    Asked again with another end, the grant ends then. Raises InvalidInput, NotFound, Forbidden, or Conflict for duties that
    never meet in one person.
    """
    grant_to(actor, to=To(person=person), post=Post(role, project), expires=expires)


def grant_to(actor: Actor, *, to: To, post: Post, expires: datetime | None = None) -> Grant:
    """Give a person or a group a role, as `grant` does; return the grant."""
    actor.require_step_up(Permission.MEMBER_MANAGE)
    post.check()
    _check_end(post, expires)
    with actor.writing():
        holder = _holder(to)
        _check_place(actor, holder=holder, post=post)
        _check_duties(holder, post)
        known: dict[str, Any] = _row(to, post)
        found: Grant | None = Grant.objects.filter(**known).first()
        if found is not None and found.expires == expires:
            return found
        if found is None:
            found = Grant(**known, expires=expires, granted_by=actor.person)
            found.save(force_insert=True)
            _record(actor, Event.ROLE_GRANTED, holder=holder, post=post, expires=expires)
        else:
            before = found.expires
            found.expires, found.granted, found.granted_by = expires, timezone.now(), actor.person
            found.save(update_fields=["expires", "granted", "granted_by"])
            _record_moved(actor, holder=holder, post=post, before=before, expires=expires)
    return found


def revoke(actor: Actor, *, person: UUID, role: Role | UUID, project: UUID | None = None) -> None:
    """Take a person's role away. Work of hers that she may no longer do ends as failed: workers read her rights anew.

    May be repeated. Raises Conflict for the last owner, and for a role that she holds through a group or her provider.
    """
    revoke_from(actor, to=To(person=person), post=Post(role, project))


def revoke_from(actor: Actor, *, to: To, post: Post) -> None:
    """Take a role away from a person or a group, as `revoke` does."""
    actor.require_step_up(Permission.MEMBER_MANAGE)
    post.check()
    with actor.writing():
        holder = _holder(to)
        _check_appointing(actor, post)
        if post.role is Role.OWNER and to.person is not None:
            keep_an_owner(besides=to.person)
        known = {**_row(to, post), "source": GrantSource.HAND.value}
        removed, _ = Grant.objects.filter(**_exactly(known)).delete()
        if removed:
            _record(actor, Event.ROLE_REVOKED, holder=holder, post=post, expires=None)


def take_grant(actor: Actor, *, grant: UUID) -> None:
    """Take one grant away. Raises NotFound, and Conflict for the last owner and for what a provider's groups give."""
    actor.require_step_up(Permission.MEMBER_MANAGE)
    with actor.writing():
        found: Grant | None = Grant.objects.select_for_update().filter(pk=grant).first()
        if found is None:
            raise NotFound("grant.unknown")
        if found.source == GrantSource.SUPPORT.value or _is_given_again(found):
            raise Conflict("grant.not_by_hand", source=found.source)
        remove_grant(actor, found)


def _is_given_again(grant: Grant) -> bool:
    """Return whether a provider's mapping gives a grant at the next sign-in."""
    given = RoleMapping.objects.filter(provider_id=grant.provider_id, provider__is_enabled=True)
    return bool(given.filter(role=grant.role, custom=grant.custom_id, project=grant.project_id).exists())


def sweep_grants(actor: Actor) -> int:
    """Remove the tenant's ended grants, each with its entry, and return how many; the standing ticket's work.

    They have counted for nothing since their end. One that is prolonged meanwhile stays.
    """
    swept, now = 0, timezone.now()
    with actor.writing():
        for ended in list(Grant.objects.filter(expires__lte=now).select_related("user", "group")):
            removed, _ = Grant.objects.filter(pk=ended.pk, expires__lte=now).delete()
            if removed:
                swept += 1
                _record(actor, Event.ROLE_EXPIRED, holder=ended.user or ended.group, post=post_of(ended), expires=ended.expires)
    return swept


def post_of(grant: Grant) -> Post:
    """Return the role and the place of a grant."""
    return Post(grant.custom_id or Role(grant.role), grant.project_id)


def remove_grant(actor: Actor, grant: Grant) -> None:
    """Take one grant away, in the caller's transaction, and record it. Raises Conflict for the last owner."""
    post = post_of(grant)
    holder = _holder(To(person=grant.user_id, group=grant.group_id))
    _check_appointing(actor, post)
    if post.role is Role.OWNER and grant.user_id is not None:
        keep_an_owner(besides=grant.user_id)
    removed, _ = Grant.objects.filter(pk=grant.pk).delete()
    if removed:
        _record(actor, Event.ROLE_REVOKED, holder=holder, post=post, expires=None)


def keep_an_owner(*, besides: UUID) -> None:
    """Raise Conflict when nobody else who can sign in would own the studio for good, in the caller's transaction."""
    # Two owners who revoke each other at once wait here for one another.
    Tenant.objects.select_for_update().get()
    owners = Grant.objects.filter(role=Role.OWNER.value, user__is_active=True, expires__isnull=True)
    if not owners.exclude(user_id=besides).exists():
        raise Conflict("role.last_owner")


def _check_end(post: Post, expires: datetime | None) -> None:
    if expires is not None and expires <= timezone.now():
        raise InvalidInput("grant.ended")
    if expires is None and post.role in GUESTS:
        raise InvalidInput("grant.guest_needs_end")


def _check_place(actor: Actor, *, holder: User | Group, post: Post) -> None:
    if post.project is not None and not Project.objects.filter(pk=post.project, closed=None).exists():
        raise NotFound("project.unknown")
    if (actor.tenant == PLATFORM) != (post.role in OF_PLATFORM):
        raise InvalidInput("role.wrong_reach", role=str(post.role))
    _check_appointing(actor, post)
    if isinstance(holder, Group) and (post.role in APPOINTED or is_above_admins(_permissions(post))):
        # Whoever puts people into groups, by hand or as the directory, would give it.
        raise InvalidInput("grant.appointed_by_name", role=str(post.role))
    if isinstance(holder, User) and holder.kind == Kind.SERVICE:
        _check_service(post)
    if not actor.may(Permission.OWNER_APPOINT) and _is_own(actor, holder):
        raise Forbidden("grant.to_oneself")


def _is_own(actor: Actor, holder: User | Group) -> bool:
    """Return whether the Actor would hold it: herself, by a group of hers, or by a program that she keeps."""
    if isinstance(holder, Group):
        return GroupMember.objects.filter(group=holder, user_id=actor.person).exists()
    return actor.person in {holder.pk, holder.keeper_id}


def check_appointing(actor: Actor, permissions: frozenset[Permission]) -> None:
    """Raise Forbidden where a role of the studio's own holds what the Actor may not pass on."""
    if not permissions <= appointable(actor.permissions):
        raise Forbidden("permission.missing", permission=Permission.OWNER_APPOINT.value)


def _check_appointing(actor: Actor, post: Post) -> None:
    if post.role in APPOINTED and not actor.may(Permission.OWNER_APPOINT):
        raise Forbidden("permission.missing", permission=Permission.OWNER_APPOINT.value)
    if isinstance(post.role, UUID):
        check_appointing(actor, _permissions(post))


def _check_service(post: Post) -> None:
    """Raise InvalidInput for what no program is: a guest, or one of those who answer for the studio."""
    if post.role in GUESTS | APPOINTED or Permission.OWNER_APPOINT in _permissions(post):
        raise InvalidInput("grant.not_for_services", role=str(post.role))


def check_joining(actor: Actor, *, group: Group, person: User) -> None:
    """Raise Forbidden where the group holds what the Actor may not pass on, and Conflict where duties would meet.

    In the caller's transaction. What never meets is asked at every place where the group holds a role.
    """
    live_of_group = check_passing_on(actor, group=group)
    held = held_by(person.pk)
    for place in {one.project_id for one in live_of_group} | {one.project for one in held}:
        given = _together(one for one in live_of_group if one.project_id in {None, place})
        _check_meeting(given, others=_held_at(place, held))


def check_passing_on(actor: Actor, *, group: Group) -> list[Grant]:
    """Return the group's live grants. Raises Forbidden where they hold what the Actor may not pass on."""
    found = list(Grant.objects.filter(live(), group=group))
    for one in found:
        _check_appointing(actor, post_of(one))
    return found


def _together(grants: Iterable[Grant]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(_permissions(post_of(one)) for one in grants))


def _held_at(place: UUID | None, held: Iterable[Held]) -> frozenset[Permission]:
    """Return everything that these roles give there, also what is void beside the rest."""
    return frozenset[Permission]().union(*(one.permissions for one in held if one.counts_at(place)))


def _check_duties(holder: User | Group, post: Post) -> None:
    others = _together(_live_of_group(holder, post)) if isinstance(holder, Group) else _held_at(post.project, held_by(holder.pk))
    _check_meeting(_permissions(post), others=others)


def _check_meeting(given: frozenset[Permission], *, others: frozenset[Permission]) -> None:
    new = set(meeting(given | others)) - set(meeting(others))
    if new:
        first, second = min(new)
        raise Conflict("grant.duties_meet", first=first.value, second=second.value)


def _live_of_group(group: Group, post: Post) -> list[Grant]:
    held = Grant.objects.filter(live(), group=group)
    return [one for one in held if one.project_id in {None, post.project}]


def _permissions(post: Post) -> frozenset[Permission]:
    if isinstance(post.role, Role):
        return ROLE_PERMISSIONS[post.role]
    own: CustomRole | None = CustomRole.objects.filter(pk=post.role).first()
    if own is None:
        raise NotFound("role.unknown")
    if (own.reach == Reach.PROJECT) != (post.project is not None):
        raise InvalidInput("role.wrong_reach", role=str(own.pk))
    permissions = frozenset(Permission(one) for one in own.permissions)
    return permissions - OF_THE_STUDIO if post.project is not None else permissions


def _holder(to: To) -> User | Group:
    found: User | Group | None
    if to.group is not None:
        found = Group.objects.filter(pk=to.group).first()
        missing = "group.unknown"
    else:
        found = User.objects.filter(pk=to.person, kind__in=[Kind.PERSON, Kind.SERVICE]).first()
        missing = "person.unknown"
    if found is None:
        raise NotFound(missing)
    return found


def _row(to: To, post: Post) -> dict[str, Any]:
    own = isinstance(post.role, UUID)
    return {
        "user_id": to.person if to.group is None else None, "group_id": to.group, "project_id": post.project,
        "role": "" if own else post.role.value, "custom_id": post.role if own else None,  # type: ignore[union-attr]  # own tells which
        "source": GrantSource.HAND.value, "provider_id": None,
    }  # fmt: skip


def _exactly(known: dict[str, Any]) -> dict[str, Any]:
    return {(f"{name}__isnull" if value is None else name): (True if value is None else value) for name, value in known.items()}


def _record(actor: Actor, kind: Event, *, holder: User | Group, post: Post, expires: datetime | None) -> None:
    _append(actor, kind, holder=holder, post=post, facts={} if expires is None else {"expires": expires.isoformat()})


def _record_moved(actor: Actor, *, holder: User | Group, post: Post, before: datetime | None, expires: datetime | None) -> None:
    """Record that a grant which was there ends at another time than it did; None is no end."""
    was, ends = ({"expires": None if one is None else one.isoformat()} for one in (before, expires))
    _append(actor, Event.ROLE_GRANTED, holder=holder, post=post, facts={**ends, "before": was})


def _append(actor: Actor, kind: Event, *, holder: User | Group, post: Post, facts: Mapping[str, Any]) -> None:
    named = {"group": str(holder.pk)} if isinstance(holder, Group) else {"person": holder.pseudonym}
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=post.project, actor=actor.pseudonym, kind=kind,
        facts={**named, "role": str(post.role), **facts},
    )  # fmt: skip
