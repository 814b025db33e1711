"""Groups that an identity provider's directory keeps. What they may do an admin grants, never the directory."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from access.actor import Actor
from access.models import Grant, Group, GroupMember, User
from access.roles import Permission
from access.sealed import Opening, draw_opening
from access.services.allowances import close_for
from access.services.granting import remove_grant
from access.services.groups import called, named, renamed
from access.services.provisioning.rows import check_untouched, groups, in_turn, people
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, InvalidInput, NotFound

LONGEST_NAME: Final = 120
LONGEST_ID: Final = 255


@dataclass(frozen=True)
class ProvisionedGroup:
    """What a directory says of a group."""

    name: str
    external_id: str = ""
    members: frozenset[UUID] = field(default_factory=frozenset)


def create_group(actor: Actor, *, wanted: ProvisionedGroup) -> Group:
    """Make a group with its members. Raises InvalidInput, Forbidden, or Conflict for a name that the tenant has."""
    actor.require(Permission.PERSON_MANAGE)
    _check(wanted)
    opening = draw_opening(tenant=actor.tenant)
    try:
        with actor.writing():
            in_turn()
            _check_free(wanted.name, besides=None)
            made: Group = Group.objects.create(
                name=wanted.name, external_id=wanted.external_id, is_provisioned=True,
                **named(wanted.name, opening, tenant=actor.tenant),
            )  # fmt: skip
            _record(actor, Event.GROUP_CREATED, made, {}, commits=called(made))
            _add(actor, made, wanted.members)
    except IntegrityError:
        raise Conflict("group.name_taken") from None
    return made


def change_group(actor: Actor, *, group: UUID, change: Callable[[Group, frozenset[UUID]], ProvisionedGroup]) -> Group:
    """Make a group what `change` says of it as it is, which may raise; may be repeated.

    Raises NotFound for what provisioning does not keep, InvalidInput, Conflict, or Forbidden for a member who is not touched.
    """
    actor.require(Permission.PERSON_MANAGE)
    opening = draw_opening(tenant=actor.tenant)
    try:
        with actor.writing():
            in_turn()
            found = _kept(group)
            known = frozenset(GroupMember.objects.filter(group=found).values_list("user_id", flat=True))
            wanted = change(found, known)
            _check(wanted)
            _check_free(wanted.name, besides=found.pk)
            _change(actor, found, wanted, known, opening)
    except IntegrityError:
        raise Conflict("group.name_taken") from None
    return found


def remove_group(actor: Actor, *, group: UUID, check: Callable[[Group], None]) -> None:
    """Remove a group, and with it what it was granted. `check` may raise. Raises NotFound for what provisioning does not keep.

    A project that only this group's limits held stays closed to everybody.
    """
    actor.require(Permission.PERSON_MANAGE)
    with actor.writing():
        in_turn()
        found = _kept(group)
        check(found)
        members = list(GroupMember.objects.filter(group=found).values_list("user_id", flat=True))
        User.objects.filter(pk__in=members).update(changed=timezone.now())
        for one in Grant.objects.filter(group=found):
            remove_grant(actor, one)
        close_for(actor, group=found.pk)
        Group.objects.filter(pk=found.pk).delete()
        _record(actor, Event.GROUP_REMOVED, found, {"members": len(members)})


def _kept(group: UUID) -> Group:
    found: Group | None = groups().select_for_update().filter(pk=group).first()
    if found is None:
        raise NotFound("group.unknown")
    return found


def _check(wanted: ProvisionedGroup) -> None:
    for name, value, most in (("name", wanted.name, LONGEST_NAME), ("external_id", wanted.external_id, LONGEST_ID)):
        if len(value) > most or "\x00" in value:
            raise InvalidInput("provisioning.value", field=name, most=most)
    if not wanted.name.strip():
        raise InvalidInput("group.name")


def _check_free(name: str, *, besides: UUID | None) -> None:
    if Group.objects.filter(name__iexact=name).exclude(pk=besides).exists():
        raise Conflict("group.name_taken")


def _change(actor: Actor, group: Group, wanted: ProvisionedGroup, known: frozenset[UUID], opening: Opening) -> None:
    new = {
        name: value for name, value in (("name", wanted.name), ("external_id", wanted.external_id)) if getattr(group, name) != value
    }
    gone, come = known - wanted.members, wanted.members - known
    if not (new or gone or come):
        return
    before = called(group)
    name = named(wanted.name, opening, tenant=actor.tenant) if "name" in new else {}
    Group.objects.filter(pk=group.pk).update(**new, **name, changed=timezone.now())
    group.refresh_from_db()
    if new:
        _record(actor, Event.GROUP_CHANGED, group, {"changed": sorted(new)}, commits=renamed(before, group) if name else None)
    _take(actor, group, gone)
    _add(actor, group, come)


def _add(actor: Actor, group: Group, members: Collection[UUID]) -> None:
    found: list[Any] = list(people().filter(pk__in=members))
    if len(found) != len(members):
        raise InvalidInput("group.member_unknown")
    check_untouched(found)
    GroupMember.objects.bulk_create([GroupMember(group=group, user=user) for user in found])
    _touch(found)
    for user in found:
        _record(actor, Event.GROUP_MEMBER_ADDED, group, {"person": user.pseudonym})


def _take(actor: Actor, group: Group, members: Collection[UUID]) -> None:
    found: list[Any] = list(User.objects.filter(pk__in=members))
    GroupMember.objects.filter(group=group, user_id__in=members).delete()
    _touch(found)
    for user in found:
        _record(actor, Event.GROUP_MEMBER_REMOVED, group, {"person": user.pseudonym})


def _touch(users: list[User]) -> None:
    """Let people be another version of themselves: the groups that they are in are part of it."""
    User.objects.filter(pk__in=[user.pk for user in users]).update(changed=timezone.now())


def _record(actor: Actor, kind: Event, group: Group, facts: dict[str, Any], *, commits: Mapping[str, str] | None = None) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind,
        facts={"group": str(group.pk), **facts}, commits=commits,
    )  # fmt: skip
