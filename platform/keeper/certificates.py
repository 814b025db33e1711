"""The installation's certificate authority, each tenant's claim and bundle certificates, and what signs with them."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding, aes_key_wrap_with_padding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from keeper.roots import Root, write_atomically

YEARS: Final = timedelta(days=3650)
NOTE_ED25519: Final = b"\x01"


@dataclass(frozen=True)
class Signer:
    """A private key and what it signs as: Ed25519, or ECDSA P-256 with SHA-256 as raw r‖s."""

    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

    @classmethod
    def log(cls, seed: bytes) -> "Signer":
        """Return the signer of a log whose 32-byte seed this is."""
        return cls(ed25519.Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """Return the signature (64 bytes)."""
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(message)
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def vkey(self, name: str) -> str:
        """Return the C2SP verifier key `<name>+<key id>+<base64>` of a log's Ed25519 key."""
        raw = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        typed = NOTE_ED25519 + raw
        short = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4].hex()
        return f"{name}+{short}+{base64.b64encode(typed).decode()}"


class Authority:
    """Signs the tenants' certificates with the installation's key."""

    def __init__(self, folder: Path, root: Root, *, installation: str) -> None:
        self._folder = folder
        if not (folder / "ca.pem").exists():
            key = ec.generate_private_key(ec.SECP256R1())
            write_atomically(folder / "ca.key", root.wrap(_scalar(key)))
            write_atomically(folder / "ca.pem", _ca(key, installation).public_bytes(serialization.Encoding.PEM))
        self._key = _private(root.unwrap((folder / "ca.key").read_bytes()))
        self._certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())

    def found(self, home: Path, purpose: str, above: bytes) -> None:
        """Make a tenant's key and certificate for one purpose; may be repeated."""
        if (home / f"{purpose}.pem").exists():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        write_atomically(home / f"{purpose}.sign", aes_key_wrap_with_padding(above, _scalar(key)))
        write_atomically(home / f"{purpose}.pem", self._issue(key, purpose, home.name).public_bytes(serialization.Encoding.PEM))

    def signer(self, home: Path, purpose: str, above: bytes) -> Signer:
        """Return what signs for a tenant."""
        return Signer(_private(aes_key_unwrap_with_padding(above, (home / f"{purpose}.sign").read_bytes())))

    def chain(self, home: Path, purpose: str) -> str:
        """Return the tenant's certificate and the authority's, in PEM, leaf first."""
        return (home / f"{purpose}.pem").read_text(encoding="ascii") + self.certificate_pem()

    def certificate_pem(self) -> str:
        """Return the authority's own certificate."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def _issue(self, key: ec.EllipticCurvePrivateKey, purpose: str, tenant: str) -> x509.Certificate:
        now = datetime.now(UTC)
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, tenant),
                x509.NameAttribute(NameOID.COMMON_NAME, f"Guildhall {purpose}"),
            ]
        )
        usages = [ExtendedKeyUsageOID.EMAIL_PROTECTION] if purpose == "claim" else [ExtendedKeyUsageOID.CODE_SIGNING]
        return (
            x509.CertificateBuilder().subject_name(name).issuer_name(self._certificate.subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + YEARS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )  # fmt: skip


def _ca(key: ec.EllipticCurvePrivateKey, installation: str) -> x509.Certificate:
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Guildhall authority {installation}")])
    return (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + 2 * YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _scalar(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_numbers().private_value.to_bytes(32, "big")


def _private(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
