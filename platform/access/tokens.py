"""The form of a token: `ghl_<kind>_`, 36 random base62 characters, and 6 of base62 CRC-32 over those (GitHub's scheme).

The checksum lets a mistyped or invented token be refused before the database is asked; scanners find leaked ones by
the prefix. Only the SHA-256 is stored.
"""

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

from access.rules import TokenKind

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_CHARACTERS: Final = 36
CHECK_CHARACTERS: Final = 6
_KINDS: Final = "|".join(kind.value for kind in TokenKind)
_FORM: Final = re.compile(rf"ghl_({_KINDS})_([0-9A-Za-z]{{{RANDOM_CHARACTERS}}})([0-9A-Za-z]{{{CHECK_CHARACTERS}}})")


def draw(kind: TokenKind = TokenKind.PERSONAL) -> str:
    """Return a new token."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"ghl_{kind.value}_{body}{checksum(body)}"


def kind_of(token: str) -> TokenKind | None:
    """Return what a token says that it is for, or None unless prefix, alphabet, length and checksum are right."""
    form = _FORM.fullmatch(token)
    return TokenKind(form[1]) if form is not None and form[3] == checksum(form[2]) else None


def is_well_formed(token: str) -> bool:
    """Return whether prefix, alphabet, length and checksum are right."""
    return kind_of(token) is not None


def digest(token: str) -> str:
    """Return what the database keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def checksum(body: str) -> str:
    """Return the last six characters of a token with these random ones."""
    number, out = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_CHARACTERS):
        number, rest = divmod(number, len(ALPHABET))
        out = ALPHABET[rest] + out
    return out
