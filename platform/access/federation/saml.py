"""SAML 2.0 responses, looked at before any signature is verified: one form is taken, every other is refused; pure.

The library verifies signatures and times. At its strictest it still takes a response without `InResponseTo`, `Destination`,
`Recipient` or `Audience`, compares addresses by their beginnings, and runs a stranger's stylesheet before it refuses it. So
the document's form is checked here first: exactly one assertion, a child of the response; exactly two signatures, each over
its own parent and nothing else, with two known transforms; every address and name compared as a whole.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lxml import etree

from access.errors import SignInRefused

LARGEST: Final = 256 * 1024
NS: Final = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "d": "http://www.w3.org/2000/09/xmldsig#",
}
PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
# A transient name is another one each time, so it identifies nobody.
NAME_FORMATS: Final = frozenset({
    PERSISTENT, "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
})  # fmt: skip
_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_TRANSFORMS: Final = frozenset({f"{NS['d']}enveloped-signature", _EXCLUSIVE})
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNATURES: Final = frozenset(f"{_MORE}{kind}-{size}" for kind in ("rsa", "ecdsa") for size in ("sha256", "sha384", "sha512"))
_DIGESTS: Final = frozenset(
    {"http://www.w3.org/2001/04/xmlenc#sha256", f"{_MORE}sha384", "http://www.w3.org/2001/04/xmlenc#sha512"}
)
_SIGNATURE: Final = f"{{{NS['d']}}}Signature"
_ASSERTION: Final = f"{{{NS['a']}}}Assertion"
_IN_SIGNATURE: Final = frozenset(f"{{{NS['d']}}}{name}" for name in ("SignedInfo", "SignatureValue", "KeyInfo"))
_DEEPEST: Final = 32
_MOST_NODES: Final = 5000
_ENDS_WITHIN: Final = timedelta(hours=2)
_LEEWAY: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class Awaited:
    """What a response must name: our two addresses, the provider, and the moment."""

    service: str
    entity: str
    issuer: str
    now: datetime


@dataclass(frozen=True)
class Seen:
    """What the form says before anything is verified: which request it answers, and what it must not be used twice by."""

    request: str
    assertion: str
    ends: datetime
    signed_in: datetime


def decoded(text: str) -> bytes:
    """Return the document of a posted field. Raises SignInRefused."""
    if not text:
        raise SignInRefused("sso.not_asked_for")
    if len(text) > LARGEST * 4 // 3 + 4:
        raise SignInRefused("sso.too_large")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise SignInRefused("sso.unreadable") from None


def seen_in(xml: bytes, awaited: Awaited) -> Seen:
    """Return what a response says if its form is the one that is taken. Raises SignInRefused."""
    root = tree(xml)
    assertion = _check_shape(root)
    for parent in (root, assertion):
        _check_signature(parent)
    request = _check_addresses(root, assertion, awaited)
    ends = _check_times(assertion, awaited.now)
    _check_person(assertion, awaited)
    signed_in = _moment(_one(assertion, "a:AuthnStatement").get("AuthnInstant"))
    if signed_in > awaited.now + _LEEWAY:
        raise SignInRefused("sso.times")
    return Seen(request, assertion.get("ID"), ends, signed_in)


def tree(xml: bytes) -> Any:
    """Return a document as a tree: small, flat, without types, entities, comments and instructions. Raises SignInRefused."""
    if len(xml) > LARGEST:
        raise SignInRefused("sso.too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise SignInRefused("sso.unreadable") from None
    if root.getroottree().docinfo.doctype or root.getprevious() is not None or root.getnext() is not None:
        raise SignInRefused("sso.form")
    for count, (depth, node) in enumerate(_walked(root)):
        if count > _MOST_NODES or depth > _DEEPEST or not isinstance(node.tag, str):
            raise SignInRefused("sso.form")
    return root


def _walked(root: Any) -> Iterator[tuple[int, Any]]:
    waiting = [(0, root)]
    while waiting:
        depth, node = waiting.pop()
        yield depth, node
        waiting.extend((depth + 1, child) for child in node)


def _check_shape(root: Any) -> Any:
    """Return the one assertion."""
    if root.tag != f"{{{NS['p']}}}Response" or root.get("Version") != "2.0":
        raise SignInRefused("sso.form")
    assertions = list(root.iter(_ASSERTION))
    if len(assertions) != 1 or assertions[0].getparent() is not root or assertions[0].get("Version") != "2.0":
        raise SignInRefused("sso.form")
    ids = [value for node in root.iter() for name, value in node.attrib.items() if name.lower().rpartition("}")[2] == "id"]
    encrypted = [node for node in root.iter() if str(node.tag).rpartition("}")[2].startswith("Encrypted")]
    signatures = [node.getparent() for node in root.iter(_SIGNATURE)]
    if len(ids) != len(set(ids)) or encrypted or signatures != [root, assertions[0]]:
        raise SignInRefused("sso.form" if signatures else "sso.unsigned")
    return assertions[0]


def _check_signature(parent: Any) -> None:
    signature = _one(parent, "d:Signature")
    if {node.tag for node in signature} - _IN_SIGNATURE or not parent.get("ID"):
        raise SignInRefused("sso.signature")
    reference = _one(signature, "d:SignedInfo/d:Reference")
    transforms = [node.get("Algorithm") for node in reference.findall("d:Transforms/d:Transform", NS)]
    told = (
        _one(signature, "d:SignedInfo/d:CanonicalizationMethod").get("Algorithm") == _EXCLUSIVE
        and _one(signature, "d:SignedInfo/d:SignatureMethod").get("Algorithm") in _SIGNATURES
        and not len(_one(signature, "d:SignedInfo/d:SignatureMethod"))
        and _one(reference, "d:DigestMethod").get("Algorithm") in _DIGESTS
        and reference.get("URI") == f"#{parent.get('ID')}"
        and len(transforms) == len(set(transforms)) and set(transforms) == _TRANSFORMS
    )  # fmt: skip
    if not told:
        raise SignInRefused("sso.signature")


def _check_addresses(root: Any, assertion: Any, awaited: Awaited) -> str:
    """Return the request that is answered."""
    for holder in (root, assertion):
        if _text(_one(holder, "a:Issuer")) != awaited.issuer:
            raise SignInRefused("sso.issuer")
    confirmation = _one(assertion, "a:Subject/a:SubjectConfirmation")
    told = _one(confirmation, "a:SubjectConfirmationData")
    if confirmation.get("Method") != "urn:oasis:names:tc:SAML:2.0:cm:bearer":
        raise SignInRefused("sso.recipient")
    if root.get("Destination") != awaited.service or told.get("Recipient") != awaited.service:
        raise SignInRefused("sso.recipient")
    audiences = assertion.findall("a:Conditions/a:AudienceRestriction/a:Audience", NS)
    if [_text(one) for one in audiences] != [awaited.entity]:
        raise SignInRefused("sso.audience")
    request = root.get("InResponseTo")
    if not request or told.get("InResponseTo") != request:
        raise SignInRefused("sso.not_asked_for")
    return str(request)


def _check_times(assertion: Any, now: datetime) -> datetime:
    """Return when the assertion ends."""
    confirmed = _one(assertion, "a:Subject/a:SubjectConfirmation/a:SubjectConfirmationData")
    conditions = _one(assertion, "a:Conditions")
    ends = [_moment(node.get("NotOnOrAfter")) for node in (confirmed, conditions)]
    begins = [_moment(node.get("NotBefore")) for node in (confirmed, conditions) if node.get("NotBefore")]
    if min(ends) <= now - _LEEWAY:
        raise SignInRefused("sso.expired")
    if max(ends) > now + _ENDS_WITHIN or any(one > now + _LEEWAY for one in begins):
        raise SignInRefused("sso.times")
    return max(ends)


def _check_person(assertion: Any, awaited: Awaited) -> None:
    name = _one(assertion, "a:Subject/a:NameID")
    text = name.text or ""
    if not text or len(text) > 255 or text != text.strip() or not text.isprintable():
        raise SignInRefused("sso.subject")
    if name.get("Format", PERSISTENT) not in NAME_FORMATS or name.get("SPNameQualifier", awaited.entity) != awaited.entity:
        raise SignInRefused("sso.subject")
    names = [node.get("Name") for node in assertion.findall("a:AttributeStatement/a:Attribute", NS)]
    if not names or len(names) != len(set(names)) or len(assertion.findall("a:AttributeStatement", NS)) != 1:
        raise SignInRefused("sso.attributes")


def _one(node: Any, path: str) -> Any:
    found = node.findall(path, NS)
    if len(found) != 1:
        raise SignInRefused("sso.form")
    return found[0]


def _text(node: Any) -> str:
    return str(node.text or "")


def _moment(text: str | None) -> datetime:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        raise SignInRefused("sso.times") from None
    if found.tzinfo is None:
        raise SignInRefused("sso.times")
    return found
