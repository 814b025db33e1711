"""What people may use in a project is set and removed; what they use is counted, and asked before and while they use it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from access.actor import Actor
from access.allowances import NOTHING, Day, Feature, Limits, Row, Use, Used, Verdict, decide, limits_for
from access.models import Allowance, Group, GroupMember, Project, Tenant, Usage, User
from access.roles import Permission
from access.services.granting import To
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, GuildhallError, NotFound
from kernel.scope import joined

# A limit that was raised meanwhile counts within so long.
LONGEST_REST: Final = timedelta(minutes=5)


class Spent(GuildhallError):
    """A person's or a studio's device time of the day is used up: the work rests, and is not lost."""

    default_code = "allowance.device"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(None if verdict.code is None else verdict.code.value, **verdict.facts())
        self.rest = rest_after(verdict)


@dataclass(frozen=True)
class Standing:
    """What a person may use in a project today (None: nothing), and what she has used of it."""

    limits: Limits | None
    used: Used
    opens: datetime


@dataclass(frozen=True)
class UsedBy:
    """What somebody has used of a project in a day."""

    person: UUID
    name: str
    used: Used


def set_allowance(actor: Actor, *, to: To, limits: Limits) -> Allowance:
    """Say what a person, a group or (of neither) everybody may use in the project; may be repeated, and replaces.

    It counts from the next request on. Who calls has checked that the models are the project's. Raises NotFound.
    """
    actor.require_step_up(Permission.PROJECT_CONFIGURE)
    project = actor.require_project()
    try:
        with actor.writing():
            whom = _named(to)
            known = {"project_id": project, "user_id": to.person, "group_id": to.group}
            row: Allowance | None = Allowance.objects.select_for_update().filter(**known).first()
            before = None if row is None else _limits_of(row).said()
            if row is None:
                row = Allowance.objects.create(**known, **limits.said())
            elif before != limits.said():
                Allowance.objects.filter(pk=row.pk).update(**limits.said())
            if before != limits.said():
                _record(actor, Event.ALLOWANCE_CHANGED, row, {**whom, "before": before, "after": limits.said()})
    except IntegrityError:
        # Somebody else set the same row first; nothing of this was kept.
        raise Conflict("allowance.just_set") from None
    for name, value in limits.said().items():
        setattr(row, name, value)
    return row


def change_allowance(actor: Actor, *, allowance: UUID, limits: Limits) -> Allowance:
    """Replace what a row of the project allows, as `set_allowance` does. Raises NotFound."""
    actor.require_step_up(Permission.PROJECT_CONFIGURE)
    with actor.reading():
        row = _one(actor, allowance)
    return set_allowance(actor, to=To(person=row.user_id, group=row.group_id), limits=limits)


def remove_allowance(actor: Actor, *, allowance: UUID) -> None:
    """Remove a row of the project; without any, the project is unlimited again. Raises NotFound."""
    actor.require_step_up(Permission.PROJECT_CONFIGURE)
    with actor.writing():
        row = _one(actor, allowance)
        whom = _named(To(person=row.user_id, group=row.group_id))
        Allowance.objects.filter(pk=row.pk).delete()
        _record(actor, Event.ALLOWANCE_REMOVED, row, {**whom, "before": _limits_of(row).said(), "after": None})


def check_unlimited(*, group: UUID) -> None:
    """Raise Conflict where a project's limits name the group, in the caller's transaction."""
    projects = Project.objects.filter(pk__in=Allowance.objects.filter(group_id=group).values("project_id"))
    names = list(projects.order_by("name").values_list("name", flat=True))
    if names:
        raise Conflict("group.limits", count=len(names), projects=", ".join(names))


def close_for(actor: Actor, *, group: UUID) -> None:
    """Remove the rows of a group that goes, in the caller's transaction; what was limited by them alone stays closed.

    A project whose last row it was gets one by which everybody may use nothing: without any it would be unlimited.
    """
    for project in list(Allowance.objects.filter(group_id=group).order_by("project_id").values_list("project_id", flat=True)):
        # Who removes another of the project's rows waits, or was waited for.
        rows = list(Allowance.objects.select_for_update().filter(project_id=project).order_by("id"))
        for row in rows:
            if row.group_id == group:
                Allowance.objects.filter(pk=row.pk).delete()
                facts = {"group": str(group), "before": _limits_of(row).said(), "after": None}
                _record(actor, Event.ALLOWANCE_REMOVED, row, facts)
        if all(row.group_id == group for row in rows):
            closed = Allowance.objects.create(project_id=project, **NOTHING.said())
            _record(actor, Event.ALLOWANCE_CHANGED, closed, {"before": None, "after": NOTHING.said()})


def allowances(actor: Actor) -> "QuerySet[Allowance]":
    """Return the project's rows, newest first, in the caller's scope: all for who configures it, else those that match her."""
    rows: QuerySet[Allowance] = Allowance.objects.filter(project_id=actor.require_project()).order_by("-created", "id")
    if actor.may(Permission.PROJECT_CONFIGURE):
        return rows
    own = Q(user_id=actor.person) | Q(group_id__in=_groups(actor)) | Q(user__isnull=True, group__isnull=True)
    return rows.filter(own)


def allowed(actor: Actor, use: Use) -> Verdict:
    """Return whether the Actor may use this in the project now, in the caller's scope; promises nothing for later."""
    joined()
    return _decided(actor, use, timezone.now())


