"""What an admin says of a provider becomes a row that is not saved yet: its metadata is fetched, checked and reduced."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from access import outward
from access.federation import metadata
from access.federation.metadata import Described
from access.models import IdentityProvider
from access.outward.places import permitted
from access.rules import Protocol, is_address
from access.sealed import seal_secret
from kernel.errors import InvalidInput

_OWN_KEY_FOR: Final = timedelta(days=3650)


@dataclass(frozen=True)
class Wanted:
    """A provider as an admin describes it: by one of the address of its metadata, the metadata itself, or its issuer."""

    name: str
    protocol: Protocol
    slug: str = ""
    issuer: str = ""
    metadata_url: str = ""
    metadata: str = ""
    client_id: str = ""
    client_secret: str = ""
    email_claim: str = "email"
    name_claim: str = "name"
    groups_claim: str = "groups"
    is_joining: bool = False


def drawn(wanted: Wanted, *, tenant: UUID) -> IdentityProvider:
    """Return the row that would be saved. Asks the provider's own address for its metadata; raises InvalidInput or NotReached."""
    slug = wanted.slug or address_of(wanted.name)
    if not is_address(slug) or not wanted.name.strip():
        raise InvalidInput("provider.name")
    row = IdentityProvider(
        slug=slug, protocol=wanted.protocol.value, name=wanted.name.strip(), metadata_url=wanted.metadata_url,
        email_claim=wanted.email_claim, name_claim=wanted.name_claim, groups_claim=wanted.groups_claim,
        is_joining=wanted.is_joining, tenant_id=tenant,
    )  # fmt: skip
    describe(row, read(wanted))
    if wanted.protocol is Protocol.OIDC:
        if not wanted.client_id or not wanted.client_secret:
            raise InvalidInput("provider.client")
        row.client_id, row.sealed_secret = wanted.client_id, seal_secret(wanted.client_secret, tenant=tenant)
    else:
        draw_key(row, tenant=tenant)
    return row


def read(wanted: Wanted) -> Described:
    """Return what a provider's metadata says. Raises InvalidInput or NotReached."""
    if wanted.protocol is Protocol.OIDC and wanted.issuer and not wanted.metadata and not wanted.metadata_url:
        wanted = replace(wanted, metadata_url=wanted.issuer.rstrip("/") + metadata.WELL_KNOWN)
    text = wanted.metadata.encode() if wanted.metadata else outward.fetch(wanted.metadata_url) if wanted.metadata_url else b""
    if not text:
        raise InvalidInput("provider.no_metadata")
    if wanted.protocol is Protocol.SAML:
        return metadata.of_saml(text, judge=outward.judge, now=datetime.now(UTC), issuer=wanted.issuer)
    found = metadata.of_discovery(text, judge=_may_be_asked, issuer=wanted.issuer)
    if not wanted.metadata and wanted.metadata_url != found.issuer.rstrip("/") + metadata.WELL_KNOWN:
        # Whoever may write a document anywhere could otherwise speak for an issuer that he is not.
        raise InvalidInput("metadata.other_issuer")
    return found


def describe(row: IdentityProvider, described: Described) -> None:
    """Write what metadata says into a row; the issuer of a saved one stays."""
    if row.issuer and row.issuer != described.issuer:
        raise InvalidInput("metadata.other_issuer")
    own = {name: row.endpoints[name] for name in ("own_certificate",) if name in row.endpoints}
    row.issuer, row.endpoints = described.issuer, {**described.endpoints, **own}
    row.certificates, row.certificate_ends = described.certificates, described.certificate_ends


def draw_key(row: IdentityProvider, *, tenant: UUID) -> None:
    """Draw the key that signs our requests to a SAML provider; its certificate is what the provider's admin is given."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Guildhall")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + _OWN_KEY_FOR)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    row.endpoints = {**row.endpoints, "own_certificate": certificate.public_bytes(Encoding.PEM).decode()}
    row.sealed_secret = seal_secret(text, tenant=tenant)


def address_of(name: str) -> str:
    """Return a name as a part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")


def _may_be_asked(url: str) -> object:
    """Refuse also what names a reserved address in so many digits; names are judged when they are asked."""
    place = outward.judge(url)
    if place.address is not None and not permitted(place, place.address, outward.of_installation().allowed):
        raise InvalidInput("outward.refused_address", why="address")
    return place
