"""People of a studio, programs that act in it, and groups of them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from access.rules import Kind
from kernel.scope import TenantModel, TenantQuerySet
from kernel.walls import Ground, Wall


class People(BaseUserManager.from_queryset(TenantQuerySet)):  # type: ignore[misc]  # made by Django at run time
    """A tenant's people. Nobody is found by anything but an id."""

    def get_by_natural_key(self, username: str | None) -> "User":
        found: User = self.get(pk=username)
        return found


class User(AbstractBaseUser, TenantModel):
    """Who acts in one tenant: a person, a service account, provisioning, or the platform's support while it is let in.

    Who works for two studios is two users. The pseudonym is what the ledger says. Only persons sign in.
    """

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    kind = models.CharField(max_length=16, default=Kind.PERSON.value, choices=[(one.value, one.value) for one in Kind])
    email = models.EmailField(null=True)  # noqa: DJ001  # unique where there is one
    display_name = models.CharField(max_length=120)
    pseudonym = models.CharField(max_length=32)
    is_active = models.BooleanField(default=True)
    # By somebody here: then no word of the directory's lets her in again.
    is_suspended_by_hand = models.BooleanField(default=False, db_default=False)
    # Named by the tenant: signs in by password when the identity provider is away, alarmed and recorded.
    is_break_glass = models.BooleanField(default=False)
    # Of the provisioning client: its own id and name for this person.
    external_id = models.CharField(max_length=255, default="")
    user_name = models.CharField(max_length=255, null=True)  # noqa: DJ001  # as above
    given_name = models.CharField(max_length=120, default="")
    family_name = models.CharField(max_length=120, default="")
    # Who answers for a service account.
    keeper_id = models.UUIDField(null=True)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = People()

    class Meta:
        db_table = "access_user"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "email"], name="access_user_email_once"),
            models.UniqueConstraint(fields=["tenant_id", "pseudonym"], name="access_user_pseudonym_once"),
            models.UniqueConstraint(fields=["tenant_id", "user_name"], name="access_user_name_once"),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.PERSON.value) | models.Q(email__isnull=False), name="access_user_person_has_email"
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(is_suspended_by_hand=False), name="access_user_suspended_is_out"
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym


def orphaned() -> models.Q:
    """Return what is true of a service account whose keeper is suspended or gone: nobody answers for it."""
    keepers = User.objects.filter(pk=models.OuterRef("keeper_id"), kind=Kind.PERSON.value, is_active=True)
    return models.Q(kind=Kind.SERVICE.value) & ~models.Q(models.Exists(keepers))


class Group(TenantModel):
    """People who are granted roles together; kept by hand, or by provisioning when it has an external id."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    name = models.CharField(max_length=120)
    # What the ledger holds instead of the name, and what opens it, sealed.
    name_commitment = models.CharField(max_length=64, default="")
    name_opening = models.TextField(default="")
    external_id = models.CharField(max_length=255, default="")
    is_provisioned = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_group"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "name"], name="access_group_name_once")]


class GroupMember(TenantModel):
    """A person in a group, by hand, by provisioning where that keeps the group, or as an identity provider's groups say."""

    wall: ClassVar[Ground] = Wall(app="select insert delete", worker="select")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # What a provider's groups gave its next word takes away; where there is none, nobody's but who put her in.
    provider = models.ForeignKey("access.IdentityProvider", on_delete=models.CASCADE, related_name="+", null=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_group_member"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "group", "user", "provider"], name="access_group_member_once_each", nulls_distinct=False
            ),
        ]
