"""What a session has shown of its person, read from what the sign-in library notes in it; pure.

Source: allauth's authentication records, a list of `{method, at, …}` with `at` in seconds since 1970. A recovery code lets
somebody in who lost her device; it proves no fresh presence, so it never counts as a step-up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

RECORDS: Final = "account_authentication_methods"
# What the session keeps of a sign-in by a provider: which one, and a digest of the provider's name for its own session.
OPENED_BY: Final = "sso"
STEP_UP_SECONDS: Final = 300
WAYS: Final = ("provider", "password", "factor", "recovery_code")
_RECOVERY: Final = "recovery_codes"
_WHOSE: Final = "account_authentication_methods_user"
_SIGNED_IN: Final = "_auth_user_id"


@dataclass(frozen=True)
class Proofs:
    """When each was shown last, in seconds since 1970; None where it never was."""

    password: float | None = None
    factor: float | None = None
    recovery: float | None = None
    provider: float | None = None
    # The provider that opened the session, by its part of an address and its id, and when it says that the person signed in there.
    provider_slug: str = ""
    provider_id: UUID | None = None
    provider_signed_in: float | None = None

    def ways(self) -> tuple[str, ...]:
        """Return what was shown, in the words of `WAYS`."""
        shown = (self.provider, self.password, self.factor, self.recovery)
        return tuple(way for way, at in zip(WAYS, shown, strict=True) if at is not None)

    def stepped_up_until(self, *, by_provider: bool = False) -> float | None:
        """Return until when the step-up lasts, or lasted; None where there was none."""
        shown = [one for one in (self.factor, self.provider_signed_in if by_provider else None) if one is not None]
        return max(shown) + STEP_UP_SECONDS if shown else None

    def has_second_factor(self) -> bool:
        """Return whether a second factor or a recovery code was shown."""
        return self.factor is not None or self.recovery is not None

    def is_fresh(self, now: float) -> bool:
        """Return whether anything but a recovery code was shown within the last five minutes."""
        return any(one is not None and 0 <= now - one < STEP_UP_SECONDS for one in (self.password, self.factor, self.provider))

    def is_stepped_up(self, now: float, *, by_provider: bool = False) -> bool:
        """Return whether a second factor is fresh, or the provider's own sign-in where that counts."""
        shown = [self.factor] + ([self.provider_signed_in] if by_provider else [])
        return any(one is not None and 0 <= now - one < STEP_UP_SECONDS for one in shown)


def proofs_in(content: Mapping[str, Any]) -> Proofs:
    """Return what a session's content shows. Records of an unknown form, or of somebody else's, count for nothing."""
    if content.get(_WHOSE, content.get(_SIGNED_IN)) != content.get(_SIGNED_IN):
        return Proofs()
    records = [one for one in content.get(RECORDS, ()) if isinstance(one, Mapping) and isinstance(one.get("at"), int | float)]
    factors = [one for one in records if one.get("method") == "mfa"]
    by_provider = [one for one in records if one.get("method") == "socialaccount"]
    newest = max(by_provider, key=lambda one: float(one["at"]), default=None)
    return Proofs(
        password=_last(one for one in records if one.get("method") == "password"),
        factor=_last(one for one in factors if one.get("type") != _RECOVERY),
        recovery=_last(one for one in factors if one.get("type") == _RECOVERY),
        provider=_last(by_provider),
        provider_slug="" if newest is None else str(newest.get("provider", "")),
        provider_id=UUID(content[OPENED_BY]["provider"]) if newest and content.get(OPENED_BY) else None,
        provider_signed_in=None if newest is None or "auth_time" not in newest else float(newest["auth_time"]),
    )


def _last(records: Iterable[Mapping[str, Any]]) -> float | None:
    return max((float(one["at"]) for one in records), default=None)
