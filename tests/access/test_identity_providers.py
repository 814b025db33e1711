"""Setting up single sign-on without anybody's help: described, tested, saved, enabled; and captured domains."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from access import services as access
from access.models import Grant, IdentityProvider
from access.roles import Role
from access.services import identity
from kernel.errors import Forbidden
from kernel.scope import tenant_scope
from tests.access.federating import CLIENT, OURS, SECRET, Visitor, openid, sessions_of
from tests.access.joining import join
from tests.access.signing_in import Browser
from tests.factories.studio import found

RESULTS = "/api/v1/identity-providers/test-results"
ANN = {"sub": "u-1", "email": "ann@corp.example", "email_verified": True, "name": "Ann", "groups": ["artists"], "badge": "77-21"}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper):
    return found("Setup")


@pytest.fixture
def tom(place):
    browser = Browser(place.slug)
    assert browser.sign_in("tom", factor=True).status_code == 200
    return browser


def wanted(peer, **more):
    return {
        "name": "Corp", "protocol": "oidc", "metadata_url": f"{peer.url}/.well-known/openid-configuration", "client_id": CLIENT,
        "client_secret": SECRET, "is_joining": True, **more,
    }  # fmt: skip


def known_to(peer, place, slug="corp"):
    back = f"{OURS}/s/{place.slug}/_allauth/oidc/{slug}/login/callback/"
    peer.control("client", id=CLIENT, secret=SECRET, redirect_uris=[back])


def walk(browser, place, peer, url):
    """Let a browser that is signed in here go to the provider and come back."""
    visitor = Visitor(place, peer)
    visitor.client = browser.client
    return visitor.come_back(visitor.at_provider(url))


def entries_of(place):
    with tenant_scope(place.tenant, read_only=True), connection.cursor() as cursor:
        cursor.execute("SELECT kind, body FROM audit_entry WHERE tenant_id = %s", [place.tenant])
        return [{"kind": kind, "body": bytes(body).decode()} for kind, body in cursor.fetchall()]


def test_a_provider_is_tested_before_it_is_saved_then_saved_enabled_and_used(place, tom, oidc_evil):
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    known_to(oidc_evil, place)
    begun = tom.post("/api/v1/identity-providers/test", wanted(oidc_evil))
    assert begun.status_code == 200, begun.content
    ticket = begun.json()["test"]
    before = sessions_of(place)
    back = walk(tom, place, oidc_evil, begun.json()["url"])
    assert parse_qs(urlsplit(back["Location"]).query) == {"test": [ticket]}
    assert sessions_of(place) == before
    with tenant_scope(place.tenant, read_only=True):
        assert not IdentityProvider.objects.exists()

    stranger = Browser(place.slug)
    stranger.sign_in("alice", factor=True)
    assert stranger.post(RESULTS, {"test": ticket}).status_code == 403
    received = tom.post(RESULTS, {"test": ticket}).json()
    assert received["claims"]["email"] == "ann@corp.example"
    assert received["claims"]["badge"] == "77-21"
    assert tom.post(RESULTS, {"test": ticket}).json() == {"claims": None, "why": ""}

    added = tom.post("/api/v1/identity-providers", {**wanted(oidc_evil), "test": ticket})
    assert added.status_code == 201, added.content
    row = added.json()
    assert row["tested"]
    assert not row["is_enabled"]
    assert SECRET not in added.content.decode()
    assert Browser(place.slug).get("/api/v1/sign-in").json()["providers"] == []
    enabled = tom.post(f"/api/v1/identity-providers/{row['id']}", {"is_enabled": True}, method="patch")
    assert enabled.status_code == 200, enabled.content
    offered = Browser(place.slug).get("/api/v1/sign-in").json()
    assert offered == {
        "name": "Setup", "has_passwords": True,
        "providers": [{"slug": "corp", "name": "Corp", "protocol": "oidc", "url": f"/s/{place.slug}/_allauth/oidc/corp/login/"}],
    }  # fmt: skip
    visitor = Visitor(place, oidc_evil)
    visitor.arrive()
    assert visitor.who() == "ann@corp.example"
    assert visitor.post("/api/v1/sign-out", {}).json()["url"].startswith(f"{oidc_evil.url}/logout?client_id={CLIENT}&")
    assert visitor.who() is None
    kinds = [entry["kind"] for entry in entries_of(place)]
    for kind in ("provider.tested", "provider.added", "provider.changed", "person.joined"):
        assert kind in kinds
    assert "77-21" not in json.dumps(entries_of(place))
    assert SECRET not in json.dumps(entries_of(place))


def test_what_was_not_tested_is_not_enabled_and_a_failed_test_tells_why(place, tom, oidc_evil):
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    known_to(oidc_evil, place)
    row = tom.post("/api/v1/identity-providers", wanted(oidc_evil)).json()
    at = f"/api/v1/identity-providers/{row['id']}"
    refused = tom.post(at, {"is_enabled": True}, method="patch")
    assert (refused.status_code, refused.json()["code"]) == (409, "provider.not_tested")
    oidc_evil.control("next", lie="nonce_wrong")
    begun = tom.post(f"{at}/test", {}).json()
    walk(tom, place, oidc_evil, begun["url"])
    assert tom.post(RESULTS, {"test": begun["test"]}).json() == {"claims": None, "why": "sso.nonce"}
    assert tom.post(at, {"is_enabled": True}, method="patch").status_code == 409
    begun = tom.post(f"{at}/test", {}).json()
    walk(tom, place, oidc_evil, begun["url"])
    assert tom.post(at, {"is_enabled": True}, method="patch").status_code == 200


def test_what_a_test_began_signs_nobody_in(place, tom, oidc_evil):
    """An admin tests another issuer under the name of the studio's own provider: its word counts for the test alone."""
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    known_to(oidc_evil, place)
    begun = tom.post("/api/v1/identity-providers/test", wanted(oidc_evil)).json()
    visitor = Visitor(place, oidc_evil)
    back = visitor.at_provider(begun["url"])
    assert visitor.come_back(back).status_code in {302, 404}
    assert visitor.who() is None
    answer = walk(tom, place, oidc_evil, begun["url"])
    assert "test=" in answer["Location"]
    assert tom.get("/api/v1/session").json()["person"]["email"] == "tom@example.com"


