"""How a studio's people prove who they are: its policy, its identity providers, and the domains that it has captured."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from access.models.grants import CustomRole
from access.models.people import Group
from access.models.studios import Project
from access.roles import Role
from access.rules import Protocol
from kernel.scope import TenantModel
from kernel.walls import Ground, GroundTable, Wall


class SecurityPolicy(TenantModel):
    """What a studio asks of every sign-in and every request; a studio without the row has the defaults below."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")

    sso_only = models.BooleanField(default=False)
    second_factor = models.BooleanField(default=False)
    # Whether the provider's own fresh sign-in counts as the step-up.
    provider_step_up = models.BooleanField(default=False)
    session_hours = models.PositiveIntegerField(default=168)
    idle_minutes = models.PositiveIntegerField(default=720)
    # CIDR networks; none is everywhere.
    networks = models.JSONField(default=list)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_security_policy"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id"], name="access_security_policy_once")]


class IdentityProvider(TenantModel):
    """A studio's OpenID Connect or SAML 2.0 provider; its secret is sealed under the tenant's secrets key."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    slug = models.SlugField(max_length=63)
    protocol = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Protocol])
    name = models.CharField(max_length=120)
    is_enabled = models.BooleanField(default=False)
    # OpenID Connect: the issuer; SAML: the entity id.
    issuer = models.CharField(max_length=1024)
    metadata_url = models.CharField(max_length=1024, default="")
    client_id = models.CharField(max_length=255, default="")
    sealed_secret = models.TextField(default="")
    # What the metadata said, checked and reduced to what is used: addresses, algorithms; for SAML the certificates (PEM).
    endpoints = models.JSONField(default=dict)
    certificates = models.JSONField(default=list)
    certificate_ends = models.DateTimeField(null=True)
    email_claim = models.CharField(max_length=255, default="email")
    name_claim = models.CharField(max_length=255, default="name")
    groups_claim = models.CharField(max_length=255, default="groups")
    # Whether somebody unknown becomes a person of the studio by signing in.
    is_joining = models.BooleanField(default=False)
    tested = models.DateTimeField(null=True)
    # When the metadata, read anew, said other addresses or certificates.
    redescribed = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_identity_provider"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "slug"], name="access_provider_slug_once")]

    @property
    def is_tested_as_it_stands(self) -> bool:
        """Whether the last test that passed was of these very addresses and certificates."""
        return self.tested is not None and (self.redescribed is None or self.tested >= self.redescribed)


class RoleMapping(TenantModel):
    """What a group at the provider gives here: a role at a place, or membership in a group of the studio's."""

    wall: ClassVar[Ground] = Wall(app="select insert delete", worker="")

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    claimed = models.CharField(max_length=255)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role], default="")
    custom = models.ForeignKey(CustomRole, on_delete=models.CASCADE, related_name="+", null=True)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", null=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    # To whom it gives nothing, as nobody grants to himself; unknown of those from before.
    made_by = models.UUIDField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_role_mapping"


class CapturedDomain(TenantModel):
    """An e-mail domain that a studio claims; only once it is proved does it lead to the studio and link accounts."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    domain = models.CharField(max_length=253)
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+", null=True)
    # What the domain's owner publishes; no secret, it names only this claim.
    challenge = models.CharField(max_length=64)
    proved = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_captured_domain"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "domain"], name="access_domain_once")]


class DomainAddress(models.Model):
    """Where people of a proved e-mail domain sign in."""

    wall: ClassVar[Ground] = GroundTable(
        reason="found before a tenant is known; shows only the row whose domain was given",
        app="select insert delete",
        presented="domain",
    )

    domain = models.CharField(primary_key=True, max_length=253)
    slug = models.SlugField(max_length=63)
    tenant_id = models.UUIDField()

    class Meta:
        db_table = "access_domain_address"

    def __str__(self) -> str:
        return self.domain
