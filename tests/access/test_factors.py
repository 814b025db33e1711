"""Second factors over HTTP: an authenticator app, recovery codes, passkeys."""

import json

import pytest
from allauth.mfa.models import Authenticator

from access.models import Session
from governance.audit import services as audit
from kernel.scope import tenant_scope
from tests.access.signing_in import LIBRARY, Browser, code_of
from tests.access.software_key import SoftwareKey
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


def test_a_code_counts_in_its_own_thirty_seconds(own):
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    now = browser._safe_now()
    for moment in (now - 30, now + 30):
        answer = browser.post(f"{LIBRARY}/auth/2fa/reauthenticate", {"code": code_of(browser.secret, moment)})
        assert answer.status_code == 400
    browser.step_up()


def test_seeds_and_codes_are_drawn_and_cannot_be_foretold(own):
    import base64
    import random

    seen, codes = set(), []
    for who in ("alice", "tina", "lena"):
        random.seed(1)  # a generator that could be foretold would begin again
        browser = Browser(own.slug)
        browser.sign_in(who, factor=True)
        seen.add(browser.secret)
        codes += browser.get(CODES).json()["data"]["unused_codes"]
    assert {len(base64.b32decode(secret)) for secret in seen} == {20}
    assert len(seen) == 3
    # Eight digits are 26 bits; of thirty among a hundred million hardly two are alike.
    assert all(len(code) == 8 and code.isdigit() for code in codes)
    assert len(set(codes)) == len(codes) == 30


def test_a_step_up_gives_the_session_a_new_key_and_ends_the_one_before(own):
    browser, key = Browser(own.slug), SoftwareKey()
    browser.sign_in("alice", factor=True)
    add_key(browser, key, "")
    for proves in (browser.step_up, lambda: by_password(browser), lambda: by_passkey(browser, key)):
        before, since = browser.key, opened(browser)
        assert proves().status_code == 200
        assert browser.key != before
        assert browser.get("/api/v1/session").status_code == 200
        assert opened(browser) == since  # neither younger nor a second one
        thief = Browser(own.slug)
        thief.client.cookies["guildhall_session"] = before
        assert thief.get("/api/v1/session").status_code == 401


def opened(browser):
    [here] = browser.get("/api/v1/sessions").json()["results"]
    return here["created"]


def by_password(browser):
    return browser.post(f"{LIBRARY}/auth/reauthenticate", {"password": PASSWORD})


def by_passkey(browser, key):
    options = browser.get(f"{LIBRARY}/auth/webauthn/reauthenticate").json()["data"]["request_options"]
    return browser.post(f"{LIBRARY}/auth/webauthn/reauthenticate", {"credential": key.sign(options)})


def test_the_first_factor_asks_for_the_password_again(own):
    browser = Browser(own.slug)
    browser.sign_in("alice")
    seed = browser.get(APP).json()["meta"]["secret"]
    set_proofs_back(own)
    assert browser.post(APP, {"code": code_of(seed, browser._safe_now())}).status_code == 401
    assert by_password(browser).status_code == 200
    assert browser.post(APP, {"code": code_of(seed, browser._safe_now())}).status_code == 200


# --- passkeys -----------------------------------------------------------------------------------------------------------

KEYS = f"{LIBRARY}/account/authenticators/webauthn"


