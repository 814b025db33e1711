"""Signed tokens of an OpenID provider: verified with its own keys, and each claim compared; pure.

Sources: OpenID Connect Core 1.0, section 3.1.3.7, and Back-Channel Logout 1.0, section 2.6. Stricter than either: no
algorithm with a shared secret, no audience besides us, an `iat` that is not far from now, and a logout_token says that it is one.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from access.errors import SignInRefused

ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)  # fmt: skip
LOGOUT_TYPE: Final = "logout+jwt"
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})
_LEEWAY: Final = 60
_OLDEST: Final = 600
_SHORTEST_RSA: Final = 2048
_LONGEST: Final = 64 * 1024
_OURS_TO_CHECK: Final[Any] = {f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


@dataclass(frozen=True)
class Expected:
    """Whose token, for whom, signed how; `nonce` is of the request, `fresh_since` when she must have signed in at the earliest."""

    issuer: str
    client: str
    algorithms: frozenset[str]
    now: float
    nonce: str = ""
    fresh_since: float | None = None


def id_token(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """Return the claims of an id_token. Raises SignInRefused."""
    claims = _verified(token, keys, expected)
    _check_times(claims, expected, needs_end=True)
    nonce = claims.get("nonce")
    if not expected.nonce or not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise SignInRefused("sso.nonce")
    if not _is_name(claims.get("sub")) or "events" in claims:
        raise SignInRefused("sso.subject")
    since, signed_in = expected.fresh_since, _number(claims, "auth_time")
    if since is not None and (signed_in is None or not since - _LEEWAY <= signed_in <= expected.now + _LEEWAY):
        raise SignInRefused("sso.not_fresh")
    return claims


def logout_token(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """Return the claims of a logout_token. Raises SignInRefused."""
    claims = _verified(token, keys, expected, kind=LOGOUT_TYPE)
    _check_times(claims, expected, needs_end=False)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
        raise SignInRefused("sso.not_a_logout")
    if not _is_name(claims.get("jti")) or not (_is_name(claims.get("sub")) or _is_name(claims.get("sid"))):
        raise SignInRefused("sso.subject")
    return claims


def _verified(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected, *, kind: str = "") -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise SignInRefused("sso.token")
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS or algorithm not in expected.algorithms or "crit" in header:
            raise SignInRefused("sso.algorithm")
        if kind and str(header.get("typ", "")).lower().removeprefix("application/") != kind:
            raise SignInRefused("sso.not_a_logout")
        key = _key(keys, header)
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[algorithm], options=_OURS_TO_CHECK)
    except jwt.PyJWTError:
        raise SignInRefused("sso.signature") from None
    if claims.get("iss") != expected.issuer:
        raise SignInRefused("sso.issuer")
    if claims.get("aud") not in (expected.client, [expected.client]) or claims.get("azp", expected.client) != expected.client:
        raise SignInRefused("sso.audience")
    return claims


def _key(keys: Sequence[Mapping[str, Any]], header: Mapping[str, Any]) -> Any:
    """Return the one key that is meant: of the provider's own set, never one that the token brings along."""
    algorithm, kid = header["alg"], header.get("kid")
    usable = [
        key for key in keys
        if isinstance(key, Mapping) and key.get("kty") in _KINDS and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm and kid in {None, key.get("kid")}
    ]  # fmt: skip
    if len(usable) != 1:
        raise SignInRefused("sso.key")
    key = jwt.PyJWK(dict(usable[0]), algorithm=algorithm).key
    if isinstance(key, RSAPublicKey) and key.key_size < _SHORTEST_RSA:
        raise SignInRefused("sso.key")
    return key


def _check_times(claims: Mapping[str, Any], expected: Expected, *, needs_end: bool) -> None:
    made, ends, begins = (_number(claims, name) for name in ("iat", "exp", "nbf"))
    is_told = made is not None and (ends is not None or (not needs_end and "exp" not in claims))
    if made is None or not is_told or (begins is None and "nbf" in claims):
        raise SignInRefused("sso.times")
    latest = expected.now + _LEEWAY
    if made > latest or made < expected.now - _OLDEST or (begins is not None and begins > latest):
        raise SignInRefused("sso.times")
    if ends is not None and ends <= expected.now - _LEEWAY:
        raise SignInRefused("sso.expired")


def _number(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable() and value == value.strip()
