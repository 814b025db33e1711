"""Tenants, projects, people, what they may do, and how they are known."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from access.roles import Role
from kernel.scope import TenantModel, TenantQuerySet
from kernel.walls import Ground, GroundTable, Wall


class Tenant(TenantModel):
    """A studio, or the platform itself; its id is its own tenant id."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=63)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_tenant"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=models.F("tenant_id")), name="access_tenant_is_its_own"),
        ]


class StudioAddress(models.Model):
    """A studio's name in an address, and which tenant it leads to."""

    wall: ClassVar[Ground] = GroundTable(
        reason="found before a tenant is known; shows only the row whose name was given",
        app="select insert",
        presented="slug",
    )

    slug = models.SlugField(primary_key=True, max_length=63)
    tenant_id = models.UUIDField()

    class Meta:
        db_table = "access_studio_address"

    def __str__(self) -> str:
        return self.slug


class StudioName(models.Model):
    """A studio's name as `rules.folded` writes it, for whoever knows the name and not the address. Two may share one."""

    wall: ClassVar[Ground] = GroundTable(
        reason="found before a tenant is known; shows only the rows whose name was given",
        app="select insert",
        presented="folded",
    )

    slug = models.SlugField(primary_key=True, max_length=63)
    folded = models.TextField(db_index=True)
    tenant_id = models.UUIDField()

    class Meta:
        db_table = "access_studio_name"

    def __str__(self) -> str:
        return self.slug


class Project(TenantModel):
    """A body of work with keys, pictures, models and members of its own."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")

    name = models.CharField(max_length=120)
    created = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_project"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "name"], name="access_project_name_once")]


class People(BaseUserManager.from_queryset(TenantQuerySet)):  # type: ignore[misc]  # made by Django at run time
    """A tenant's people. Nobody is found by anything but an id."""

    def get_by_natural_key(self, username: str | None) -> "User":
        found: User = self.get(pk=username)
        return found


class User(AbstractBaseUser, TenantModel):
    """A person in one tenant. Who works for two studios is two users; the pseudonym is what the ledger says."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    email = models.EmailField()
    display_name = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=32)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = People()

    class Meta:
        db_table = "access_user"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "email"], name="access_user_email_once"),
            models.UniqueConstraint(fields=["tenant_id", "pseudonym"], name="access_user_pseudonym_once"),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class Membership(TenantModel):
    """A role of a person: tenant-wide when `project` is absent."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    granted = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_membership"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "user", "project", "role"], name="access_membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(project__isnull=True, role__in=[Role.OWNER.value, Role.OFFICER.value])
                | models.Q(project__isnull=False, role__in=[Role.LEAD.value, Role.TRAINER.value, Role.ARTIST.value]),
                name="access_membership_reach",
            ),
        ]


class ApiToken(TenantModel):
    """A person's key for programs; only its SHA-256 is kept. An empty scope is all that the person may."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="", presented="hash")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    scope = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_api_token"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "hash"], name="access_token_hash_once")]

    def is_usable(self, now: datetime) -> bool:
        """Return whether it opens anything at that moment."""
        return self.revoked is None and self.expires > now


class Session(TenantModel):
    """A browser's session; the row knows only the SHA-256 of its key, and the key begins with the tenant's id."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select delete")

    digest = models.CharField(max_length=64)
    user_id = models.UUIDField(null=True)
    content = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()

    class Meta:
        db_table = "access_session"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "digest"], name="access_session_once")]


class KeyedAsk(TenantModel):
    """What a person asked for with an idempotency key, by digests, and the rows that it made."""

    wall: ClassVar[Ground] = Wall(app="select insert", worker="select delete")

    person_id = models.UUIDField()
    key = models.CharField(max_length=64)
    ask = models.CharField(max_length=64)
    rows = models.JSONField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_keyed_ask"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "person_id", "key"], name="access_keyed_ask_once")]


def roles_of(person: UUID, *, project: UUID | None) -> list[Role]:
    """Return the roles of a person: tenant-wide ones, and those in the project when one is named."""
    held: Any = Membership.objects.filter(user_id=person).filter(models.Q(project=None) | models.Q(project_id=project))
    return [Role(role) for role in held.values_list("role", flat=True)]


def roles_anywhere(person: UUID) -> list[Role]:
    """Return every role that a person has somewhere."""
    return [Role(role) for role in Membership.objects.filter(user_id=person).values_list("role", flat=True).distinct()]


def projects_of(person: UUID, *, within: UUID | None) -> Any:
    """Return the projects that a person reaches, newest first; `within` keeps a bound token in its own."""
    held = Membership.objects.filter(user_id=person)
    reached = Project.objects.order_by("-created")
    if not held.filter(project=None).exists():
        reached = reached.filter(pk__in=held.values("project_id"))
    return reached if within is None else reached.filter(pk=within)