def add_key(browser, key, query="?passwordless"):
    assert browser.post(f"{LIBRARY}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    options = browser.get(f"{KEYS}{query}").json()["data"]["creation_options"]
    return browser.post(KEYS, {"name": "phone", "credential": key.attest(options)})


def test_a_passkey_signs_in_alone_and_steps_up(own):
    browser, key = Browser(own.slug), SoftwareKey()
    browser.sign_in("alice")
    assert add_key(browser, key).status_code == 200
    again = Browser(own.slug)
    options = again.get(f"{LIBRARY}/auth/webauthn/login").json()["data"]["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    assert again.post(f"{LIBRARY}/auth/webauthn/login", {"credential": key.sign(options)}).status_code == 200
    session = again.get("/api/v1/session").json()
    assert session["person"]["name"] == "Alice"
    assert session["second_factor"] == {"has": True, "required": False, "kinds": ["webauthn"]}
    set_proofs_back(own)
    assert again.post("/api/v1/tokens", {"name": "late"}).json()["code"] == "step_up.needed"
    options = again.get(f"{LIBRARY}/auth/webauthn/reauthenticate").json()["data"]["request_options"]
    assert again.post(f"{LIBRARY}/auth/webauthn/reauthenticate", {"credential": key.sign(options)}).status_code == 200
    assert again.post("/api/v1/tokens", {"name": "fresh"}).status_code == 201


def test_a_passkey_is_asked_for_after_the_password(own):
    browser, key = Browser(own.slug), SoftwareKey()
    browser.sign_in("alice")
    add_key(browser, key, "")
    again = Browser(own.slug)
    assert again.sign_in("alice").status_code == 401
    options = again.get(f"{LIBRARY}/auth/webauthn/authenticate").json()["data"]["request_options"]
    stranger = SoftwareKey()
    stranger.id, stranger.user = key.id, key.user
    assert again.post(f"{LIBRARY}/auth/webauthn/authenticate", {"credential": stranger.sign(options)}).status_code == 400
    options = again.get(f"{LIBRARY}/auth/webauthn/authenticate").json()["data"]["request_options"]
    assert again.post(f"{LIBRARY}/auth/webauthn/authenticate", {"credential": key.sign(options)}).status_code == 200
    assert again.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("wrong", [{"verified": False}, {"origin": "https://evil.example"}, {"origin": "http://testserver"}])
def test_a_key_that_asks_its_holder_for_nothing_or_is_elsewhere_is_refused(own, wrong):
    browser = Browser(own.slug)
    browser.sign_in("alice")
    for query in ("?passwordless", ""):
        assert add_key(browser, SoftwareKey(**wrong), query).status_code == 400
    key = SoftwareKey()
    assert add_key(browser, key).status_code == 200
    again = Browser(own.slug)
    for name, value in wrong.items():
        setattr(key, name, value)
    options = again.get(f"{LIBRARY}/auth/webauthn/login").json()["data"]["request_options"]
    assert again.post(f"{LIBRARY}/auth/webauthn/login", {"credential": key.sign(options)}).status_code == 400
    assert again.get("/api/v1/session").status_code == 401


def test_an_answer_is_not_taken_twice_nor_in_another_studio(own, elsewhere):
    browser, key = Browser(own.slug), SoftwareKey()
    browser.sign_in("alice")
    add_key(browser, key)
    again, other = Browser(own.slug), Browser(elsewhere.slug)
    login = f"{LIBRARY}/auth/webauthn/login"
    shown = key.sign(again.get(login).json()["data"]["request_options"])
    assert again.post(login, {"credential": shown}).status_code == 200
    third = Browser(own.slug)
    third.get(login)
    assert third.post(login, {"credential": shown}).status_code == 400
    there = key.sign(other.get(login).json()["data"]["request_options"])
    assert other.post(login, {"credential": there}).status_code == 400


# --- recovery codes, adding and removing --------------------------------------------------------------------------------

CODES = f"{LIBRARY}/account/authenticators/recovery-codes"
APP = f"{LIBRARY}/account/authenticators/totp"


def set_proofs_back(own, seconds=400):
    """What was shown was shown some minutes earlier."""
    with tenant_scope(own.tenant):
        for row in Session.objects.all():
            for record in row.content.get("account_authentication_methods", ()):
                record["at"] -= seconds
            Session.objects.filter(pk=row.pk).update(content=row.content)


def entries(own):
    with tenant_scope(own.tenant, read_only=True):
        return [(one.kind, one.facts) for one in audit.entries(audit.Filter(limit=100))]


def test_recovery_codes_let_in_once_and_step_nobody_up(own):
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    codes = browser.get(CODES).json()["data"]["unused_codes"]
    assert len(codes) == 10
    assert "unused_codes" not in browser.get(CODES).json()["data"]  # shown this once
    assert not [code for code in codes if code in kept_of(own)]
    again = Browser(own.slug)
    again.sign_in("alice")
    assert again.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": codes[0]}).status_code == 200
    assert again.get("/api/v1/session").json()["stepped_up_until"] is None
    assert again.post("/api/v1/tokens", {"name": "thief"}).json()["code"] == "step_up.needed"
    assert again.post(f"{LIBRARY}/auth/2fa/reauthenticate", {"code": codes[1]}).status_code == 200
    for method, path, body in (("post", "/api/v1/tokens", {"name": "thief"}), ("delete", APP, {}), ("post", CODES, {})):
        assert again.post(path, body, method=method).json()["code"] == "step_up.needed"
    third = Browser(own.slug)
    third.sign_in("alice")
    assert third.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": codes[0]}).status_code == 400


def test_a_password_alone_changes_no_factor(own):
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    set_proofs_back(own)
    assert browser.post(f"{LIBRARY}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    tried = (
        ("delete", APP, {}),
        ("post", CODES, {}),
        ("post", KEYS, {"credential": {}}),
        ("delete", KEYS, {"authenticators": [1]}),
    )
    for method, path, body in tried:
        answer = browser.post(path, body, method=method)
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up.needed"), path
    assert browser.get(CODES).json()["code"] == "step_up.needed"
    browser.step_up()
    assert browser.post(CODES, {}).status_code == 200
    assert browser.post(APP, {}, method="delete").status_code == 200
    assert not browser.get("/api/v1/session").json()["second_factor"]["has"]


def test_factors_are_recorded_by_their_kind_alone(own):
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    browser.post(CODES, {})
    browser.post(APP, {}, method="delete")
    said = [one for one in entries(own) if one[0].startswith("factor.")]
    assert said == [
        ("factor.removed", {"type": "recovery_codes"}), ("factor.removed", {"type": "totp"}),
        ("factor.recovery_codes_made", {}), ("factor.recovery_codes_made", {}), ("factor.added", {"type": "totp"}),
    ]  # fmt: skip


def test_a_person_is_told_by_mail_what_changed(own, sink):
    def told():
        return [subject for subject, _ in sink.mails_to("alice@example.com")]

    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    said = ["A second factor was added at Factors"]
    assert told() == said
    browser.post(CODES, {})
    browser.post(APP, {}, method="delete")
    said += ["Your recovery codes were made anew at Factors", "A second factor was removed at Factors"]
    assert told() == said
    body = {"current_password": PASSWORD, "new_password": "another long sentence"}
    assert browser.post(f"{LIBRARY}/account/password/change", body).status_code == 200
    assert told() == [*said, "Your password was changed at Factors"]
    assert not sink.mails_to("tina@example.com")


def test_lost_factors_are_removed_by_who_manages_people_with_one_of_his_own(own, elsewhere, sink):
    lost, tom, path = Browser(own.slug), Browser(own.slug), f"/api/v1/people/{own.people['alice']}/factors"
    lost.sign_in("alice", factor=True)
    tom.sign_in("tom")
    assert tom.post(path, {}, method="delete").json()["code"] == "step_up.needed"
    tina = Browser(own.slug)
    tina.sign_in("tina", factor=True)
    assert tina.post(path, {}, method="delete").status_code == 403
    assert lost.get("/api/v1/session").status_code == 200
    tom.enrol()
    assert tom.post(f"/api/v1/people/{own.people['tom']}/factors", {}, method="delete").json()["code"] == "person.oneself"
    assert tom.post(f"/api/v1/people/{elsewhere.people['alice']}/factors", {}, method="delete").status_code == 404
    for _ in range(2):
        assert tom.post(path, {}, method="delete").status_code == 204
    assert lost.get("/api/v1/session").status_code == 401
    [removed] = [facts for kind, facts in entries(own) if kind == "factor.removed"]
    assert set(removed) == {"person", "type"}
    assert [subject for subject, _ in sink.mails_to("alice@example.com")][1:] == ["A second factor was removed at Factors"]
    again = Browser(own.slug)
    assert again.sign_in("alice").status_code == 200
    assert not again.get("/api/v1/session").json()["second_factor"]["has"]
    again.enrol()


def test_an_admin_takes_no_factor_from_an_owner(own):
    from access import services as access
    from access.roles import Role
    from kernel.errors import Forbidden

    owner = own.actor("tom", project=False)
    access.grant(owner, person=own.people["lena"], role=Role.ADMIN)
    Browser(own.slug).sign_in("tom", factor=True)
    with pytest.raises(Forbidden):
        access.remove_factors(own.actor("lena", project=False), person=own.people["tom"])
    access.remove_factors(own.actor("lena", project=False), person=own.people["alice"])


def test_wrong_codes_are_recorded_and_stopped(own):
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    again = Browser(own.slug)
    again.sign_in("alice")
    for _ in range(6):
        assert again.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": "000000"}).status_code == 400
    again.secret = browser.secret
    assert again.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": again.code()}).status_code == 400  # even the right one
    assert ("session.refused", {"why": "wrong_factor"}) in entries(own)
    assert again.get("/api/v1/session").status_code == 401


def test_another_way_in_does_not_skip_the_second_factor(own):
    """A pending sign-in stays pending, whatever else the browser asks for."""
    Browser(own.slug).sign_in("alice", factor=True)
    browser = Browser(own.slug)
    assert browser.sign_in("alice").status_code == 401
    for path, body in (
        ("auth/2fa/reauthenticate", {"code": "000000"}), ("auth/reauthenticate", {"password": PASSWORD}),
        ("auth/login", {"email": "alice@example.com", "password": PASSWORD}), ("account/authenticators/totp", {"code": "000000"}),
        ("account/password/change", {"current_password": PASSWORD, "new_password": "another sentence"}),
    ):  # fmt: skip
        browser.post(f"{LIBRARY}/{path}", body)
        assert browser.get("/api/v1/session").status_code == 401, path
