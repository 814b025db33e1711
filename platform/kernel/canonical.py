"""One byte form for a record, plain digests, and commitments that hide what they commit to.

A bare hash of a short prompt can be guessed (770,000 guesses a second on one core), so content is never hashed into a
record: it is committed to with 32 random bytes that are used once and sealed with the content.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import rfc8785

_DOMAIN: Final = b"guildhall/commit/v1"


@dataclass(frozen=True)
class Hidden:
    """A commitment (64 hex digits) and the 32 random bytes that open it; the opening is kept sealed."""

    field: str
    commitment: str
    opening: bytes


def encode(value: Any) -> bytes:
    """Return the canonical JSON of `value` (RFC 8785). Raises ValueError for what JSON cannot carry."""
    return rfc8785.dumps(value)


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def hide(field: str, *, tenant: UUID, value: bytes) -> Hidden:
    """Commit to `value` under fresh randomness."""
    opening = secrets.token_bytes(32)
    return Hidden(field, commitment(field, tenant=tenant, value=value, opening=opening), opening)


def commitment(field: str, *, tenant: UUID, value: bytes, opening: bytes) -> str:
    """Return HMAC-SHA-256(opening, domain ‖ 0 ‖ field ‖ 0 ‖ tenant ‖ 0 ‖ value) as hex."""
    message = b"\x00".join([_DOMAIN, field.encode(), str(tenant).encode(), value])
    return hmac.new(opening, message, hashlib.sha256).hexdigest()


def objects_digest(ids: Iterable[UUID]) -> str:
    """Return the digest of a set of object ids, as an intent's facts carry it under `opens`."""
    return sha256_hex("\n".join(sorted(str(one) for one in set(ids))).encode())
