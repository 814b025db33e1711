"""Links to take something away with: for one person, for sixty seconds, kept nowhere.

A link names a project, a row and when it ends, and carries a MAC over those, what it is for, the tenant and the person.
So it says nothing of who may use it, and whoever shows it must be that person by session or token: it opens no door by
itself. It holds no name and no content, and changing any of its signs changes it into no link.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

LIFE: Final = timedelta(seconds=60)
_SALT: Final = "guildhall.access.links"
_NAMED: Final = struct.Struct(">I16s16s")  # the second at which it ends, project, row
_MAC_BYTES: Final = 32


class Purpose(StrEnum):
    """What a link takes away."""

    ASSET = "asset"
    BUNDLE = "bundle"


@dataclass(frozen=True)
class Holder:
    """Whose link it is."""

    tenant: UUID
    person: UUID


@dataclass(frozen=True)
class Target:
    """What a link names."""

    purpose: Purpose
    project: UUID
    row: UUID


@dataclass(frozen=True)
class Link:
    """The link's text for an address, and when it ends."""

    text: str
    expires: datetime


def make(holder: Holder, target: Target, *, now: datetime) -> Link:
    """Return a link that this person may open within a minute of `now`."""
    ends = int((now + LIFE).timestamp())
    named = _NAMED.pack(ends, target.project.bytes, target.row.bytes)
    return Link(_text(named + _mac(named, holder, target.purpose)), datetime.fromtimestamp(ends, tz=UTC))


def read(text: str, *, holder: Holder, purpose: Purpose, now: datetime) -> Target | None:
    """Return what the link names for whoever shows it; None when it is another's, over, for something else, or no link."""
    value = _bytes(text)
    if value is None:
        return None
    named, mac = value[: _NAMED.size], value[_NAMED.size :]
    if not constant_time_compare(mac, _mac(named, holder, purpose)):
        return None
    ends, project, row = _NAMED.unpack(named)
    return Target(purpose, UUID(bytes=project), UUID(bytes=row)) if now.timestamp() < ends else None


def _mac(named: bytes, holder: Holder, purpose: Purpose) -> bytes:
    # Every part has its length, so no two holders and purposes give the same bytes.
    signed = named + holder.tenant.bytes + holder.person.bytes + purpose.value.encode()
    return salted_hmac(_SALT, signed, algorithm="sha256").digest()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    try:
        value = base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")
    except (binascii.Error, ValueError):
        return None
    # Decoding forgives signs that it does not know and bits that are left over: only the one right spelling is a link.
    return value if len(value) == _NAMED.size + _MAC_BYTES and _text(value) == text else None
