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

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_CHARACTERS: Final = 36
CHECK_CHARACTERS: Final = 6
PERSONAL: Final = "pat"
_FORM: Final = re.compile(rf"ghl_{PERSONAL}_([0-9A-Za-z]{{{RANDOM_CHARACTERS}}})([0-9A-Za-z]{{{CHECK_CHARACTERS}}})")


def draw(kind: str = PERSONAL) -> str:
    """Return a new token."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"ghl_{kind}_{body}{checksum(body)}"


def is_well_formed(token: str) -> bool:
    """Return whether prefix, alphabet, length and checksum are right."""
    form = _FORM.fullmatch(token)
    return form is not None and form[2] == checksum(form[1])


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
