"""Who holds which role where, why, and until when; and what follows for one person at one place."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from access.models.people import Group, GroupMember, User
from access.models.studios import PLATFORM, Project
from access.roles import (
    GUESTS,
    NOT_FOR_PROGRAMS,
    OF_THE_PERSON,
    REACH,
    ROLE_PERMISSIONS,
    Permission,
    Reach,
    Role,
    apart,
    is_appointed,
)
from access.rules import Kind
from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class CustomRole(TenantModel):
    """A role of the studio's own, over the closed list of permissions."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    name = models.CharField(max_length=60)
    text = models.CharField(max_length=240, default="")
    reach = models.CharField(max_length=16, choices=[(Reach.STUDIO.value, "studio"), (Reach.PROJECT.value, "project")])
    permissions = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_custom_role"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "name"], name="access_custom_role_name_once")]


class GrantSource(models.TextChoices):
    """What made a grant; what a provider's groups gave, its next word takes away."""

    HAND = "hand"
    PROVIDER = "provider"
    SUPPORT = "support"


class Grant(TenantModel):
    """A role of a person or a group, built-in or the studio's own, in a project or (without one) in the whole studio.

    The worker removes what has ended.
    """

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select delete")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", null=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role], default="")
    custom = models.ForeignKey(CustomRole, on_delete=models.CASCADE, related_name="+", null=True)
    expires = models.DateTimeField(null=True)
    granted = models.DateTimeField(default=timezone.now)
    granted_by = models.UUIDField(null=True)
    source = models.CharField(max_length=16, default=GrantSource.HAND.value, choices=GrantSource.choices)
    provider_id = models.UUIDField(null=True)

    class Meta:
        db_table = "access_grant"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "user", "group", "project", "role", "custom", "source", "provider_id"],
                name="access_grant_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True, group__isnull=False) | models.Q(user__isnull=False, group__isnull=True),
                name="access_grant_to_one",
            ),
            models.CheckConstraint(condition=models.Q(custom__isnull=True) ^ models.Q(role=""), name="access_grant_of_one_role"),
            models.CheckConstraint(
                condition=models.Q(role="")
                | models.Q(project__isnull=True, role__in=[r.value for r in Role if REACH[r] is Reach.STUDIO])
                | models.Q(project__isnull=False, role__in=[r.value for r in Role if REACH[r] is Reach.PROJECT])
                | models.Q(
                    project__isnull=True, tenant_id=PLATFORM, role__in=[r.value for r in Role if REACH[r] is Reach.PLATFORM]
                ),
                name="access_grant_reach",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=[r.value for r in Role if r in GUESTS]) | models.Q(expires__isnull=False),
                name="access_grant_guests_leave",
            ),
        ]


@dataclass(frozen=True)
class Held:
    """A role that somebody holds at a place, and by which grant: directly, or through a group."""

    grant: UUID
    role: Role | None
    custom: str
    permissions: frozenset[Permission]
    project: UUID | None
    group: str
    expires: datetime | None

    @property
    def name(self) -> str:
        """Return what the role is called."""
        return self.role.value if self.role is not None else self.custom

    def counts_at(self, place: UUID | None) -> bool:
        """Return whether it counts in this project, or (without one) in the studio as a whole."""
        return self.project in {None, place}


def live(now: datetime | None = None) -> models.Q:
    """Return what picks the grants that count."""
    return models.Q(expires__isnull=True) | models.Q(expires__gt=now or timezone.now())


def grants_to(person: UUID) -> Any:
    """Return the live grants of a person, her groups' included."""
    groups = GroupMember.objects.filter(user_id=person).values("group_id")
    return Grant.objects.filter(live()).filter(models.Q(user_id=person) | models.Q(group_id__in=groups))


def held_by(person: UUID) -> list[Held]:
    """Return everything that a person holds somewhere, in one statement."""
    return _held(grants_to(person))


def appointed_among(people: Iterable[UUID]) -> frozenset[UUID]:
    """Return whoever of these holds, herself or through a group, a role that only who may appoint owners gives."""
    asked = list(people)
    members = GroupMember.objects.filter(user_id__in=asked).values_list("group_id", "user_id")
    by_group: dict[UUID, set[UUID]] = {}
    for group, person in members:
        by_group.setdefault(group, set()).add(person)
    grants = Grant.objects.filter(live()).filter(models.Q(user_id__in=asked) | models.Q(group_id__in=list(by_group)))
    found: set[UUID] = set()
    for person, group, role, permissions in grants.values_list("user_id", "group_id", "role", "custom__permissions"):
        if names_appointed(role, permissions):
            found |= by_group[group] if person is None else {person}
    return frozenset(found)


def names_appointed(role: str, permissions: Iterable[str] | None) -> bool:
    """Return whether a row's role, built-in or with these permissions the studio's own, is one that only an owner gives."""
    held = ROLE_PERMISSIONS[Role(role)] if role else frozenset(Permission(one) for one in permissions or ())
    return is_appointed(Role(role) if role else None, held)


def ever_held_by(person: UUID) -> list[Held]:
    """Return everything that a person holds somewhere, and what has ended and is not swept yet."""
    groups = GroupMember.objects.filter(user_id=person).values("group_id")
    return _held(Grant.objects.filter(models.Q(user_id=person) | models.Q(group_id__in=groups)))


def permitted(held: Iterable[Held]) -> frozenset[Permission]:
    """Return what these roles permit together; of two permissions that never meet, the second is void."""
    return apart(frozenset().union(*(one.permissions for one in held)))


def permitted_at(place: UUID | None, held: Iterable[Held]) -> frozenset[Permission]:
    """Return what those of these roles permit together that count there."""
    return permitted(one for one in held if one.counts_at(place))


def rights(held: Collection[Held], *, place: UUID | None, kind: Kind) -> frozenset[Permission]:
    """Return what somebody may at a place who holds all this, wherever. No program issues tokens, or decides."""
    both = permitted_at(place, held) | (permitted(held) & OF_THE_PERSON)
    return both if kind is Kind.PERSON else both - NOT_FOR_PROGRAMS


def projects_of(person: UUID, *, within: UUID | None) -> Any:
    """Return the projects that a person reaches, newest first; `within` keeps a bound token in its own."""
    held = grants_to(person)
    reached = Project.objects.order_by("-created")
    if not held.filter(project=None).exists():
        reached = reached.filter(pk__in=held.values("project_id"))
    return reached if within is None else reached.filter(pk=within)


def _held(grants: Any) -> list[Held]:
    rows = grants.values_list("id", "role", "custom__name", "custom__permissions", "project_id", "group__name", "expires").order_by(
        "granted", "id"
    )
    return [
        Held(
            grant=grant, role=Role(role) if role else None, custom=custom or "",
            permissions=ROLE_PERMISSIONS[Role(role)] if role else frozenset(Permission(one) for one in permissions or ()),
            project=project, group=group or "", expires=expires,
        )
        for grant, role, custom, permissions, project, group, expires in rows
    ]  # fmt: skip
