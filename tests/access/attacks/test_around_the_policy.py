"""Ways around what a studio asks of every sign-in: its provider alone, and a second factor. Each beside who may pass."""

import pytest

from access import services as access
from tests.access.attacks.corpus import ANN
from tests.access.federating import Visitor, openid
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD, found


@pytest.fixture(autouse=True)
def allowed(settings_of_peers):
    """The peers may be asked."""


@pytest.fixture
def place(keeper, oidc_evil):
    made = found("Policy")
    openid(made, oidc_evil, is_joining=True)
    oidc_evil.control("honest")
    oidc_evil.control("person", **ANN)
    return made


def ask(place, **wanted):
    """Set the policy as a break-glass owner with a second factor, whom it does not lock out; return her browser."""
    owner = Browser(place.slug)
    assert owner.sign_in("tom", factor=True).status_code == 200
    access.name_break_glass(place.actor("tom", project=False), person=place.people["tom"])
    access.set_security_policy(place.actor("tom", project=False), wanted=access.Wanted(**wanted), address="127.0.0.1")
    return owner


def is_in(browser):
    return browser.get("/api/v1/session").status_code == 200


def by_password(place):
    browser = Browser(place.slug)
    browser.sign_in("alice")
    return browser


def by_a_reset_link(place):
    browser = Browser(place.slug)
    browser.post(f"{LIBRARY}/auth/password/request", {"email": "alice@example.com"})
    browser.post(f"{LIBRARY}/auth/password/reset", {"key": "1-a", "password": PASSWORD})
    return browser


def by_signing_up(place):
    browser = Browser(place.slug)
    browser.post(f"{LIBRARY}/auth/signup", {"email": "evil@evil.example", "password": PASSWORD})
    return browser


def by_a_code(place):
    browser = Browser(place.slug)
    browser.post(f"{LIBRARY}/auth/code/request", {"email": "alice@example.com"})
    return browser


def by_a_passkey_alone(place):
    browser = Browser(place.slug)
    browser.post(f"{LIBRARY}/auth/webauthn/login", {"credential": {}})
    return browser


def by_an_invitation(place):
    browser = Browser(place.slug)
    browser.post(f"{LIBRARY}/auth/email/verify", {"key": "a"})
    return browser


AROUND_THE_PROVIDER = [by_password, by_a_reset_link, by_signing_up, by_a_code, by_a_passkey_alone, by_an_invitation]


@pytest.mark.parametrize("way", AROUND_THE_PROVIDER, ids=lambda way: way.__name__)
def test_around_the_provider(place, oidc_evil, way):
    before = Browser(place.slug)
    before.sign_in("alice")
    assert is_in(before)
    token = place.token("alice")
    owner = ask(place, sso_only=True)
    assert not is_in(way(place))
    assert not is_in(before), "an older session"
    from django.test import Client

    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/session").status_code in {401, 403}, "an older token"
    honest = Visitor(place, oidc_evil)
    honest.arrive()
    assert honest.who() == ANN["email"]
    glass = Browser(place.slug)
    glass.secret = owner.secret
    glass.sign_in("tom", factor=True)
    assert is_in(glass), "who may break the glass"
    assert Browser(place.slug).get("/api/v1/sign-in").json()["has_passwords"] is False


def test_around_the_second_factor_by_the_provider(place, oidc_evil):
    ask(place, second_factor=True)
    visitor = Visitor(place, oidc_evil)
    visitor.arrive()
    projects = visitor.get("/api/v1/projects")
    assert (projects.status_code, projects.json()["code"]) == (403, "session.enrol_factor")


def test_around_the_second_factor_by_switching_flows(place, oidc_evil):
    """A password first, then the provider: neither brings the factor along that is asked for."""
    owner = Browser(place.slug)
    assert owner.sign_in("alice", factor=True).status_code == 200
    ask(place, second_factor=True)
    assert owner.get("/api/v1/projects").status_code == 200
    thief = Visitor(place, oidc_evil)
    assert thief.sign_in("alice").status_code == 401
    thief.arrive()
    assert thief.get("/api/v1/projects").status_code == 403
    removed = owner.post(f"{LIBRARY}/account/authenticators/totp", {}, method="delete")
    assert (removed.status_code, removed.json()["code"]) == (409, "factor.last")