def test_changes_need_the_permission_and_a_fresh_second_factor(place, oidc_evil):
    plain = Browser(place.slug)
    plain.sign_in("tom")
    assert plain.post("/api/v1/identity-providers", wanted(oidc_evil)).status_code == 403
    alice = Browser(place.slug)
    alice.sign_in("alice", factor=True)
    assert alice.post("/api/v1/identity-providers", wanted(oidc_evil)).status_code == 403


def test_a_saml_provider_by_its_metadata_with_warnings_before_its_certificate_ends(place, tom, saml_peer):
    asked = {"name": "Corp", "protocol": "saml", "metadata_url": f"{saml_peer.url}/metadata"}
    added = tom.post("/api/v1/identity-providers", asked)
    assert added.status_code == 201, added.content
    row = added.json()
    at = f"/api/v1/identity-providers/{row['id']}"
    assert (row["certificate_warning"], row["issuer"]) == ("", f"{saml_peer.url}/metadata")
    ours = tom.get(f"{at}/service-provider").json()
    assert ours["acs_url"] == f"{OURS}/s/{place.slug}/_allauth/saml/corp/acs/"
    assert "BEGIN CERTIFICATE" in ours["certificate"]
    for ahead, said in ((20, "soon"), (-1, "past")):
        with tenant_scope(place.tenant):
            IdentityProvider.objects.update(certificate_ends=timezone.now() + timedelta(days=ahead))
        assert tom.get(at).json()["certificate_warning"] == said
    assert tom.post(f"{at}/refresh", {}).json()["certificate_warning"] == ""
    other = saml_peer.get("/metadata").text.replace(f"{saml_peer.url}/metadata", "https://other.example/metadata")
    refused = tom.post(f"{at}/refresh", {"metadata": other})
    assert (refused.status_code, refused.json()["code"]) == (422, "metadata.other_issuer")


