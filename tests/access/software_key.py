"""A passkey in software, for the tests: an ES256 key that attests itself and signs, as WebAuthn level 2 describes."""

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class SoftwareKey:
    """One credential; `verified=False` is a key that asks its holder for nothing, `origin` where its browser is."""

    def __init__(self, *, verified=True, origin="https://testserver"):
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(32)
        self.verified, self.origin, self.user, self.count = verified, origin, b"", 0

    def attest(self, options):
        """Return the credential that answers creation options."""
        options = options["publicKey"]
        self.user = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        data = self._data(options["rp"]["id"], ATTESTED) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(clientDataJSON=b64(client), attestationObject=b64(attested))

    def sign(self, options):
        """Return the credential that answers request options."""
        options = options["publicKey"]
        data, client = self._data(options["rpId"]), self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            clientDataJSON=b64(client), authenticatorData=b64(data), signature=b64(signature), userHandle=b64(self.user)
        )

    def _data(self, rp, flags=0):
        self.count += 1
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _credential(self, **response):
        return {
            "id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}}, "authenticatorAttachment": "platform",
        }  # fmt: skip
