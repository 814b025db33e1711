"""Access reviews, and what a studio consented to for the platform's support."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from access.models.people import User
from access.models.studios import Project
from access.roles import Role
from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class AccessReview(TenantModel):
    """A look at every grant of a project, or of the whole studio, that somebody confirms or revokes one by one."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    opened_by = models.UUIDField()
    created = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField()
    closed = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_review"


class ReviewItem(TenantModel):
    """One grant as it stood when the review was opened, and what was decided; the grant itself may be gone."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="")

    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="+")
    grant_id = models.UUIDField()
    # Who holds it and what: pseudonyms and names as evidence, since rows above may go.
    holder = models.CharField(max_length=120)
    holder_id = models.UUIDField()
    is_group = models.BooleanField(default=False)
    role = models.CharField(max_length=60)
    project_id = models.UUIDField(null=True)
    expires = models.DateTimeField(null=True)
    decision = models.CharField(max_length=16, default="")
    decided_by = models.UUIDField(null=True)
    decided = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_review_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "review", "grant_id"], name="access_review_item_once")
        ]


class SupportConsent(TenantModel):
    """A studio lets the platform's support in until a moment, with one role and for a stated reason."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")

    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    reason = models.CharField(max_length=240, default="")
    # What opens the ledger's commitment to the reason, sealed.
    reason_opening = models.TextField(default="")
    given_by = models.UUIDField()
    # Who came in, once somebody has.
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    created = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_support_consent"
