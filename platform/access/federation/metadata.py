"""What an identity provider says of itself, reduced to what is used and checked before anything is saved; pure.

OpenID Connect Discovery 1.0 (JSON), and SAML 2.0 metadata (XML). Nothing here is fetched, and the document decides nothing of
how strict we are.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from access.federation.tokens import ALGORITHMS
from kernel.errors import InvalidInput

LARGEST: Final = 1024 * 1024
WELL_KNOWN: Final = "/.well-known/openid-configuration"
MD: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_SHORTEST_RSA: Final = 2048
_MOST_CERTIFICATES: Final = 8

Judge = Callable[[str], object]


@dataclass(frozen=True)
class Described:
    """A provider as its metadata describes it."""

    issuer: str
    endpoints: dict[str, Any]
    certificates: list[str] = field(default_factory=list)
    certificate_ends: datetime | None = None


def of_discovery(text: bytes, *, judge: Judge, issuer: str = "") -> Described:
    """Return what an OpenID discovery document says; `issuer` is whose it must be. Raises InvalidInput, or what `judge` raises."""
    if len(text) > LARGEST:
        raise InvalidInput("metadata.too_large")
    try:
        said = json.loads(text)
    except ValueError:
        raise InvalidInput("metadata.unreadable") from None
    if not isinstance(said, dict):
        raise InvalidInput("metadata.unreadable")
    own = _text(said, "issuer", most=1024)
    judge(own)
    if issuer and own != issuer:
        raise InvalidInput("metadata.other_issuer")
    needed = {name: _text(said, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    more = {name: _text(said, name) for name in ("userinfo_endpoint", "end_session_endpoint") if said.get(name)}
    endpoints: dict[str, Any] = needed | more
    for url in endpoints.values():
        judge(url)
    endpoints["algorithms"] = _algorithms(said)
    endpoints["token_by_form"] = "client_secret_post" in _list(said, "token_endpoint_auth_methods_supported")
    endpoints["scopes"] = ["openid", "email", "profile", *(["groups"] if "groups" in _list(said, "scopes_supported") else [])]
    endpoints["says_issuer"] = said.get("authorization_response_iss_parameter_supported") is True
    if said.get("code_challenge_methods_supported") and "S256" not in _list(said, "code_challenge_methods_supported"):
        raise InvalidInput("metadata.no_pkce")
    return Described(issuer=own, endpoints=endpoints)


def of_saml(text: bytes, *, judge: Judge, now: datetime, issuer: str = "") -> Described:
    """Return what SAML metadata says of its one identity provider. Raises InvalidInput, or what `judge` raises."""
    entity, role = _identity_provider(parsed(text), wanted=issuer)
    own = entity.get("entityID") or ""
    if not own or len(own) > 1024 or (issuer and own != issuer):
        raise InvalidInput("metadata.other_issuer")
    for node in (entity, role):
        if node.get("validUntil") and moment(node.get("validUntil")) <= now:
            raise InvalidInput("metadata.expired")
    endpoints = {"sso": _location(role, "SingleSignOnService"), "slo": _location(role, "SingleLogoutService")}
    if not endpoints["sso"]:
        raise InvalidInput("metadata.no_sign_in_address")
    for url in filter(None, endpoints.values()):
        judge(url)
    certificates = _certificates(role)
    pems = [one.public_bytes(Encoding.PEM).decode() for one in certificates]
    # The last one to end: an earlier one is a key that is being replaced.
    return Described(own, endpoints, pems, max(one.not_valid_after_utc for one in certificates))


def parsed(text: bytes) -> Any:
    """Return XML as a tree: no document type, no entity, nothing fetched, and an end. Raises InvalidInput."""
    if len(text) > LARGEST:
        raise InvalidInput("metadata.too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise InvalidInput("metadata.unreadable") from None
    if root.getroottree().docinfo.doctype:
        raise InvalidInput("metadata.unreadable")
    return root


def moment(text: str | None) -> datetime:
    """Return a moment of XML Schema's. Raises InvalidInput."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        raise InvalidInput("metadata.unreadable") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _identity_provider(root: Any, *, wanted: str) -> tuple[Any, Any]:
    entities = [root] if root.tag == f"{{{MD}}}EntityDescriptor" else list(root.iter(f"{{{MD}}}EntityDescriptor"))
    found = [
        (entity, role) for entity in entities for role in entity.findall(f"{{{MD}}}IDPSSODescriptor")
        if not wanted or entity.get("entityID") == wanted
    ]  # fmt: skip
    if not found and wanted and any(entity.find(f"{{{MD}}}IDPSSODescriptor") is not None for entity in entities):
        raise InvalidInput("metadata.other_issuer")
    if len(found) != 1:
        raise InvalidInput("metadata.not_one_provider", found=len(found))
    return found[0]


def _location(role: Any, name: str) -> str:
    places = [node.get("Location") or "" for node in role.findall(f"{{{MD}}}{name}") if node.get("Binding") == REDIRECT]
    return places[0] if places else ""


def _certificates(role: Any) -> list[x509.Certificate]:
    keys = [node for node in role.findall(f"{{{MD}}}KeyDescriptor") if node.get("use") in {None, "signing"}]
    texts = ["".join((one.text or "").split()) for node in keys for one in node.iter(f"{{{DS}}}X509Certificate")]
    found = [_certificate(text) for text in dict.fromkeys(texts)]
    if not found or len(found) > _MOST_CERTIFICATES:
        raise InvalidInput("metadata.no_certificate")
    return found


def _certificate(text: str) -> x509.Certificate:
    try:
        found = x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidInput("metadata.no_certificate") from None
    key = found.public_key()
    if not (isinstance(key, RSAPublicKey) and key.key_size >= _SHORTEST_RSA) and not isinstance(key, EllipticCurvePublicKey):
        raise InvalidInput("metadata.weak_key")
    return found


def _algorithms(said: Mapping[str, Any]) -> list[str]:
    usable = [one for one in _list(said, "id_token_signing_alg_values_supported") or ["RS256"] if one in ALGORITHMS]
    if not usable:
        raise InvalidInput("metadata.no_algorithm")
    return usable


def _list(said: Mapping[str, Any], name: str) -> list[str]:
    listed = said.get(name)
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _text(said: Mapping[str, Any], name: str, *, most: int = 2048) -> str:
    text = said.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= most:
        raise InvalidInput("metadata.missing", field=name)
    return text
