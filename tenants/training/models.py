"""Runs and their samples. Configuration numbers are plain; words and pictures lie in the vault."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall
from tenants.training.rules import OPEN, State


class TrainingRun(TenantModel):
    """One training of one adapter."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select insert update")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey("datasets.Dataset", on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey("registry.RegisteredModel", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    config = models.JSONField()
    words = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    intent_id = models.UUIDField()
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in State], default=State.QUEUED)
    step = models.IntegerField(default=0)
    steps_total = models.IntegerField()
    loss = models.FloatField(null=True)
    seconds_left = models.FloatField(null=True)
    loss_curve = models.JSONField(default=list)
    resume = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    resume_step = models.IntegerField(default=0)
    model = models.ForeignKey("registry.RegisteredModel", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, default="")
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    class Meta:
        db_table = "training_run"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state=State.FINISHED) | models.Q(model__isnull=False),
                name="training_finished_has_model",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "project", "-created"], name="training_of_project")]

    @property
    def is_open(self) -> bool:
        """Return whether it has not ended."""
        return self.state in OPEN


class Sample(TenantModel):
    """One picture that a run made on its way; it belongs to the run and never to the gallery."""

    wall: ClassVar[Ground] = Wall(app="select", worker="select insert")

    run = models.ForeignKey(TrainingRun, on_delete=models.PROTECT, related_name="+")
    step = models.IntegerField()
    number = models.IntegerField()
    picture = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "training_sample"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "run", "step", "number"], name="training_sample_once")
        ]
