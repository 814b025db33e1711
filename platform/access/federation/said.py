"""What an identity provider says of who signed in, read from claims in one way for both protocols; pure, and kept nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_LONGEST_NAME: Final = 120
_LONGEST_GROUP: Final = 255
_MOST_GROUPS: Final = 1000


@dataclass(frozen=True)
class Named:
    """Which claims the studio reads: of the e-mail address, the name, and the groups."""

    email: str
    name: str
    groups: str


@dataclass(frozen=True)
class Said:
    """Who signed in. `signed_in` is when the provider saw the person herself; `session` its name for its own session."""

    uid: str
    email: str = ""
    email_verified: bool | None = None
    name: str = ""
    groups: frozenset[str] = frozenset()
    signed_in: float | None = None
    session: str = ""
    # Everything that was received, for the test page alone.
    received: Mapping[str, Any] = field(default_factory=dict)


def said_by(claims: Mapping[str, Any], *, uid: str, named: Named, signed_in: float | None, session: str) -> Said:
    """Return what claims say. A claim of an unknown form says nothing, and what the studio names by nothing is not read."""
    verified = claims.get("email_verified")
    named_by = {name: value for name, value in claims.items() if name}
    return Said(
        uid=uid,
        email=_address(_first(named_by.get(named.email))),
        email_verified=None if verified is None else verified in (True, "true", ["true"]),
        name=_printable(_first(named_by.get(named.name)))[:_LONGEST_NAME],
        groups=frozenset(_texts(named_by.get(named.groups))),
        signed_in=signed_in,
        session=session,
        received=claims,
    )


def domain_of(email: str) -> str:
    """Return the domain of an address, as domains are kept."""
    return email.rpartition("@")[2].lower()


def _texts(value: Any) -> Iterable[str]:
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [one for one in listed[:_MOST_GROUPS] if isinstance(one, str) and 0 < len(one) <= _LONGEST_GROUP]


def _first(value: Any) -> str:
    if isinstance(value, list):
        # Two addresses are none: which one is meant would be the provider's order.
        value = value[0] if len(value) == 1 else ""
    return value if isinstance(value, str) else ""


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text.lower() if text.isascii() else ""


def _printable(text: str) -> str:
    return "".join(sign for sign in text.strip() if sign.isprintable())