def spend(actor: Actor, use: Use) -> Verdict:
    """Ask as `allowed` does and, where nothing stands against it, count the pictures, in the caller's transaction.

    Today's row is locked first (where the studio has a quota, its own), so that two requests never share the last picture.
    """
    joined()
    now = timezone.now()
    if Tenant.objects.filter(pk=actor.tenant, pictures_a_day__isnull=False).exists():
        Tenant.objects.select_for_update(no_key=True).get(pk=actor.tenant)
    _count(actor, now.date())
    verdict = _decided(actor, use, now)
    if verdict.allowed:
        _count(actor, now.date(), pictures=use.pictures)
    return verdict


def spend_device(actor: Actor, *, milliseconds: int) -> None:
    """Count what a device has computed for the Actor, in a transaction of its own: it was used whatever becomes of the work."""
    with actor.writing():
        _count(actor, timezone.now().date(), milliseconds=milliseconds)


def rest_after(verdict: Verdict) -> timedelta:
    """Return how long work rests that met this limit: till the day is over, and never so long that a raised one is missed."""
    left = timedelta() if verdict.opens is None else verdict.opens - timezone.now()
    return max(timedelta(seconds=1), min(left, LONGEST_REST))


def standing(actor: Actor) -> Standing:
    """Return what the Actor may use in the project today, in the caller's scope."""
    now = timezone.now()
    return Standing(_limits(actor), _own(actor, now.date()), Day(now).opens)


def limits(actor: Actor) -> Limits | None:
    """Return what the Actor may use in the project, in the caller's scope; None is nothing."""
    return _limits(actor)


def usage(actor: Actor, *, day: date | None = None) -> list[UsedBy]:
    """Return what was used of the project today or on that day, in the caller's scope: all people's, or her own."""
    rows = Usage.objects.filter(project_id=actor.require_project(), day=day or timezone.now().date())
    if not (actor.may(Permission.PROJECT_CONFIGURE) or actor.may(Permission.MEMBER_READ)):
        rows = rows.filter(person_id=actor.person)
    found = list(rows)
    names = dict(User.objects.filter(pk__in=[row.person_id for row in found]).values_list("pk", "display_name"))
    used = [UsedBy(row.person_id, names.get(row.person_id, ""), Used(row.pictures, row.device_milliseconds)) for row in found]
    return sorted(used, key=lambda one: (one.name, one.person))


def _decided(actor: Actor, use: Use, now: datetime) -> Verdict:
    return decide(use, limits=_limits(actor), day=_day(actor, now))


def _limits(actor: Actor) -> Limits | None:
    rows = [Row(_limits_of(one), one.user_id, one.group_id) for one in Allowance.objects.filter(project_id=actor.require_project())]
    groups = set(_groups(actor)) if any(row.group is not None for row in rows) else set()
    return limits_for(rows, person=actor.person, groups=groups)


def _day(actor: Actor, now: datetime) -> Day:
    pictures, seconds = Tenant.objects.values_list("pictures_a_day", "device_seconds_a_day").get(pk=actor.tenant)
    quota = Limits(pictures_a_day=pictures, device_seconds_a_day=seconds)
    studio = _sum(Usage.objects.filter(day=now.date())) if (pictures, seconds) != (None, None) else Used()
    return Day(now, own=_own(actor, now.date()), studio=studio, quota=quota)


def _own(actor: Actor, day: date) -> Used:
    return _sum(Usage.objects.filter(day=day, project_id=actor.require_project(), person_id=actor.person))


def _sum(rows: "QuerySet[Usage]") -> Used:
    found = rows.aggregate(pictures=Sum("pictures"), device=Sum("device_milliseconds"))
    return Used(int(found["pictures"] or 0), int(found["device"] or 0))


def _count(actor: Actor, day: date, *, pictures: int = 0, milliseconds: int = 0) -> None:
    """Make today's row of the Actor if there is none, lock it till the transaction ends, and add to it."""
    place = {"tenant_id": actor.tenant, "day": day, "project_id": actor.require_project(), "person_id": actor.person}
    Usage.objects.bulk_create([Usage(**place)], update_conflicts=True, unique_fields=list(place), update_fields=["day"])
    if pictures or milliseconds:
        Usage.objects.filter(**place).update(
            pictures=F("pictures") + pictures, device_milliseconds=F("device_milliseconds") + milliseconds
        )


def _groups(actor: Actor) -> "QuerySet[GroupMember, UUID]":
    groups: QuerySet[GroupMember, UUID] = GroupMember.objects.filter(user_id=actor.person).values_list("group_id", flat=True)
    return groups


def _limits_of(row: Allowance) -> Limits:
    return Limits(
        bases=_ids(row.bases), adapters=_ids(row.adapters),
        features=None if row.features is None else frozenset(Feature(one) for one in row.features),
        pictures_a_day=row.pictures_a_day, device_seconds_a_day=row.device_seconds_a_day,
    )  # fmt: skip


def _ids(kept: list[str] | None) -> frozenset[UUID] | None:
    return None if kept is None else frozenset(UUID(one) for one in kept)


def _one(actor: Actor, allowance: UUID) -> Allowance:
    row: Allowance | None = Allowance.objects.filter(pk=allowance, project_id=actor.require_project()).first()
    if row is None:
        raise NotFound("allowance.unknown")
    return row


def _named(to: To) -> dict[str, str]:
    """Return whom a row is for, as entries say it: a person by her pseudonym. Raises NotFound."""
    if to.group is not None:
        if not Group.objects.filter(pk=to.group).exists():
            raise NotFound("group.unknown")
        return {"group": str(to.group)}
    if to.person is None:
        return {}
    person = User.objects.filter(pk=to.person).first()
    if person is None:
        raise NotFound("person.unknown")
    return {"person": person.pseudonym}


def _record(actor: Actor, kind: Event, row: Allowance, facts: Mapping[str, Any]) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=kind,
        facts={"allowance": str(row.pk), **facts},
    )  # fmt: skip
