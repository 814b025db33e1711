"""What may be decided without asking anything: closed words, the form of a studio's address, when two names are the same."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a user is. Only persons sign in; the others act by tokens."""

    PERSON = "person"
    SERVICE = "service"
    PROVISIONING = "provisioning"
    SUPPORT = "support"


class TokenKind(StrEnum):
    """What a token is for; it stands in the token's own text."""

    PERSONAL = "pat"
    SERVICE = "svc"
    PROVISIONING = "scim"
    SUPPORT = "sup"


class Protocol(StrEnum):
    """What an identity provider speaks."""

    OIDC = "oidc"
    SAML = "saml"


class Ending(StrEnum):
    """How near the end of a certificate is."""

    SOON = "soon"
    PAST = "past"


# So long before its end a certificate is spoken of.
WARN_WITHIN: Final = timedelta(days=30)
_ADDRESS: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

_PASTED: Final = re.compile(r"(?:https?://[^/\s]+|[^/\s]*)/s/(?P<slug>[^/?#\s]+)(?:[/?#]\S*)?", re.IGNORECASE)
_LONGEST_TYPED: Final = 2000


def is_address(slug: str) -> bool:
    """Return whether this can name a studio: a label as in a host name, since a studio may get a host of its own."""
    return _ADDRESS.fullmatch(slug) is not None


def ending(ends: datetime | None, now: datetime) -> Ending | None:
    """Return whether a certificate ends within 30 days, or has ended; None for one that lasts, and for none."""
    if ends is None or ends - now > WARN_WITHIN:
        return None
    return Ending.PAST if ends <= now else Ending.SOON


def folded(name: str) -> str:
    """Return a name as people hear it: without case, accents and what is not seen, its spaces collapsed."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    spaced = " ".join(plain.split())
    return "".join(sign for sign in spaced if not unicodedata.combining(sign) and unicodedata.category(sign)[0] != "C")


def addresses_in(typed: str) -> tuple[str, ...]:
    """Return the addresses that somebody may have meant, the likeliest first: a pasted link's, or what was typed itself."""
    if len(typed) > _LONGEST_TYPED:
        return ()
    text = typed.strip()
    pasted = _PASTED.fullmatch(text)
    meant = (pasted["slug"].lower() if pasted else "", text.lower())
    return tuple(slug for slug in meant if is_address(slug))


def is_domain(name: str) -> bool:
    """Return whether this can be an e-mail domain: two labels at least, and no address in digits."""
    labels = name.split(".")
    return len(labels) >= 2 and len(name) <= 253 and all(map(is_address, labels)) and not labels[-1].isdigit()
