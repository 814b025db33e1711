"""Signing out in both directions, walked to the end: the provider ends just the session that it names, and hears of ours."""

import pytest
from django.test import Client

from tests.access.federating import Visitor, openid, path_of, saml
from tests.factories.studio import found

ANN = {"sub": "u-1", "email": "ann@corp.example", "email_verified": True, "name": "Ann", "groups": []}
BOB = {**ANN, "sub": "u-2", "email": "bob@corp.example", "name": "Bob"}
OF_SAML = {"name_id": "ann-1", "attributes": {"email": "ann@corp.example", "name": "Ann"}}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper):
    return found("Leaving")


def arrive(place, peer, who, session, slug="corp"):
    peer.control("honest")
    peer.control("person", **who)
    peer.control("next", claims={"sid": session})
    visitor = Visitor(place, peer, slug)
    visitor.arrive()
    assert visitor.who() == who["email"]
    return visitor


def told_of(place, peer, slug="corp", **claims):
    """Let the provider's own server say that somebody signed out there; return the answer and the token."""
    token = peer.control("logout_token", aud="guildhall", **claims)["token"]
    return said_again(place, token, slug), token


def said_again(place, token, slug="corp"):
    return Client(enforce_csrf_checks=True).post(f"/s/{place.slug}/_allauth/oidc/{slug}/logout/", {"logout_token": token})


def test_the_back_channel_ends_exactly_the_session_that_is_named(place, oidc_evil):
    openid(place, oidc_evil, is_joining=True)
    openid(place, oidc_evil, "second", is_joining=True)
    first, other = arrive(place, oidc_evil, ANN, "s-1"), arrive(place, oidc_evil, ANN, "s-2")
    bob = arrive(place, oidc_evil, BOB, "s-3")
    elsewhere = arrive(place, oidc_evil, {**ANN, "email": "ann@second.example"}, "s-1", "second")

    answer, _ = told_of(place, oidc_evil, sub="u-1", sid="unknown")
    assert (answer.status_code, first.who()) == (200, ANN["email"])
    answer, _ = told_of(place, oidc_evil, sub="u-2", sid="s-1")
    assert (answer.status_code, first.who(), bob.who()) == (200, ANN["email"], BOB["email"])
    answer, token = told_of(place, oidc_evil, sub="u-1", sid="s-1")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert [one.who() for one in (first, other, bob, elsewhere)] == [None, ANN["email"], BOB["email"], "ann@second.example"]

    again = arrive(place, oidc_evil, ANN, "s-1")
    assert said_again(place, token).status_code == 400, "the same word twice"
    assert again.who() == ANN["email"]
    answer, _ = told_of(place, oidc_evil, sub="u-1")
    assert answer.status_code == 200
    assert [one.who() for one in (again, other, bob)] == [None, None, BOB["email"]]
    assert elsewhere.who() == "ann@second.example"


def test_a_log_out_begun_here_is_answered_by_the_saml_provider(place, saml_peer):
    saml(place, saml_peer, is_joining=True)
    saml_peer.control("person", **OF_SAML)
    visitor, other = Visitor(place, saml_peer, kind="saml"), Visitor(place, saml_peer, kind="saml")
    visitor.arrive()
    other.arrive()
    url = visitor.post("/api/v1/sign-out", {}).json()["url"]
    assert url.startswith(f"{saml_peer.url}/slo?")
    assert "RelayState=&" not in url
    assert (visitor.who(), other.who()) == (None, "ann@corp.example")
    tampered = visitor.at_peer.get(url.replace("Signature=", "Signature=AAAA"), allow_redirects=False, timeout=20)
    assert tampered.status_code == 403
    answered = visitor.at_peer.get(url, allow_redirects=False, timeout=20)
    assert answered.status_code == 302, answered.text
    assert saml_peer.control("recorded")["asked"][-1]["signed"]
    back = path_of(answered.headers["Location"])
    assert "SAMLResponse=" in back
    assert Client().get(back.replace("Signature=", "Signature=AAAA")).status_code == 400
    home = visitor.client.get(back)
    assert home.status_code == 302, home.content
    assert home["Location"].startswith(f"/s/{place.slug}/")


def test_a_log_out_begun_at_the_saml_provider_ends_the_session_that_it_names_and_goes_back(place, saml_peer):
    saml(place, saml_peer, is_joining=True)
    saml_peer.control("person", **OF_SAML)
    earlier = Visitor(place, saml_peer, kind="saml")
    earlier.arrive()
    saml_peer.control("person", name_id="bob-1", attributes={"email": "bob@corp.example", "name": "Bob"})
    bob = Visitor(place, saml_peer, kind="saml")
    bob.arrive()
    saml_peer.control("person", **OF_SAML)
    latest = Visitor(place, saml_peer, kind="saml")
    latest.arrive()
    entity = f"http://localhost:8000/s/{place.slug}/_allauth/saml/corp/metadata/"
    answer = Client().get(path_of(saml_peer.control("log_out", sp_entity_id=entity)["url"]))
    assert answer.status_code == 302, answer.content
    assert [one.who() for one in (earlier, bob, latest)] == ["ann@corp.example", "bob@corp.example", None]
    back = latest.at_peer.get(answer["Location"], allow_redirects=False, timeout=20)
    assert (back.status_code, back.text) == (200, "signed out")
    assert saml_peer.control("recorded")["asked"][-1]["signed"]
