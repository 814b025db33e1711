"""A test of a provider: a real sign-in that signs nobody in, and what was received, for who asked, once.

Both lie sealed under the tenant's secrets key in the shared cache, for minutes: the provider as it would be saved, and then
the claims. A test is its asker's: another session cannot end it, another person cannot read it.
"""

import contextlib
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache

from access.models import IdentityProvider
from access.sealed import open_secret, seal_secret
from kernel.scope import open_scope, tenant_scope

SECONDS: Final = 600
READ_WITHIN: Final = 300
# A provider that was tested so may be enabled so, also when it is saved a while later.
PASSED_FOR: Final = 24 * 3600
# What a test tests: where any of these changes, it is another provider.
_TESTED: Final = ("protocol", "slug", "issuer", "client_id", "endpoints", "certificates")
_KEPT: Final = (
    *_TESTED, "name", "metadata_url", "sealed_secret", "certificate_ends", "email_claim", "name_claim", "groups_claim",
    "is_joining",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A test that is under way: the provider, saved or not, and who asked."""

    ticket: str
    row: IdentityProvider
    asker: UUID
    pseudonym: str

    def received(self, claims: Any) -> None:
        """Keep what was received until the asker has read it."""
        _put(f"received:{self.ticket}", {"asker": str(self.asker), "claims": _plain(claims)}, self.row.tenant_id, READ_WITHIN)

    def fail(self, why: str) -> None:
        """Keep why it failed instead."""
        _put(f"received:{self.ticket}", {"asker": str(self.asker), "why": why}, self.row.tenant_id, READ_WITHIN)

    def note_passed(self) -> None:
        """Remember that a provider of exactly this configuration has been tested."""
        with _inside(self.row.tenant_id):
            cache.set(_name(f"passed:{fingerprint(self.row)}"), 1, timeout=PASSED_FOR)


def begin(row: IdentityProvider, *, tenant: UUID, asker: UUID, pseudonym: str) -> Draft:
    """Return a new test of a provider, kept for minutes."""
    row.tenant_id = tenant
    draft = Draft(secrets.token_hex(16), row, asker, pseudonym)
    kept = {name: getattr(row, name) for name in _KEPT}
    ends = kept.pop("certificate_ends")
    kept |= {"certificate_ends": None if ends is None else ends.isoformat(), "id": str(row.pk)}
    _put(f"draft:{draft.ticket}", {"asker": str(asker), "pseudonym": pseudonym, "row": kept}, tenant, SECONDS)
    return draft


def under_way(ticket: str, *, tenant: UUID) -> Draft | None:
    """Return a test by its ticket, or None when its time is over."""
    kept = _get(f"draft:{ticket}", tenant)
    if kept is None:
        return None
    values = kept["row"]
    ends = values.pop("certificate_ends")
    fields: dict[str, Any] = {**values, "id": UUID(values["id"]), "tenant_id": tenant}
    row = IdentityProvider(**fields, certificate_ends=None if ends is None else datetime.fromisoformat(ends))
    return Draft(ticket, row, UUID(kept["asker"]), kept["pseudonym"])


def pick_up(ticket: str, *, tenant: UUID, asker: UUID) -> dict[str, Any] | None:
    """Return what a test received, once, to who asked for it; None before it is there, afterwards, and to anybody else."""
    kept = _get(f"received:{ticket}", tenant)
    if kept is None or kept["asker"] != str(asker):
        return None
    with _inside(tenant):
        if not cache.delete(_name(f"received:{ticket}")):
            return None
    return {"claims": kept.get("claims"), "why": kept.get("why", "")}


def has_passed(row: IdentityProvider) -> bool:
    """Return whether a provider of exactly this configuration was tested lately."""
    with _inside(row.tenant_id):
        return bool(cache.get(_name(f"passed:{fingerprint(row)}")))


def fingerprint(row: IdentityProvider) -> str:
    """Return a digest of what a test tests."""
    said = json.dumps({name: getattr(row, name) for name in _TESTED}, sort_keys=True)
    return hashlib.sha256(f"{row.tenant_id}:{said}:{row.sealed_secret}".encode()).hexdigest()


def _plain(claims: Any) -> dict[str, Any]:
    return {str(name): value for name, value in dict(claims).items()}


def _put(name: str, value: Any, tenant: UUID, seconds: int) -> None:
    sealed = seal_secret(json.dumps(value, default=str), tenant=tenant)
    with _inside(tenant):
        cache.set(_name(name), sealed, timeout=seconds)


def _get(name: str, tenant: UUID) -> Any:
    with _inside(tenant):
        sealed = cache.get(_name(name))
    return None if sealed is None else json.loads(open_secret(sealed, tenant=tenant))


def _inside(tenant: UUID) -> contextlib.AbstractContextManager[object]:
    """A key of the cache carries the tenant of the scope: a test begins in one kind of scope and ends in another."""
    scope = open_scope()
    return contextlib.nullcontext() if scope is not None and scope.tenant == tenant else tenant_scope(tenant, read_only=True)


def _name(name: str) -> str:
    return f"access:sso:{name}"
