"""Second factors over HTTP: an authenticator app, recovery codes, passkeys."""

import json

import pytest
from allauth.mfa.models import Authenticator

from access.models import Session
from kernel.scope import tenant_scope
from tests.access.signing_in import LIBRARY, Browser, code_of
from tests.factories.studio import PASSWORD, found


@pytest.fixture
def own(keeper):
    return found("Factors")


def kept_of(own):
    """Return everything that the database keeps of factors and sessions, as text."""
    with tenant_scope(own.tenant, read_only=True):
        factors = [one.data for one in Authenticator.objects.all()]
        return json.dumps([factors, *Session.objects.values_list("content", flat=True)])


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_tests_own_codes_are_those_of_rfc_6238(at, code):
    assert code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at) == code


def test_an_app_is_enrolled_and_asked_for_at_the_next_sign_in(own):
    browser = Browser(own.slug)
    browser.sign_in("alice")
    assert browser.enrol().status_code == 200
    again = Browser(own.slug)
    answer = again.sign_in("alice")
    assert answer.status_code == 401
    assert {"id": "mfa_authenticate", "is_pending": True}.items() <= next(
        one for one in answer.json()["data"]["flows"] if one["id"] == "mfa_authenticate"
    ).items()
    assert again.get("/api/v1/session").status_code == 401
    wrong = again.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": "000000"})
    assert wrong.status_code == 400
    again.secret = browser.secret
    assert again.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": again.code()}).status_code == 200
    assert again.get("/api/v1/session").status_code == 200


def test_a_seed_is_readable_nowhere(own):
    browser = Browser(own.slug)
    browser.sign_in("alice")
    shown = browser.get(f"{LIBRARY}/account/authenticators/totp").json()["meta"]["secret"]
    assert "mfa.totp.secret" in kept_of(own)
    assert shown not in kept_of(own)
    assert browser.post(f"{LIBRARY}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    browser.enrol()
    assert browser.secret not in kept_of(own)


def test_a_code_counts_once(own):
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    code = browser.code()
    assert browser.post(f"{LIBRARY}/auth/2fa/reauthenticate", {"code": code}).status_code == 200
    assert browser.post(f"{LIBRARY}/auth/2fa/reauthenticate", {"code": code}).status_code == 400