def test_other_keys_for_who_is_appointed_are_brought_by_an_owner_alone(place, oidc_evil):
    row = openid(place, oidc_evil)
    join(place, "adam", Role.ADMIN)
    adam, owner = (place.actor(who, project=False) for who in ("adam", "tom"))
    described = oidc_evil.get("/.well-known/openid-configuration").json()

    def brought(by, mark):
        document = json.dumps(described | {"jwks_uri": f"{described['jwks_uri']}?{mark}"})
        return identity.refresh_provider(by, provider=row.pk, metadata=document).endpoints["jwks_uri"]

    assert brought(adam, "one").endswith("?one")
    identity.link_identity(owner, person=place.people["olive"], provider=row.pk, uid="olive-1")
    with pytest.raises(Forbidden, match=r"permission\.missing"):
        brought(adam, "two")
    with tenant_scope(place.tenant, read_only=True):
        assert IdentityProvider.objects.get().endpoints["jwks_uri"].endswith("?one")
    assert brought(owner, "three").endswith("?three")
    assert identity.refresh_provider(adam, provider=row.pk, metadata="").pk == row.pk


@pytest.mark.parametrize("way", ["person", "role", "group"])
def test_who_decides_whom_a_provider_names_is_an_owner_where_it_names_the_appointed(place, oidc_evil, way):
    row = openid(place, oidc_evil)
    join(place, "adam", Role.ADMIN)
    adam, owner = (place.actor(who, project=False) for who in ("adam", "tom"))
    deeds = (
        lambda by, mark: identity.change_provider(by, provider=row.pk, changes={"groups_claim": mark}),
        lambda by, mark: identity.change_provider(by, provider=row.pk, changes={"client_id": mark}),
        lambda by, mark: identity.change_provider(by, provider=row.pk, changes={"client_secret": mark}),
        lambda by, mark: identity.refresh_provider(by, provider=row.pk, metadata=described(oidc_evil, mark)),
    )
    for deed in deeds:
        deed(adam, "one")
    appoints(place, row, way)
    stood = as_it_stands(place)
    for deed in deeds:
        with pytest.raises(Forbidden, match=r"permission\.missing"):
            deed(adam, "two")
    assert as_it_stands(place) == stood
    identity.change_provider(adam, provider=row.pk, changes={"name": "Corporate", "groups_claim": stood["groups_claim"]})
    for deed in deeds:
        deed(owner, "three")


def appoints(place, row, way):
    """Let a provider sign in who is appointed, or make somebody so."""
    owner = place.actor("tom", project=False)
    if way == "person":
        identity.link_identity(owner, person=place.people["olive"], provider=row.pk, uid="olive-1")
    elif way == "role":
        identity.add_mapping(owner, provider=row.pk, given=identity.Given("admins", role=Role.ADMIN))
    else:
        group = access.make_group(owner, name="Admins").pk
        identity.add_mapping(owner, provider=row.pk, given=identity.Given("admins", group=group))
        with tenant_scope(place.tenant):  # granted before groups could no more hold it
            Grant.objects.create(group_id=group, role=Role.ADMIN)


def described(peer, mark):
    document = peer.get("/.well-known/openid-configuration").json()
    return json.dumps(document | {"jwks_uri": f"{document['jwks_uri']}?{mark}"})


def as_it_stands(place):
    with tenant_scope(place.tenant, read_only=True):
        return IdentityProvider.objects.values("groups_claim", "client_id", "sealed_secret", "endpoints").get()


def test_a_claim_that_is_named_by_nothing_is_not_read(place, tom, oidc_evil):
    row = openid(place, oidc_evil, is_joining=True)
    path = f"/api/v1/identity-providers/{row.pk}"
    assert tom.post(path, {"name_claim": "", "groups_claim": ""}, method="patch").status_code == 200
    assert tom.post(path, {"email_claim": ""}, method="patch").status_code == 400
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    oidc_evil.control("next", claims={"": "Somebody else"})
    visitor = Visitor(place, oidc_evil)
    visitor.arrive()
    person = visitor.get("/api/v1/session").json()["person"]
    assert (person["email"], person["name"]) == ("ann@corp.example", "ann")
