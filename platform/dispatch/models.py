"""Tickets and leases. Both hold opaque ids only; nothing here can be read as content."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dispatch.rules import Kind, State
from kernel.scope import TenantModel
from kernel.walls import Ground, OwnWall


class Lease(TenantModel):
    """One worker's way into one tenant until `ends`. Only functions of the database read and write it."""

    wall: ClassVar[Ground] = OwnWall("definer functions alone reach it: a login that could write it could lease itself a tenant")

    worker = models.TextField()
    token_digest = models.CharField(max_length=64)
    ends = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "id"], name="dispatch_lease_of_tenant"),
            models.UniqueConstraint(fields=["token_digest", "tenant_id"], name="dispatch_lease_token"),
        ]


class Ticket(TenantModel):
    """One piece of work that waits, is under way, or is over: who asked, what kind, for which row, by which intent."""

    wall: ClassVar[Ground] = OwnWall("the worker reads all tickets before it has any tenant, and writes through functions")

    project_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)  # none: nobody asked, the tenant's system Actor does it
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in Kind])
    row = models.UUIDField()
    intent = models.UUIDField()
    shape_key = models.TextField(default="")
    needs = models.JSONField(default=list)  # digests of the models that should be at hand
    cost = models.PositiveIntegerField(default=1)
    priority = models.SmallIntegerField(default=0)
    deadline = models.DateTimeField(null=True)
    state = models.TextField(choices=[(state.value, state.value) for state in State], default=State.WAITING)
    outcome = models.TextField(default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.ForeignKey(Lease, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    put = models.DateTimeField(db_default=Now())
    ready = models.DateTimeField(db_default=Now())
    taken = models.DateTimeField(null=True)
    over = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="dispatch_ticket_kind"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="dispatch_ticket_state"),
            models.CheckConstraint(
                condition=~Q(state=State.TAKEN) | Q(lease__isnull=False, taken__isnull=False), name="dispatch_taken_by"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "kind"],
                condition=Q(kind=Kind.HOUSEKEEPING, state__in=[State.WAITING, State.TAKEN]),
                name="dispatch_one_standing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("kind"), F("ready"), condition=Q(state=State.WAITING), name="dispatch_waiting"),
            models.Index(F("lease"), condition=Q(state=State.TAKEN), name="dispatch_under_way"),
            models.Index(F("taken"), name="dispatch_taken"),
            models.Index(F("tenant_id"), F("row"), name="dispatch_of_row"),
        ]
