"""Finished pictures."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class Standing(models.TextChoices):
    SHOWN = "shown"
    WITHDRAWN = "withdrawn"


class Asset(TenantModel):
    """One picture that policy shows: signed, sealed, with the entry that records how it was made."""

    wall: ClassVar[Ground] = Wall(app="select update", worker="select insert")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    generation = models.ForeignKey("generations.Generation", on_delete=models.PROTECT, related_name="+")
    picture = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    made_with = models.JSONField(default=list)  # ids of its models
    width = models.IntegerField()
    height = models.IntegerField()
    seed = models.BigIntegerField()
    purpose = models.CharField(max_length=16)
    entry_id = models.UUIDField()
    standing = models.CharField(max_length=16, choices=Standing.choices, default=Standing.SHOWN)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "gallery_asset"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "generation"], name="gallery_one_asset_of_a_request")]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "project", "-created"], name="gallery_of_project")]
