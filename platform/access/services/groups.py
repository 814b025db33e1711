"""Groups are made, renamed and removed, and people put in and taken out; provisioned ones change by provisioning alone."""

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from access.actor import Actor
from access.models import Grant, Group, GroupMember, User
from access.roles import Permission
from access.rules import Kind
from access.sealed import Opening, draw_opening
from access.services.allowances import check_unlimited
from access.services.granting import check_joining, check_passing_on, remove_grant
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


def make_group(actor: Actor, *, name: str) -> Group:
    """Make a group without members. Raises Conflict for a name that the studio has."""
    actor.require_step_up(Permission.MEMBER_MANAGE)
    _check_name(name)
    opening = draw_opening(tenant=actor.tenant)
    try:
        with actor.writing():
            made = Group(name=name, **named(name, opening, tenant=actor.tenant))
            made.save(force_insert=True)
            _record(actor, Event.GROUP_CREATED, made, commits=called(made))
    except IntegrityError:
        raise Conflict("group.name_taken") from None
    return made


def rename_group(actor: Actor, *, group: UUID, name: str) -> Group:
    """Give a group another name. Raises NotFound, Conflict for a taken name or a provisioned group."""
    actor.require_step_up(Permission.MEMBER_MANAGE)
    _check_name(name)
    opening = draw_opening(tenant=actor.tenant)
    try:
        with actor.writing():
            found = _kept_by_hand(group)
            if found.name != name:
                before, new = called(found), {"name": name, "changed": timezone.now(), **named(name, opening, tenant=actor.tenant)}
                Group.objects.filter(pk=group).update(**new)
                found.refresh_from_db()
                _record(actor, Event.GROUP_CHANGED, found, commits=renamed(before, found))
    except IntegrityError:
        raise Conflict("group.name_taken") from None
    return found


def remove_group(actor: Actor, *, group: UUID) -> None:
    """Remove a group; what its members held through it ends.

    Raises NotFound, or Conflict for a provisioned group and for one that limits name: its project could become unlimited.
    """
    actor.require_step_up(Permission.MEMBER_MANAGE)
    with actor.writing():
        found = _kept_by_hand(group)
        check_unlimited(group=group)
        for one in Grant.objects.filter(group_id=group):
            remove_grant(actor, one)
        members = GroupMember.objects.filter(group_id=group).values("user").distinct().count()
        Group.objects.filter(pk=group).delete()
        _record(actor, Event.GROUP_REMOVED, found, members=members)


def add_member(actor: Actor, *, group: UUID, person: UUID) -> None:
    """Put a person into a group; may be repeated. Raises NotFound, Forbidden, Conflict for duties that never meet in one person."""
    actor.require_step_up(Permission.MEMBER_MANAGE)
    with actor.writing():
        found, member = _kept_by_hand(group), _person(person)
        if member.pk == actor.person and not actor.may(Permission.OWNER_APPOINT):
            raise Forbidden("grant.to_oneself")
        check_joining(actor, group=found, person=member)
        _, is_new = GroupMember.objects.get_or_create(group=found, user=member, provider=None)
        if is_new:
            _touch(found)
            _record(actor, Event.GROUP_MEMBER_ADDED, found, person=member.pseudonym)


def remove_member(actor: Actor, *, group: UUID, person: UUID) -> None:
    """Take a person out of a group; what she held through it ends at once. May be repeated. Raises as `add_member`.

    What a provider's groups give comes back with its next word.
    """
    actor.require_step_up(Permission.MEMBER_MANAGE)
    with actor.writing():
        found, member = _kept_by_hand(group), _person(person)
        check_passing_on(actor, group=found)
        removed, _ = GroupMember.objects.filter(group=found, user=member).delete()
        if removed:
            _touch(found)
            _record(actor, Event.GROUP_MEMBER_REMOVED, found, person=member.pseudonym)


def named(name: str, opening: Opening, *, tenant: UUID) -> dict[str, str]:
    """Return the columns that go with a name: its commitment, and what opens that."""
    return {"name_commitment": opening.commit("name", name, tenant=tenant), "name_opening": opening.sealed}


def called(group: Group) -> dict[str, str]:
    """Return what an entry commits to of a group's name."""
    return {"name": group.name_commitment} if group.name_commitment else {}


def renamed(before: Mapping[str, str], group: Group) -> dict[str, str]:
    """Return what an entry commits to of the names before and after: `before` is the commitment that this name got with it."""
    both = (("before", before), ("after", called(group)))
    return {when: names["name"] for when, names in both if names}


def _kept_by_hand(group: UUID) -> Group:
    found: Group | None = Group.objects.select_for_update().filter(pk=group).first()
    if found is None:
        raise NotFound("group.unknown")
    if found.is_provisioned:
        raise Conflict("group.provisioned")
    return found


def _person(person: UUID) -> User:
    """Return a person; programs are granted roles by name."""
    found: User | None = User.objects.filter(pk=person, kind=Kind.PERSON).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _check_name(name: str) -> None:
    if not name.strip():
        raise InvalidInput("group.name")


def _touch(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(changed=timezone.now())


def _record(actor: Actor, kind: Event, group: Group, *, commits: Mapping[str, str] | None = None, **facts: Any) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"group": str(group.pk), **facts}, commits=commits,
    )  # fmt: skip
