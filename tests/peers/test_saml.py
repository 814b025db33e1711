"""The SAML provider against python3-saml as an independent service provider: each honest way ends, each forgery is told apart."""

import base64
import socket
import zlib
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import xmlsec
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from tests.peers.saml import make_key
from tests.peers.saml_evil import ATTACKS, SIGNATURE, UNMINDED, VICTIM, Kit, parsed, signed_anew, told

SP = "https://studio.test/saml/metadata"
ACS = "https://studio.test/saml/acs"
SLS = "https://studio.test/saml/sls"
ANN = {"name_id": "ann-1", "attributes": {"email": "ann@studio.example", "name": "Ann", "groups": ["artists", "leads"]}}


class Provider:
    """A service provider as strict as the library can be."""

    def __init__(self, peer, folder):
        make_key(folder)
        key, certificate = ((folder / name).read_text(encoding="utf-8") for name in ("idp.key", "idp.pem"))
        known = OneLogin_Saml2_IdPMetadataParser.parse(peer.get("/metadata").content)
        self.peer = peer
        self.settings = {
            "strict": True,
            "idp": known["idp"],
            "sp": {
                "entityId": SP,
                "assertionConsumerService": {"url": ACS, "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"},
                "singleLogoutService": {"url": SLS, "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
                "x509cert": certificate,
                "privateKey": key,
            },
            "security": {
                "authnRequestsSigned": True, "logoutRequestSigned": True, "logoutResponseSigned": True, "wantMessagesSigned": True,
                "wantAssertionsSigned": True, "wantNameId": True, "rejectDeprecatedAlgorithm": True, "requestedAuthnContext": False,
            },
        }  # fmt: skip
        metadata = OneLogin_Saml2_Settings(self.settings, sp_validation_only=True).get_sp_metadata()
        peer.control("sp", metadata=metadata.decode() if isinstance(metadata, bytes) else metadata)
        peer.control("person", **ANN)

    def auth(self, path="/saml/acs", get=None, post=None):
        place = {"https": "on", "http_host": "studio.test", "script_name": path, "get_data": get or {}, "post_data": post or {}}
        return OneLogin_Saml2_Auth(place, self.settings)

    def begin(self, **more):
        auth = self.auth()
        self.url = auth.login(return_to="https://studio.test/after", **more)
        self.request_id = auth.get_last_request_id()
        return self.url

    def come_back(self):
        """Ask the peer, and return the XML of its answer."""
        page = etree.HTML(requests.get(self.begin(), verify=self.peer.authority, timeout=20).text)
        fields = {one.get("name"): one.get("value") for one in page.iterfind(".//input[@name]")}
        assert page.find(".//form").get("action") == ACS
        assert fields["RelayState"] == "https://studio.test/after"
        return base64.b64decode(fields["SAMLResponse"])

    def judge(self, xml, request_id=None):
        """Return the library's word: the person, or why not."""
        auth = self.auth(post={"SAMLResponse": base64.b64encode(xml).decode()})
        try:
            auth.process_response(request_id=request_id or self.request_id)
        except Exception as refused:  # noqa: BLE001  # whatever the parser says is a refusal
            return None, str(refused)
        if auth.get_errors() or not auth.is_authenticated():
            return None, auth.get_last_error_reason()
        return {"name_id": auth.get_nameid(), **auth.get_attributes()}, None


@pytest.fixture(scope="module")
def sp(saml_peer, tmp_path_factory):
    return Provider(saml_peer, tmp_path_factory.mktemp("sp"))


def test_saml_sign_on_by_redirect(sp):
    person, why = sp.judge(sp.come_back())
    assert why is None
    assert person == {"name_id": "ann-1", "email": ["ann@studio.example"], "name": ["Ann"], "groups": ["artists", "leads"]}
    asked = sp.peer.control("recorded")["asked"][-1]
    assert (asked["id"], asked["issuer"], asked["signed"], asked["force_authn"]) == (sp.request_id, SP, True, False)


def test_saml_sign_on_by_post_and_anew(sp):
    url = urlsplit(sp.begin(force_authn=True))
    xml = zlib.decompress(base64.b64decode(parse_qs(url.query)["SAMLRequest"][0]), -15)
    page = requests.post(f"{sp.peer.url}/sso", data={"SAMLRequest": base64.b64encode(xml).decode(), "RelayState": "r"},
                         verify=sp.peer.authority, timeout=20)  # fmt: skip
    said = etree.HTML(page.text).find(".//input[@name='SAMLResponse']").get("value")
    assert sp.judge(base64.b64decode(said))[0]["name_id"] == "ann-1"
    asked = sp.peer.control("recorded")["asked"][-1]
    assert (asked["force_authn"], asked["binding"][-4:], asked["relay_state"]) == (True, "POST", "r")


def test_saml_single_log_out_of_both_sides(sp):
    sp.judge(sp.come_back())
    url = sp.auth().logout(name_id="ann-1", return_to="https://studio.test/bye")
    answer = requests.get(url, verify=sp.peer.authority, allow_redirects=False, timeout=20)
    back = urlsplit(answer.headers["Location"])
    assert answer.headers["Location"].startswith(SLS)
    auth = sp.auth("/saml/sls", get={name: values[0] for name, values in parse_qs(back.query).items()})
    auth.process_slo()
    assert not auth.get_errors(), auth.get_last_error_reason()
    tampered = requests.get(
        url.replace("RelayState=https", "RelayState=http"), verify=sp.peer.authority, allow_redirects=False, timeout=20
    )
    assert tampered.status_code == 403
    url = sp.peer.control("log_out", sp_entity_id=SP)["url"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    auth = sp.auth("/saml/sls", get=query)
    answer = auth.process_slo(keep_local_session=True)
    assert not auth.get_errors(), auth.get_last_error_reason()
    assert requests.get(answer, verify=sp.peer.authority, timeout=20).text == "signed out"
    auth = sp.auth("/saml/sls", get={**query, "Signature": base64.b64encode(b"x" * 256).decode()})
    auth.process_slo(keep_local_session=True)
    assert auth.get_errors()


# --- forgeries ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kit(saml_peer, tmp_path_factory):
    return Kit(provider=saml_peer.folder, own=tmp_path_factory.mktemp("attacker"))


@pytest.fixture(scope="module")
def honest(sp):
    """One valid response, and that it is valid."""
    sp.peer.control("person", **ANN)
    xml = sp.come_back()
    assert sp.judge(xml)[1] is None
    return xml


@pytest.mark.parametrize("name", ATTACKS)
def test_each_forgery_is_refused_where_the_honest_response_is_taken(name, sp, kit, honest):
    forged = ATTACKS[name](honest, kit)
    assert forged != honest or name == "replay"
    person, why = sp.judge(forged)
    if name in UNMINDED:
        assert why is None
        assert VICTIM not in str(person)
    else:
        assert why, f"{name} was taken: {str(person)[:200]}"
    assert sp.judge(honest)[1] is None


def test_a_signed_copy_is_taken_so_the_insiders_key_is_the_right_one(sp, kit, honest):
    assert sp.judge(signed_anew(parsed(honest), kit.provider))[0]["name_id"] == "ann-1"


@pytest.mark.parametrize("name", ["xsw2", "xsw3_of_an_assertion", "xsw4_of_an_assertion", "xsw5_of_an_assertion"])
def test_a_wrapped_signature_is_still_a_good_one(name, kit, honest):
    root = parsed(ATTACKS[name](honest, kit))
    assert VICTIM in told(root).decode()
    good = 0
    for signature in root.iter(SIGNATURE):
        xmlsec.tree.add_ids(root, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(str(kit.provider / "idp.pem"), xmlsec.KeyFormat.CERT_PEM)
        try:
            context.verify(signature)
        except xmlsec.Error:
            continue
        good += 1
    assert good


@pytest.mark.parametrize("name", ["xslt_transform", "external_entity", "external_dtd", "outside_reference"])
def test_no_document_makes_the_reader_call(name, sp, kit, honest):
    with socket.create_server(("127.0.0.1", 0)) as home:
        forged = ATTACKS[name](honest, replace(kit, home=f"http://127.0.0.1:{home.getsockname()[1]}"))
        assert sp.judge(forged)[1]
        home.settimeout(0.3)
        with pytest.raises(TimeoutError):
            home.accept()


@pytest.mark.parametrize("name", ["comment_in_name_id", "comment_in_attribute", "instruction_in_name_id"])
def test_a_comment_leaves_the_signature_good_and_cuts_nothing(name, sp, kit):
    mallory = {
        "name_id": "user@evil.com.studio.example",
        "attributes": {"email": "user@evil.com.studio.example", "name": "M", "groups": "x"},
    }
    sp.peer.control("person", **mallory)
    xml = sp.come_back()
    forged = ATTACKS[name](xml, kit)
    assert b"<!---->" in forged or b"<?x y?>" in forged
    person, why = sp.judge(forged)
    assert why is None
    assert (person["name_id"], person["email"]) == ("user@evil.com.studio.example", ["user@evil.com.studio.example"])
