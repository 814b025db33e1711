"""A SAML 2.0 identity provider on pysaml2: `python -m tests.peers.saml --folder … --certificate … --key …`.

Responses and assertions are signed. pysaml2 signs by a program that need not be installed, so it is given a backend over the
xmlsec library. The provider's own key lies in its folder as `idp.key` and `idp.pem`, for tests that play a lying provider.
"""

import datetime as dt
import time
from pathlib import Path
from urllib.parse import parse_qsl

import saml2.sigver
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.attribute_converter import AttributeConverterNOOP
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.s_utils import do_ava, factory
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_PERSISTENT, Attribute, NameID
from saml2.server import Server

from tests.peers import serving
from tests.peers.serving import Answer

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
PASSWORD_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
STATE: dict = {"person": None, "recorded": [], "sessions": {}}


class Backend(saml2.sigver.CryptoBackend):
    """Signs and verifies with the xmlsec library."""

    version = "1.3.0"

    def sign_statement(self, statement, node_name, key_file, node_id):  # noqa: ARG002  # as pysaml2 calls it
        root = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
        xmlsec.tree.add_ids(root, ["ID"])
        node = root if root.get("ID") == node_id else root.find(f".//*[@ID='{node_id}']")
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(key_file, xmlsec.KeyFormat.PEM)
        context.sign(node.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        return etree.tostring(root).decode()

    def validate_signature(self, signedtext, cert_file, cert_type, node_name, node_id):  # noqa: ARG002  # as pysaml2 calls it
        root = etree.fromstring(signedtext if isinstance(signedtext, bytes) else signedtext.encode())
        xmlsec.tree.add_ids(root, ["ID"])
        node = root if root.get("ID") == node_id else root.find(f".//*[@ID='{node_id}']")
        context = xmlsec.SignatureContext()
        kind = xmlsec.KeyFormat.CERT_PEM if cert_type == "pem" else xmlsec.KeyFormat.CERT_DER
        context.key = xmlsec.Key.from_file(cert_file, kind)
        try:
            context.verify(node.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        except xmlsec.Error as wrong:
            raise saml2.sigver.SignatureError(str(wrong)) from None
        return True


class AsWritten(AttributeConverterNOOP):
    """Sends attributes under the names that the test wrote."""

    def to_(self, attrvals):
        made = [
            factory(Attribute, name=name, name_format=self.name_format, attribute_value=do_ava(value))
            for name, value in attrvals.items()
        ]
        return [one for one in made if one.attribute_value]


def make_key(folder: Path, *, days: int = 365) -> None:
    """Draw the provider's key, with a certificate over it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Identity provider of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=days)).sign(key, hashes.SHA256())
    )  # fmt: skip
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    (folder / "idp.key").write_bytes(key.private_bytes(*form))
    (folder / "idp.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


class Provider:
    """The identity provider at an address."""

    def __init__(self, base: str, folder: Path) -> None:
        self.base, self.folder = base, folder
        make_key(folder)
        both = [(f"{base}/sso", BINDING_HTTP_REDIRECT), (f"{base}/sso", BINDING_HTTP_POST)]
        out = [(f"{base}/slo", BINDING_HTTP_REDIRECT), (f"{base}/slo", BINDING_HTTP_POST)]
        policy = {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None, "name_form": NAME_FORMAT_BASIC}}
        told = {
            "entityid": f"{base}/metadata",
            "key_file": str(folder / "idp.key"),
            "cert_file": str(folder / "idp.pem"),
            "xmlsec_binary": __file__,  # never run: Backend signs
            "metadata": {"inline": []},
            "service": {"idp": {
                "endpoints": {"single_sign_on_service": both, "single_logout_service": out}, "policy": policy,
                "name_id_format": [NAMEID_FORMAT_PERSISTENT], "want_authn_requests_signed": False,
            }},
        }  # fmt: skip
        saml2.sigver._get_xmlsec_cryptobackend = lambda *_, **__: Backend()
        self.server = Server(config=IdPConfig().load(told))
        self.server.config.attribute_converters = [AsWritten(NAME_FORMAT_BASIC)]
        self.server.config.xmlsec_binary = None  # the metadata lists what it can do, and would ask it

    def metadata(self, _) -> Answer:
        return Answer(body=str(entity_descriptor(self.server.config)), headers={"Content-Type": "application/samlmetadata+xml"})

    def sign_on(self, asked) -> Answer:
        """Answer an AuthnRequest of either binding at once, as the person whom the test named."""
        sent = asked.form or asked.query
        binding = BINDING_HTTP_POST if asked.form else BINDING_HTTP_REDIRECT
        request = self.server.parse_authn_request(sent["SAMLRequest"], binding)
        message = request.message
        signed = "Signature" in asked.query or message.signature is not None
        STATE["recorded"].append({
            "at": "sso", "id": message.id, "issuer": message.issuer.text, "force_authn": message.force_authn == "true",
            "binding": binding, "relay_state": sent.get("RelayState", ""), "signed": signed,
        })  # fmt: skip
        if STATE["person"] is None:
            return Answer(403, "nobody is signed in here")
        place = self.server.response_args(message)
        return self._posted(self.response(STATE["person"], place), place["destination"], sent.get("RelayState", ""))

    def response(self, person: dict, place: dict) -> str:
        """Return a signed response with a signed assertion."""
        ago = person.get("signed_in_ago", 0)
        name_id = NameID(text=person["name_id"], format=NAMEID_FORMAT_PERSISTENT, sp_name_qualifier=place["sp_entity_id"])
        said = self.server.create_authn_response(
            identity={name: value if isinstance(value, list) else [value] for name, value in person["attributes"].items()},
            in_response_to=place["in_response_to"],
            destination=place["destination"],
            sp_entity_id=place["sp_entity_id"],
            name_id=name_id,
            authn={"class_ref": person.get("class_ref", PASSWORD_CLASS), "authn_instant": int(time.time()) - ago},
            sign_response=True,
            sign_assertion=True,
            sign_alg=RSA_SHA256,
            digest_alg=SHA256,
        )
        STATE["sessions"][place["sp_entity_id"]] = {"name_id": name_id, "index": _index(str(said))}
        return str(said)

    def _posted(self, xml: str, destination: str, relay: str) -> Answer:
        page = self.server.apply_binding(BINDING_HTTP_POST, xml, destination, relay, response=True)
        return Answer(body=page["data"])

    def log_out(self, asked) -> Answer:
        """Take a LogoutRequest and answer it signed, or take the answer to one of ours."""
        sent, binding = asked.form or asked.query, BINDING_HTTP_POST if asked.form else BINDING_HTTP_REDIRECT
        STATE["recorded"].append(
            {"at": "slo", "signed": "Signature" in sent, **{name: sent[name] for name in sent if name != "Signature"}}
        )
        if "SAMLResponse" in sent:
            return Answer(body="signed out")
        if binding == BINDING_HTTP_REDIRECT and "Signature" in sent and not self._is_signed(asked.raw_query):
            return Answer(403, "the signature is wrong")
        request = self.server.parse_logout_request(sent["SAMLRequest"], binding)
        response = self.server.create_logout_response(request.message, [BINDING_HTTP_REDIRECT])
        destination = self._log_out_address(request.message.issuer.text)
        return self._redirected(str(response), destination, sent.get("RelayState", ""), response=True)

    def _is_signed(self, query: str) -> bool:
        sent = dict(parse_qsl(query))
        issuer = self.server.parse_logout_request(sent["SAMLRequest"], BINDING_HTTP_REDIRECT).message.issuer.text
        certificates = self.server.metadata.certs(issuer, "spsso", "signing")
        return any(
            saml2.sigver.verify_redirect_signature({**sent}, self.server.sec.sec_backend, certificate)
            for _, certificate in certificates
        )

    def _log_out_address(self, issuer: str) -> str:
        return self.server.metadata.single_logout_service(issuer, BINDING_HTTP_REDIRECT, "spsso")[0]["location"]

    def _redirected(self, xml: str, destination: str, relay: str, *, response: bool) -> Answer:
        made = self.server.apply_binding(
            BINDING_HTTP_REDIRECT, xml, destination, relay, response=response, sign=True, sigalg=RSA_SHA256
        )
        return serving.redirect(dict(made["headers"])["Location"])

    # --- what the test tells ----------------------------------------------------------------------------------------------

    def control_sp(self, asked) -> Answer:
        """Take a service provider's metadata."""
        entity = etree.fromstring(asked.json["metadata"].encode()).get("entityID")
        for key, known in list(self.server.metadata.metadata.items()):
            if entity in known.keys():  # noqa: SIM118  # no dictionary
                del self.server.metadata.metadata[key]
        self.server.metadata.load("inline", asked.json["metadata"])
        return Answer(body={"known": list(self.server.metadata.keys())})

    def control_person(self, asked) -> Answer:
        """Take who is signed in: name_id, attributes, and perhaps class_ref and signed_in_ago; nothing signs out."""
        STATE["person"] = asked.json or None
        return Answer(body={})

    def control_response(self, asked) -> Answer:
        """Return a response as XML for `in_response_to`, `destination` and `sp_entity_id`, asked for or not."""
        return Answer(body={"xml": self.response(asked.json.get("person") or STATE["person"], asked.json)})

    def control_log_out(self, asked) -> Answer:
        """Return the address by which a browser brings a signed LogoutRequest to a service provider."""
        sp, kept = asked.json["sp_entity_id"], STATE["sessions"][asked.json["sp_entity_id"]]
        destination = self._log_out_address(sp)
        _, request = self.server.create_logout_request(
            destination, sp, name_id=kept["name_id"], session_indexes=[kept["index"]], expire=_soon()
        )
        return Answer(body={"url": self._redirected(str(request), destination, "", response=False).headers["Location"]})

    def control_recorded(self, _) -> Answer:
        return Answer(body={"asked": STATE["recorded"]})

    def routes(self) -> dict:
        return {
            "GET /metadata": self.metadata,
            "GET /sso": self.sign_on,
            "POST /sso": self.sign_on,
            "GET /slo": self.log_out,
            "POST /slo": self.log_out,
            "POST /control/sp": self.control_sp,
            "POST /control/person": self.control_person,
            "POST /control/response": self.control_response,
            "POST /control/log_out": self.control_log_out,
            "POST /control/recorded": self.control_recorded,
        }


def _index(xml: str) -> str:
    found = etree.fromstring(xml.encode()).find(".//{urn:oasis:names:tc:SAML:2.0:assertion}AuthnStatement")
    return found.get("SessionIndex")


def _soon() -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")


def main() -> None:
    given = serving.arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    bound = serving.bind(given)
    provider = Provider(f"https://127.0.0.1:{bound.server_port}", given.folder)
    serving.serve(bound, serving.application(provider.routes()))


if __name__ == "__main__":
    main()
