"""A provider's metadata read anew: the same provider goes on, its test is older from then on; another one is refused."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from access.models import IdentityProvider
from kernel.scope import tenant_scope
from tests.access.federating import Visitor, openid, saml, told
from tests.access.joining import entries_of
from tests.access.signing_in import Browser
from tests.factories.studio import found
from tests.peers.saml import make_key

ANN = {"sub": "u-1", "email": "ann@corp.example", "email_verified": True, "name": "Ann", "groups": []}
OF_SAML = {"name_id": "ann-1", "attributes": {"email": "ann@corp.example", "name": "Ann"}}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper):
    return found("Refreshed")


@pytest.fixture
def tom(place):
    browser = Browser(place.slug)
    assert browser.sign_in("tom", factor=True).status_code == 200
    return browser


@pytest.fixture
def oidc(oidc_evil):
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    yield oidc_evil
    oidc_evil.control("honest")


def at(row):
    return f"/api/v1/identity-providers/{row.pk}"


def refreshed(browser, row, **asked):
    answer = browser.post(f"{at(row)}/refresh", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def arrives(place, peer, kind="oidc"):
    visitor = Visitor(place, peer, kind=kind)
    answer = visitor.arrive()
    return visitor.who() or told(answer)


def tried(browser, place, peer, row):
    """Test a provider as it stands, in the browser of who asks."""
    url = browser.post(f"{at(row)}/test", {}).json()["url"]
    visitor = Visitor(place, peer)
    visitor.client = browser.client
    visitor.come_back(visitor.at_provider(url))


def endpoints_of(place, row):
    with tenant_scope(place.tenant, read_only=True):
        return IdentityProvider.objects.get(pk=row.pk).endpoints


def test_the_same_metadata_makes_no_test_older(place, tom, oidc):
    row = openid(place, oidc, is_joining=True)
    assert refreshed(tom, row)["is_tested_as_it_stands"] is True
    assert arrives(place, oidc) == ANN["email"]


def test_other_addresses_count_at_once_and_say_that_the_test_is_older(place, tom, oidc):
    row = openid(place, oidc, is_joining=True)
    oidc.control("discovery", userinfo_endpoint=f"{oidc.url}/userinfo?moved=1")
    said = refreshed(tom, row)
    assert (said["is_enabled"], said["is_tested_as_it_stands"]) == (True, False)
    assert said["tested"] < said["changed"]
    assert endpoints_of(place, row)["userinfo_endpoint"].endswith("?moved=1")
    assert arrives(place, oidc) == ANN["email"]
    newest = entries_of(place, "provider.changed")[0].facts
    assert newest["before"]["endpoints"]["userinfo_endpoint"] != newest["after"]["endpoints"]["userinfo_endpoint"]

    assert tom.post(at(row), {"name": "Corporate"}, method="patch").json()["is_tested_as_it_stands"] is False
    tried(tom, place, oidc, row)
    assert tom.get(at(row)).json()["is_tested_as_it_stands"] is True
    assert tom.post(at(row), {"name": "Corp"}, method="patch").json()["is_tested_as_it_stands"] is True


def test_who_was_switched_off_meanwhile_is_tested_before_it_is_enabled_again(place, tom, oidc):
    row = openid(place, oidc, is_joining=True)
    assert tom.post(at(row), {"is_enabled": False}, method="patch").status_code == 200
    assert tom.post(at(row), {"is_enabled": True}, method="patch").status_code == 200
    tom.post(at(row), {"is_enabled": False}, method="patch")
    oidc.control("discovery", userinfo_endpoint=f"{oidc.url}/userinfo?moved=1")
    refreshed(tom, row)
    refused = tom.post(at(row), {"is_enabled": True}, method="patch")
    assert (refused.status_code, refused.json()["code"]) == (409, "provider.not_tested")
    tried(tom, place, oidc, row)
    assert tom.post(at(row), {"is_enabled": True}, method="patch").status_code == 200
    assert arrives(place, oidc) == ANN["email"]


def test_another_issuer_is_refused_and_changes_nothing(place, tom, oidc):
    row = openid(place, oidc, is_joining=True)
    before = tom.get(at(row)).json()
    oidc.control("discovery", issuer="https://other.example", userinfo_endpoint=f"{oidc.url}/userinfo?moved=1")
    refused = tom.post(f"{at(row)}/refresh", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "metadata.other_issuer")
    assert tom.get(at(row)).json() == before
    assert "moved" not in endpoints_of(place, row)["userinfo_endpoint"]
    oidc.control("honest")
    assert arrives(place, oidc) == ANN["email"]


def test_certificates_are_replaced_and_another_entity_is_refused(place, tom, saml_peer, tmp_path):
    """With a stranger's certificate alone the provider's own word counts no more; with both, during a change of keys, it does."""
    row = saml(place, saml_peer, is_joining=True)
    saml_peer.control("person", **OF_SAML)
    assert arrives(place, saml_peer, "saml") == "ann@corp.example"
    honest = saml_peer.get("/metadata").text
    make_key(tmp_path)
    made = x509.load_pem_x509_certificate((tmp_path / "idp.pem").read_bytes())
    new = base64.b64encode(made.public_bytes(Encoding.DER)).decode()
    own = honest.partition("X509Certificate>")[2].partition("<")[0]
    assert own in honest

    other = honest.replace(f"{saml_peer.url}/metadata", "https://other.example/metadata").replace(own, new)
    refused = tom.post(f"{at(row)}/refresh", {"metadata": other})
    assert (refused.status_code, refused.json()["code"]) == (422, "metadata.other_issuer")
    assert arrives(place, saml_peer, "saml") == "ann@corp.example"

    said = refreshed(tom, row, metadata=honest.replace(own, new))
    assert (said["is_enabled"], said["is_tested_as_it_stands"]) == (True, False)
    assert arrives(place, saml_peer, "saml") == "sso.signature"
    key = honest[honest.index("<", honest.index("KeyDescriptor") - 8) :].partition("KeyDescriptor>")
    described = key[0] + key[1]
    refreshed(tom, row, metadata=honest.replace(described, described.replace(own, new) + described))
    assert arrives(place, saml_peer, "saml") == "ann@corp.example"
