"""A studio's machine secrets at rest: a provider's client secret, the seeds of second factors, what opens a commitment.

Each is sealed under a data key of its own that lies under the tenant's secrets key; what the row keeps is one text that
opens for this tenant alone. `web` opens it for use; nobody is shown one. Form: base64 of RFC 8785 JSON with `object`,
`wrapped` and `sealed`.
"""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from kernel import canonical
from kernel.errors import VerificationFailed
from kernel.keys import KeyAsk, KeyClass, OpenAsk, keeper
from kernel.sealing import Aad, SealBroken, open_bytes, seal_bytes

_MEDIA_TYPE: Final = "application/vnd.guildhall.secret"


def seal_secret(secret: str, *, tenant: UUID) -> str:
    """Return the sealed form of a secret."""
    made = uuid4()
    aad = _aad(tenant, made)
    [key] = keeper().generate([KeyAsk(aad, tenant, KeyClass.SECRETS, entry=made)])
    sealed = seal_bytes(secret.encode(), key=key.key, aad=aad)
    parts = {"object": str(made), "wrapped": _text(key.wrapped), "sealed": _text(sealed), "version": key.key_version}
    return _text(canonical.encode(parts))


@dataclass(frozen=True)
class Opening:
    """What opens one commitment to words that the ledger does not hold: it is kept sealed beside them."""

    plain: bytes
    sealed: str

    def commit(self, field: str, words: str, *, tenant: UUID) -> str:
        """Return the commitment to words."""
        return canonical.commitment(field, tenant=tenant, value=words.encode(), opening=self.plain)


def draw_opening(*, tenant: UUID) -> Opening:
    """Return a fresh opening; before the transaction, as the keeper is asked."""
    plain = secrets.token_bytes(32)
    return Opening(plain, seal_secret(plain.hex(), tenant=tenant))


def open_secret(sealed: str, *, tenant: UUID) -> str:
    """Return the secret. Raises VerificationFailed for what was changed, or sealed for another tenant."""
    try:
        parts = json.loads(base64.b64decode(sealed, validate=True))
        made, wrapped, body = UUID(parts["object"]), base64.b64decode(parts["wrapped"]), base64.b64decode(parts["sealed"])
        version = int(parts["version"])
    except (ValueError, KeyError, TypeError):
        raise VerificationFailed("secret.unreadable") from None
    aad = _aad(tenant, made)
    [key] = keeper().secret([OpenAsk(aad, wrapped, tenant, KeyClass.SECRETS, key_version=version)])
    try:
        return open_bytes(body, key=key, aad=aad).decode()
    except SealBroken:
        raise VerificationFailed("secret.unreadable") from None


def _aad(tenant: UUID, made: UUID) -> bytes:
    return Aad(str(tenant), "", str(made), 1, _MEDIA_TYPE).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
