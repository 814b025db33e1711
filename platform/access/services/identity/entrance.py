"""What a studio's entrance shows before anybody has signed in, and by which provider a session came."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount

from access.actor import Actor
from access.models import IdentityProvider, SecurityPolicy, Tenant
from access.services.sessions import record_signed_out
from kernel.scope import tenant_scope


@dataclass(frozen=True)
class Opener:
    """The provider that opened a session, and its name for the person."""

    row: IdentityProvider
    uid: str


def offered(tenant: UUID) -> dict[str, Any]:
    """Return a studio's name, its enabled providers, and whether it takes passwords; nothing else is told to strangers."""
    with tenant_scope(tenant, read_only=True):
        rows = IdentityProvider.objects.filter(is_enabled=True).order_by("name", "id").values("slug", "name", "protocol")
        return {
            "name": Tenant.objects.get().name,
            "providers": list(rows),
            "has_passwords": not SecurityPolicy.objects.filter(sso_only=True).exists(),
        }


def opener_of(actor: Actor, *, opened: Any) -> Opener | None:
    """Return the provider that a session's own note names, if it still stands."""
    provider = opened.get("provider") if isinstance(opened, dict) else None
    if not isinstance(provider, str):
        return None
    with actor.reading():
        row = IdentityProvider.objects.filter(pk=provider, is_enabled=True).first()
        if row is None:
            return None
        uid = SocialAccount.objects.filter(provider=row.slug, user_id=actor.person).values_list("uid", flat=True).first()
    return Opener(row, uid or "")


def note_signed_out(actor: Actor) -> None:
    """Record that a person ended her session herself."""
    record_signed_out(tenant=actor.tenant, pseudonym=actor.pseudonym)
