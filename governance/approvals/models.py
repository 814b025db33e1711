from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class State(models.TextChoices):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


class Approval(TenantModel):
    """One question to a second person; `requester_id` never decides it."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select insert")

    project = models.ForeignKey("access.Project", on_delete=models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    requester_id = models.UUIDField()
    decider_id = models.UUIDField(null=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    created = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True)

    class Meta:
        db_table = "approvals_approval"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "subject_kind", "subject_id"], condition=models.Q(state="open"), name="approvals_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(decider_id=None) | ~models.Q(decider_id=models.F("requester_id")), name="approvals_four_eyes"
            ),
        ]
