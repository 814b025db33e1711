"""Studios, how they are found before anybody has signed in, and their projects."""

from typing import ClassVar, Final
from uuid import UUID

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, GroundTable, Wall

# The platform is a tenant too, of an id that every installation knows: so the database itself can say who is its own.
PLATFORM: Final = UUID("00000000-0000-4000-8000-000000000001")


class Tenant(TenantModel):
    """A studio, or the platform itself; its id is its own tenant id. An absent quota is no limit."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=63)
    created = models.DateTimeField(default=timezone.now)
    suspended = models.DateTimeField(null=True)
    pictures_a_day = models.PositiveIntegerField(null=True)
    device_seconds_a_day = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "access_tenant"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=models.F("tenant_id")), name="access_tenant_is_its_own"),
        ]


class Studio(TenantModel):
    """The platform's own register of studios: which there are, and where. Rows of the platform's tenant alone."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="")

    studio_id = models.UUIDField()
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=63)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_studio"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "studio_id"], name="access_studio_once"),
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


class Allowance(TenantModel):
    """What somebody may use in a project, and how much: a person's, a group's, or everybody's when it names neither.

    An absent list or number is no limit. A project without any row is unlimited within its studio's quota, so a row goes with
    nobody whom it names: its removal is a deed of its own.
    """

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    group = models.ForeignKey("access.Group", on_delete=models.PROTECT, related_name="+", null=True)
    bases = models.JSONField(null=True)
    adapters = models.JSONField(null=True)
    features = models.JSONField(null=True)
    pictures_a_day = models.PositiveIntegerField(null=True)
    device_seconds_a_day = models.PositiveIntegerField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_allowance"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "project", "user", "group"], name="access_allowance_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) | models.Q(group__isnull=True), name="access_allowance_of_one"
            ),
        ]


class Usage(TenantModel):
    """What a person has used of a project in a day (UTC): pictures asked for, and milliseconds of a device."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select insert update")

    project_id = models.UUIDField()
    person_id = models.UUIDField()
    day = models.DateField()
    pictures = models.PositiveIntegerField(default=0)
    device_milliseconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "access_usage"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "day", "project_id", "person_id"], name="access_usage_once"),
        ]
