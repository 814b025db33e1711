"""The gate: what a session may still do under its studio's policy, asked at every request. Pure: values in, a verdict out.

Being signed in is not enough: a studio may ask for a second factor, for its own provider, for its own networks, and for an
end. What was shown at the sign-in is asked again each time, so neither an older session nor another way in goes past it.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from access.proofs import Proofs
from access.rules import TokenKind

LONGEST: Final = timedelta(days=7)
LONGEST_IDLE: Final = timedelta(hours=12)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Verdict(StrEnum):
    """What a session may do; each but `OPEN` is the code of the refusal."""

    OPEN = "open"
    ENROL = "session.enrol_factor"
    FACTOR = "session.factor_needed"
    PROVIDER = "session.provider_needed"
    NETWORK = "session.network"
    OUTDATED = "session.outdated"


# These sessions are over; the others can still become what the studio asks for.
ENDED: Final = frozenset({Verdict.PROVIDER, Verdict.OUTDATED})


class Voucher(StrEnum):
    """Whether an identity provider answers for a token's person."""

    NONE = "none"
    STANDS = "stands"
    GONE = "gone"


@dataclass(frozen=True)
class Policy:
    """What a studio asks; the defaults are those of a studio that never set any."""

    sso_only: bool = False
    second_factor: bool = False
    provider_step_up: bool = False
    session: timedelta = LONGEST
    idle: timedelta = LONGEST_IDLE
    networks: tuple[str, ...] = ()

    def lasts(self, *, created: datetime, seen: datetime, now: datetime) -> bool:
        """Return whether a session goes on: neither too old nor idle for too long."""
        return now - created < self.session and now - seen < self.idle

    def admits(self, address: str | None) -> bool:
        """Return whether requests come from an allowed network; from an unknown address only where all are allowed."""
        if not self.networks:
            return True
        known = address_in(address or "")
        return known is not None and any(known in network for network in map(network_in, self.networks) if network is not None)


@dataclass(frozen=True)
class Standing:
    """What is true of a person beside what her session shows."""

    has_factor: bool
    is_break_glass: bool = False


def verdict(policy: Policy, *, proofs: Proofs, standing: Standing, address: str | None) -> Verdict:
    """Return what a session that still lasts may do."""
    if not policy.admits(address):
        return Verdict.NETWORK
    if policy.sso_only and proofs.provider is None and not standing.is_break_glass:
        return Verdict.PROVIDER
    if policy.second_factor and not standing.has_factor:
        return Verdict.ENROL
    if policy.second_factor and not proofs.has_second_factor():
        return Verdict.FACTOR
    return Verdict.OPEN


def of_token(policy: Policy, *, kind: TokenKind, voucher: Voucher, standing: Standing, address: str | None) -> Verdict:
    """Return what a token may do. Its use from a command on the machine itself has no address, and is not asked for one.

    Provisioning comes from the provider's own cloud and support from the platform: a studio's networks bind neither. Whom a
    provider vouched for that does so no more has lost the sessions that it opened, and with them what was issued there.
    """
    if address is not None and kind in {TokenKind.PERSONAL, TokenKind.SERVICE} and not policy.admits(address):
        return Verdict.NETWORK
    if kind is TokenKind.PERSONAL and voucher is Voucher.GONE:
        return Verdict.PROVIDER
    if policy.sso_only and kind is TokenKind.PERSONAL and voucher is Voucher.NONE and not standing.is_break_glass:
        return Verdict.PROVIDER
    return Verdict.OPEN


def may_sign_in_by_itself(policy: Policy, standing: Standing) -> bool:
    """Return whether a person may sign in without the studio's provider."""
    return not policy.sso_only or standing.is_break_glass


# What stays open to a session that lacks something, by method and route; the library's routes under its own prefix.
_ALWAYS: Final = (
    ("GET", re.compile(r"api/v1/session|auth/session|config")),
    ("DELETE", re.compile(r"auth/session")),
    ("POST", re.compile(r"api/v1/sign-out")),
)
_OPEN_TO: Final[dict[Verdict, tuple[tuple[str, re.Pattern[str]], ...]]] = {
    Verdict.ENROL: (
        *_ALWAYS,
        ("POST", re.compile(r"auth/reauthenticate")),
        ("GET", re.compile(r"account/authenticators(/totp|/webauthn)?")),
        ("POST", re.compile(r"account/authenticators/(totp|webauthn)")),
    ),
    Verdict.FACTOR: (
        *_ALWAYS,
        ("POST", re.compile(r"auth/2fa/reauthenticate")),
        ("GET", re.compile(r"auth/webauthn/reauthenticate")),
        ("POST", re.compile(r"auth/webauthn/reauthenticate")),
    ),
    Verdict.NETWORK: (("DELETE", re.compile(r"auth/session")),),
}
_REMOVING: Final = (("DELETE", re.compile(r"account/authenticators/(totp|webauthn)")),)
_SHOWING_CODES: Final = re.compile(r"account/authenticators/recovery-codes")
_ADDING: Final = re.compile(r"account/authenticators/(totp|webauthn)")


def opens(verdict: Verdict, *, method: str, route: str) -> bool:
    """Return whether a session with this verdict may use a route: an address without its slash or the library's prefix."""
    return verdict is Verdict.OPEN or _among(_OPEN_TO.get(verdict, ()), method, route)


def removes_a_factor(*, method: str, route: str) -> bool:
    """Return whether a request takes second factors away."""
    return _among(_REMOVING, method, route)


def needs_step_up(*, method: str, route: str, has_factor: bool) -> bool:
    """Return whether a request changes how its person proves herself, which a password alone never does.

    The first factor is added without one, as there is none yet to show.
    """
    if removes_a_factor(method=method, route=route) or _SHOWING_CODES.fullmatch(route):
        return True
    return has_factor and method in {"POST", "PUT"} and _ADDING.fullmatch(route) is not None


def address_in(text: str) -> Address | None:
    """Return an address; an IPv4 one that is written as IPv6 is the same. None for what is none."""
    try:
        known = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return mapped or known


def network_in(text: str) -> Network | None:
    """Return a network in CIDR form, or the network of one address. None for what is none."""
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError:
        return None


def client_address(peer: str, forwarded: str, *, proxies: Iterable[str]) -> str | None:
    """Return who asks: the peer, or behind proxies that the operator trusts the last address that none of them has.

    What a stranger writes in the header stands to the left of what a trusted proxy added, and is never reached.
    """
    trusted = [network for network in map(network_in, proxies) if network is not None]
    seen = address_in(peer)
    for said in reversed(forwarded.split(",") if forwarded else []):
        if seen is None or not any(seen in network for network in trusted):
            break
        seen = address_in(_bare(said.strip()))
    return None if seen is None else str(seen)


def _among(rules: Iterable[tuple[str, re.Pattern[str]]], method: str, route: str) -> bool:
    # Django answers HEAD by the handler of GET.
    asked = "GET" if method == "HEAD" else method
    return any(asked == allowed and pattern.fullmatch(route) for allowed, pattern in rules)


def _bare(said: str) -> str:
    """Return an address without a port, in any of the forms that proxies write."""
    if said.startswith("["):
        return said[1:].partition("]")[0]
    host, _, port = said.partition(":")
    return host if port.isdigit() else said
