"""One row per model of a tenant, whatever its kind."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall
from tenants.registry.rules import Kind, State


class RegisteredModel(TenantModel):
    """A base (a folder of an open licence, read in clear, for the whole tenant) or an adapter (sealed, of a project)."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select insert update")

    project = models.ForeignKey("access.Project", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in State], default=State.CANDIDATE)
    family = models.CharField(max_length=32)
    licences = models.JSONField(default=list)  # its own and its ancestors'
    digest = models.CharField(max_length=64)
    files = models.JSONField(default=dict)  # a base's files with their digests
    folder = models.TextField(default="")
    size = models.BigIntegerField(default=0)  # bytes of its weights
    object = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")  # trigger and the like
    lineage = models.JSONField(default=dict)
    measuring = models.JSONField(default=dict)  # what the evaluation needs: its intent, and the objects that it opens
    evaluation = models.JSONField(null=True)
    reason = models.ForeignKey("vault.Object", null=True, on_delete=models.PROTECT, related_name="+")  # of the decision
    rights = models.JSONField(default=list)
    trained_by_id = models.UUIDField(null=True)
    entry_id = models.UUIDField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "registry_model"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "digest"], condition=models.Q(kind=Kind.BASE), name="registry_base_once"),
            models.CheckConstraint(
                condition=(models.Q(kind=Kind.BASE, project=None, object=None) & ~models.Q(folder=""))
                | (~models.Q(kind=Kind.BASE) & models.Q(project__isnull=False, object__isnull=False, folder="")),
                name="registry_where_it_lies",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "project", "-created"], name="registry_of_project")]
