"""Requests for pictures and replays. What was typed lies in the vault."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall
from tenants.generations.rules import ReplayState, State


class Generation(TenantModel):
    """One picture that somebody asked for; refused ones too."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select insert update")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in State])
    reasons = models.JSONField(default=list)
    decisions = models.JSONField(default=dict)  # of policy and licences, with the digests of their rules
    base = models.ForeignKey("registry.RegisteredModel", on_delete=models.PROTECT, related_name="+")
    adapters = models.JSONField(default=list)
    prompt = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    steps = models.IntegerField()
    guidance = models.FloatField()
    width = models.IntegerField()
    height = models.IntegerField()
    scheduler = models.CharField(max_length=32)
    intent_id = models.UUIDField()
    record = models.JSONField(null=True)
    picture = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    openings = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    asset_id = models.UUIDField(null=True)
    outcome_id = models.UUIDField(null=True)
    code = models.CharField(max_length=60, default="")
    number = models.IntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    class Meta:
        db_table = "generations_generation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state=State.COMPLETED) | models.Q(asset_id__isnull=False, picture__isnull=False),
                name="generations_completed_has_asset",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "project", "-created"], name="generations_of_project")]


class ReplayRun(TenantModel):
    """One picture made again from its record, to compare every pixel."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select update")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=16, choices=[(state.value, state.value) for state in ReplayState], default=ReplayState.QUEUED
    )
    intent_id = models.UUIDField()
    equal = models.BooleanField(null=True)
    largest_difference = models.IntegerField(null=True)
    differing_facts = models.JSONField(default=list)
    code = models.CharField(max_length=60, default="")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "generations_replay"
