"""OpenSSF Model Signing of files that lie in memory alone, with a key that lies with the keeper.

The signing library hashes folders on disk and loads keys from files; weights must not touch a disk and keys never
leave the keeper, so its manifest is built from digests here and its certificate signer gets a key that only asks.
Anyone checks the result with the library's own `verify certificate`.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from model_signing import manifest
from model_signing._hashing.hashing import Digest
from model_signing._signing import sign_certificate, signing

SIGNATURE_NAME = "model.sig"
IGNORED = (SIGNATURE_NAME, ".git", ".gitattributes", ".github", ".gitignore")
Sign = Callable[[bytes], bytes]
logging.getLogger("model_signing").setLevel(logging.WARNING)


class AskedKey:
    """Stands where a private key stands: signs by asking, and knows its public side."""

    def __init__(self, public: ec.EllipticCurvePublicKey, sign: Sign) -> None:
        self._public, self._sign = public, sign

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public key."""
        return self._public

    def sign(self, message: bytes, _algorithm: ec.ECDSA) -> bytes:
        """Return a DER signature of what the keeper signs as r‖s."""
        raw = self._sign(message)
        return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


class AskingSigner(sign_certificate.Signer):
    """The library's certificate signer with a key that lies elsewhere."""

    def __init__(self, chain_pem: bytes, sign: Sign) -> None:
        chain = x509.load_pem_x509_certificates(chain_pem)
        self._signing_certificate, self._trust_chain = chain[0], chain[1:]
        self._private_key = AskedKey(chain[0].public_key(), sign)  # type: ignore[arg-type,assignment]  # ours are EC


def signature_of(files: Mapping[str, bytes], *, name: str, chain_pem: bytes, sign: Sign) -> bytes:
    """Return the signature bundle (JSON) over files by their path in the model's folder."""
    items = [
        manifest.FileManifestItem(path=PurePosixPath(path), digest=Digest("sha256", hashlib.sha256(content).digest()))
        for path, content in sorted(files.items())
    ]
    how = manifest._FileSerialization(  # no public way without a folder
        "sha256", allow_symlinks=False, ignore_paths=[Path(one) for one in IGNORED]
    )
    payload = signing.Payload(manifest.Manifest(name, items, how))
    signature: Any = AskingSigner(chain_pem, sign).sign(payload)
    return str(signature.bundle.to_json()).encode()
