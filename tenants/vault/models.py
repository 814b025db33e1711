"""The vault's rows: what an object is, how its key is wrapped, how it stands. Never what it holds."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class Standing(models.TextChoices):
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    SHREDDED = "shredded"


class Object(TenantModel):
    """One sealed object. `person` is the subject under whose key it lies, absent when it lies under the project's."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select insert update")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    key_class = models.CharField(max_length=16)
    key_version = models.IntegerField()
    version = models.IntegerField(default=1)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    wrapped = models.BinaryField()
    key_commitment = models.BinaryField()
    entry_id = models.UUIDField()
    standing = models.CharField(max_length=16, choices=Standing.choices, default=Standing.KEPT)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "vault_object"


class View(TenantModel):
    """The entry under which a person looks at a project in one hour; once that is over, the entry that closed it.

    `seen` is the sealed list of the objects that were opened under it.
    """

    wall: ClassVar[Ground] = Wall(app="select insert", worker="select update")

    project = models.ForeignKey("access.Project", on_delete=models.CASCADE, related_name="+")
    person_id = models.UUIDField()
    hour = models.DateTimeField()
    entry_id = models.UUIDField()
    closed_id = models.UUIDField(null=True)
    seen = models.ForeignKey(Object, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "vault_view"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "project", "person_id", "hour"], name="vault_view_once_an_hour"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "hour"], condition=models.Q(closed_id__isnull=True), name="vault_view_open"),
        ]
