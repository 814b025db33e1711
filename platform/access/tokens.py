"""The form of a token: `ghl_<kind>_`, 36 random base62 characters, 6 characters of base62 CRC-32.

The checksum lets a mistyped or invented token be refused before the database is asked; scanners find leaked ones by
the prefix. Only the SHA-256 is stored.
"""

import hashlib
import secrets
import string
import zlib
from typing import Final

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_CHARACTERS: Final = 36
CHECK_CHARACTERS: Final = 6
PERSONAL: Final = "pat"


def draw(kind: str = PERSONAL) -> str:
    """Return a new token."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"ghl_{kind}_{body}{_check(kind, body)}"


def is_well_formed(token: str) -> bool:
    """Return whether prefix, length and checksum are right."""
    parts = token.split("_")
    if len(parts) != 3 or parts[0] != "ghl" or len(parts[2]) != RANDOM_CHARACTERS + CHECK_CHARACTERS:
        return False
    body, check = parts[2][:RANDOM_CHARACTERS], parts[2][RANDOM_CHARACTERS:]
    return secrets.compare_digest(check.encode(), _check(parts[1], body).encode())


def digest(token: str) -> str:
    """Return what the database keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check(kind: str, body: str) -> str:
    number, out = zlib.crc32(f"{kind}_{body}".encode()), ""
    for _ in range(CHECK_CHARACTERS):
        number, rest = divmod(number, len(ALPHABET))
        out = ALPHABET[rest] + out
    return out
