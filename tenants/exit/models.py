from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall
from tenants.exit.rules import State


class Exit(TenantModel):
    """A request to take one model away; `bundle` is the sealed ZIP, `opens` the objects its intent names."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select update")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    model = models.ForeignKey("registry.RegisteredModel", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in State], default=State.QUEUED)
    duties = models.JSONField(default=list)
    refusals = models.JSONField(default=list)
    opens = models.JSONField(default=list)
    bundle = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField(null=True)
    contents = models.JSONField(default=list)
    intent_id = models.UUIDField()
    code = models.CharField(max_length=60, default="")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "exit_exit"
