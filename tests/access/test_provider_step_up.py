"""Where the studio says so, a fresh sign-in at its provider opens what asks for a fresh second factor; else it opens nothing."""

import pytest

from access import services as access
from access.roles import Role
from tests.access.federating import Visitor, openid, person_of, saml, told
from tests.factories.studio import found

EMAIL = "ann@corp.example"
ANN = {"sub": "u-1", "email": EMAIL, "email_verified": True, "name": "Ann", "groups": []}


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper):
    return found("Stepping")


def ask(place, **wanted):
    access.set_security_policy(place.actor("tom", project=False), wanted=access.Wanted(**wanted), address="127.0.0.1")


def deed(visitor):
    answer = visitor.post("/api/v1/tokens", {"name": "mine"})
    return 201 if answer.status_code == 201 else answer.json()["code"]


def offer(visitor, kind):
    """Return whether the provider's fresh sign-in counts, and the provider, without the studio's part of its address."""
    told = visitor.get("/api/v1/session").json()
    told["provider"]["url"] = OURS[kind] if told["provider"]["url"].endswith(OURS[kind]) else told["provider"]["url"]
    return told["policy"]["provider_step_up"], told["provider"]


def make_artist(place):
    access.grant(place.actor("tom", project=False), person=person_of(place, EMAIL).pk, role=Role.ARTIST, project=place.project)


def signed_in_long_ago_by_oidc(peer):
    peer.control("honest")
    peer.control("person", **ANN)
    peer.control("next", claims={"auth_time": -4000})


def signed_in_now_by_oidc(peer):
    peer.control("honest")


def signed_in_long_ago_by_saml(peer):
    peer.control("person", name_id="ann-1", attributes={"email": EMAIL, "name": "Ann"}, signed_in_ago=4000)


def signed_in_now_by_saml(peer):
    peer.control("person", name_id="ann-1", attributes={"email": EMAIL, "name": "Ann"})


OURS = {"oidc": "/_allauth/oidc/corp/login/", "saml": "/_allauth/saml/corp/login/"}
WAYS = {
    "oidc": ("oidc_evil", openid, signed_in_long_ago_by_oidc, signed_in_now_by_oidc),
    "saml": ("saml_peer", saml, signed_in_long_ago_by_saml, signed_in_now_by_saml),
}


@pytest.mark.parametrize("kind", WAYS)
def test_a_fresh_sign_in_at_the_provider_opens_deeds_where_the_studio_says_so(place, request, kind):
    named, set_up, long_ago, now = WAYS[kind]
    peer = request.getfixturevalue(named)
    set_up(place, peer, is_joining=True)
    long_ago(peer)
    visitor = Visitor(place, peer, kind=kind)
    visitor.arrive()
    assert visitor.who() == EMAIL
    assert offer(visitor, kind) == (False, {"slug": "corp", "name": "Corp", "protocol": kind, "url": OURS[kind]})
    make_artist(place)
    ask(place, provider_step_up=True)
    assert offer(visitor, kind)[0] is True
    assert deed(visitor) == "step_up.needed", "signed in there too long ago"
    assert told(visitor.arrive(fresh=1)) == "sso.not_fresh"
    assert deed(visitor) == "step_up.needed"
    now(peer)
    assert told(visitor.arrive(fresh=1)) == ""
    assert deed(visitor) == 201
    ask(place, provider_step_up=False)
    assert deed(visitor) == "step_up.needed"
    assert told(visitor.arrive(fresh=1)) == ""
    assert deed(visitor) == "step_up.needed"
    ask(place, provider_step_up=True)
    assert deed(visitor) == 201
