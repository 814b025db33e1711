from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall
from tenants.exit.rules import State


class Exit(TenantModel):
    """A request to take one model away; `bundle` is the sealed ZIP, `opens` the objects its intent names.

    `assembled_id` is the entry that commits to the bundle, `openings` what opens that commitment.
    """

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select update")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("registry.RegisteredModel", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in State], default=State.QUEUED)
    duties = models.JSONField(default=list)
    refusals = models.JSONField(default=list)
    opens = models.JSONField(default=list)
    bundle = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    openings = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    assembled_id = models.UUIDField(null=True)
    size = models.BigIntegerField(null=True)
    contents = models.JSONField(default=list)
    intent_id = models.UUIDField()
    code = models.CharField(max_length=60, default="")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "exit_exit"
