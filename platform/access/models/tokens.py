"""Keys for programs, sessions of browsers, and what was asked for once."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from access.models.people import User
from access.models.studios import Project
from access.rules import TokenKind
from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class ApiToken(TenantModel):
    """A key for programs: a person's, a service account's, provisioning's or support's. Only its SHA-256 is kept.

    A person's token with an empty scope carries all that she may, but for what asks for a fresh second factor.
    """

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="", presented="hash")

    kind = models.CharField(max_length=16, default=TokenKind.PERSONAL.value, choices=[(k.value, k.value) for k in TokenKind])
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", null=True)
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    scope = models.JSONField(default=list)
    # Issued in a session that an identity provider opened: what counts where a studio signs in by its provider alone.
    by_provider = models.BooleanField(default=False)
    # Which one, so that it ends with it; a token from before this was noted knows none.
    provider_id = models.UUIDField(null=True)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_api_token"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "hash"], name="access_token_hash_once")]

    def is_usable(self, now: datetime) -> bool:
        """Return whether it opens anything at that moment."""
        return self.revoked is None and self.expires > now


class Session(TenantModel):
    """A browser's session; the row knows only the SHA-256 of its key, and the key begins with the tenant's id."""

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select delete")

    digest = models.CharField(max_length=64)
    user_id = models.UUIDField(null=True)
    content = models.JSONField(default=dict)
    agent = models.CharField(max_length=160, default="")
    address = models.GenericIPAddressField(null=True)
    # Which provider opened it, and a digest of the provider's name for its own session, to end it from there.
    provider_id = models.UUIDField(null=True)
    provider_session = models.CharField(max_length=64, default="")
    created = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()

    class Meta:
        db_table = "access_session"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "digest"], name="access_session_once")]


class KeyedAsk(TenantModel):
    """What a person asked for with an idempotency key, by digests, and the rows that it made."""

    wall: ClassVar[Ground] = Wall(app="select insert", worker="select delete")

    person_id = models.UUIDField()
    key = models.CharField(max_length=64)
    ask = models.CharField(max_length=64)
    rows = models.JSONField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "access_keyed_ask"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "person_id", "key"], name="access_keyed_ask_once")]
