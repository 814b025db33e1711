"""Policy versions: one row per version, never changed; the newest is in force."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class PolicyVersion(TenantModel):
    """One version of a tenant's rules."""

    wall: ClassVar[Ground] = Wall(app="select insert", worker="select")

    number = models.IntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "moderation_policy"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "number"], name="moderation_policy_number_once")]
