"""Signing in through the studio's address, over HTTP; and what an e-mail alone does not do."""

import json

import pytest
from django.test import Client

from tests.factories.studio import PASSWORD


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True)


def csrf(browser, slug):
    browser.get(f"/s/{slug}/")
    return browser.cookies["csrftoken"].value


def sign_in(browser, slug, email, password=PASSWORD):
    return browser.post(
        f"/s/{slug}/_allauth/browser/v1/auth/login",
        json.dumps({"email": email, "password": password}),
        content_type="application/json",
        headers={"X-CSRFToken": csrf(browser, slug)},
    )


def test_a_person_signs_in_and_out_of_her_studio(browser, studio):
    assert sign_in(browser, studio.slug, "alice@example.com").status_code == 200
    answer = browser.get(f"/s/{studio.slug}/api/v1/session")
    assert answer.status_code == 200
    assert answer.json()["person"]["name"] == "Alice"
    assert [project["id"] for project in answer.json()["projects"]] == [str(studio.project)]
    cookie = browser.cookies["guildhall_session"]
    assert cookie["path"] == f"/s/{studio.slug}/"
    assert cookie.value.startswith(studio.tenant.hex)
    gone = browser.delete(
        f"/s/{studio.slug}/_allauth/browser/v1/auth/session",
        headers={"X-CSRFToken": browser.cookies["csrftoken"].value},
    )
    assert gone.status_code == 401
    assert browser.get(f"/s/{studio.slug}/api/v1/session").status_code == 401


def test_a_wrong_password_is_refused_and_recorded(browser, studio):
    from governance.audit import services as audit
    from kernel.scope import tenant_scope

    assert sign_in(browser, studio.slug, "alice@example.com", "wrong password 1").status_code == 400
    with tenant_scope(studio.tenant, read_only=True):
        assert audit.entries(audit.Filter(kind="session.refused"))


def test_her_password_opens_no_other_studio(browser, studio, elsewhere):
    answer = sign_in(browser, elsewhere.slug, "alice@example.com", PASSWORD + "x")
    assert answer.status_code == 400


def test_a_session_of_one_studio_is_nobody_in_another(browser, studio, elsewhere):
    sign_in(browser, studio.slug, "alice@example.com")
    browser.cookies["guildhall_session"]["path"] = "/"
    assert browser.get(f"/s/{elsewhere.slug}/api/v1/session").status_code == 401


def test_without_a_studio_nobody_signs_in(browser):
    answer = browser.post("/_allauth/browser/v1/auth/login", "{}", content_type="application/json")
    assert answer.status_code == 404
    assert browser.get("/s/no-such-studio/").status_code == 404


def test_a_deed_by_session_needs_the_csrf_token(browser, studio):
    sign_in(browser, studio.slug, "alice@example.com")
    assert browser.post(f"/s/{studio.slug}/api/v1/tokens", "{}", content_type="application/json").status_code == 403


def test_a_studio_is_found_by_its_name_and_not_by_guessing(browser, studio):
    assert browser.get("/api/v1/studios", {"name": studio.slug}).json()["url"] == f"/s/{studio.slug}/"
    assert browser.get("/api/v1/studios", {"name": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/s/%00/", "/s/%F0%9F%A6%8A/", "/s//", "/s/../", "/s/a%00b/api/v1/session", f"/s/{'a' * 5000}/"]
)
def test_a_strange_address_is_no_studio(browser, address):
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("name", ["\0", "", "🦊", "a" * 5000])
def test_a_strange_name_finds_no_studio(browser, name):
    assert browser.get("/api/v1/studios", {"name": name}).status_code == 404


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("post", "auth/signup"), ("post", "auth/webauthn/signup"), ("post", "account/email"), ("get", "account/email"),
        ("post", "auth/email/verify/resend"), ("post", "auth/code/request"), ("post", "auth/2fa/trust"), ("get", "account/phone"),
        ("post", "auth/provider/token"), ("post", "auth/provider/signup"), ("get", "account/providers"), ("get", "auth/sessions"),
    ],
)  # fmt: skip
def test_a_route_that_we_do_not_offer_does_not_exist(browser, studio, method, route):
    sign_in(browser, studio.slug, "alice@example.com")
    answer = getattr(browser, method)(
        f"/s/{studio.slug}/_allauth/browser/v1/{route}",
        **({"data": json.dumps({"email": "alice@example.com"}), "content_type": "application/json"} if method == "post" else {}),
        headers={"X-CSRFToken": browser.cookies["csrftoken"].value},
    )
    assert answer.status_code == 404


def test_an_unknown_address_is_answered_as_a_wrong_password_is(browser, studio):
    unknown = sign_in(browser, studio.slug, "nobody@example.com", "wrong password 1")
    wrong = sign_in(browser, studio.slug, "tina@example.com", "wrong password 1")
    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())


def test_guessing_is_stopped_and_that_is_recorded_once(keeper):
    from django.core.cache import cache

    from governance.audit import services as audit
    from kernel.scope import tenant_scope
    from tests.factories.studio import found

    studio = found("Guessed")
    browser = Client(enforce_csrf_checks=True)
    cache.clear()
    answers = [sign_in(browser, studio.slug, "alice@example.com", f"wrong password {n}") for n in range(8)]
    assert {answer.status_code for answer in answers} == {400}
    assert sign_in(browser, studio.slug, "alice@example.com").status_code == 400  # even the right one, for now
    with tenant_scope(studio.tenant, read_only=True):
        kept = audit.entries(audit.Filter(kind="session.refused"))
    reasons = [entry.facts.get("why") for entry in kept]
    assert reasons.count("too_many_attempts") == 1
    assert reasons.count("wrong") == 5
    cache.clear()
