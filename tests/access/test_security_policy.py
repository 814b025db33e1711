"""A studio's security policy over HTTP: who sets it, what it refuses, and what it does to sessions, tokens and routes."""

import json

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken, IdentityProvider, Session, User
from access.rules import TokenKind
from governance.audit import services as audit
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD, found

APP = f"{LIBRARY}/account/authenticators/totp"
DEFAULTS = {
    "sso_only": False, "second_factor": False, "provider_step_up": False, "session_hours": 168, "idle_minutes": 720, "networks": [],
}  # fmt: skip


@pytest.fixture
def own(keeper):
    return found("Secure")


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


def signed_in(own, who="alice", **where):
    browser = Browser(own.slug, **where)
    browser.sign_in(who)
    return browser


def policy(owner, **values):
    return access.set_security_policy(owner, wanted=access.Wanted(**values), address="127.0.0.1")


def provided(own):
    """Set up a provider as its own room would, enabled and tested."""
    with tenant_scope(own.tenant):
        IdentityProvider.objects.create(
            slug="okta", protocol="oidc", name="Okta", issuer="https://idp.example", is_enabled=True, tested=timezone.now()
        )


def sso_only(own, owner):
    provided(own)
    access.name_break_glass(owner, person=own.people["tom"])
    policy(owner, sso_only=True)


def by_provider(own, browser):
    """Mark a session as one that a provider opened, as the library's own record does."""
    with tenant_scope(own.tenant):
        row = Session.objects.get(digest=browser.client.session.digest)
        for one in row.content["account_authentication_methods"]:
            one.update(method="socialaccount", provider="okta")
        Session.objects.filter(pk=row.pk).update(content=row.content)


def newest(own, kind):
    with tenant_scope(own.tenant, read_only=True):
        return next((one for one in audit.entries(audit.Filter(limit=50)) if one.kind == kind), None)


def code(answer):
    return answer.status_code, answer.json().get("code")


# --- setting it ---------------------------------------------------------------------------------------------------------


def test_an_owner_sets_it_with_a_second_factor(own):
    browser = signed_in(own, "tom")
    wanted = {**DEFAULTS, "session_hours": 8, "networks": ["127.0.0.0/8", "2001:db8::/32"]}
    assert code(browser.post("/api/v1/security-policy", wanted, method="put")) == (403, "step_up.needed")
    browser.enrol()
    assert browser.post("/api/v1/security-policy", wanted, method="put").status_code == 200
    got = browser.get("/api/v1/security-policy").json()
    assert {name: got[name] for name in wanted} == wanted
    said = newest(own, "security.changed").facts
    assert (said["before"]["session_hours"], said["after"]["session_hours"]) == (168, 8)


def test_an_artist_neither_reads_nor_sets_it(own):
    with pytest.raises(Forbidden):
        policy(own.actor("alice"))
    browser = signed_in(own)
    assert browser.get("/api/v1/security-policy").status_code == 403
    assert browser.post("/api/v1/security-policy", DEFAULTS, method="put").status_code == 403


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"networks": ("10.0.0.0/8",)}, "security.locks_you_out"), ({"second_factor": True}, "security.no_factor"),
        ({"sso_only": True}, "security.no_provider"),
    ],
)  # fmt: skip
def test_what_would_lock_somebody_out_is_refused(owner, values, why):
    with pytest.raises(Conflict, match=why):
        policy(owner, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"networks": ("10.0.0.1/8",)}, {"networks": ("nowhere",)}, {"session_hours": 0}, {"session_hours": 169},
        {"idle_minutes": 4}, {"idle_minutes": 721}, {"networks": ("",)},
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(owner, values):
    with pytest.raises(InvalidInput):
        policy(owner, **values)


def test_sso_only_needs_a_tested_provider_and_a_break_glass_account(own, owner):
    provided(own)
    with pytest.raises(Conflict, match="no_break_glass"):
        policy(owner, sso_only=True)
    access.name_break_glass(owner, person=own.people["tom"])
    with tenant_scope(own.tenant):
        IdentityProvider.objects.update(tested=None)
    with pytest.raises(Conflict, match="no_provider"):
        policy(owner, sso_only=True)
    with tenant_scope(own.tenant):
        IdentityProvider.objects.update(tested=timezone.now())
    policy(owner, sso_only=True)
    for leave in (access.dismiss_break_glass, access.suspend_person):
        with pytest.raises(Conflict, match=r"no_break_glass|oneself"):
            leave(owner, person=own.people["tom"])


# --- a second factor ----------------------------------------------------------------------------------------------------


@pytest.fixture
def strict(own):
    """A studio that asks for a second factor, set by its owner in the portal."""
    browser = Browser(own.slug)
    browser.sign_in("tom", factor=True)
    assert browser.post("/api/v1/security-policy", {**DEFAULTS, "second_factor": True}, method="put").status_code == 200
    return own


def test_a_session_without_a_factor_may_only_enrol(own):
    before = signed_in(own)
    assert before.get("/api/v1/projects").status_code == 200
    tom = Browser(own.slug)
    tom.sign_in("tom", factor=True)
    tom.post("/api/v1/security-policy", {**DEFAULTS, "second_factor": True}, method="put")
    for browser in (before, signed_in(own)):
        for path in ("/api/v1/projects", "/api/v1/tokens", f"/api/v1/projects/{own.project}", "/api/v1/sessions"):
            assert code(browser.get(path)) == (403, "session.enrol_factor")
        assert code(browser.post("/api/v1/tokens", {"name": "x"})) == (403, "session.enrol_factor")
        change = {"current_password": PASSWORD, "new_password": "another long sentence"}
        assert code(browser.post(f"{LIBRARY}/account/password/change", change)) == (403, "session.enrol_factor")
        session = browser.get("/api/v1/session").json()
        assert session["policy"]["must"] == "enrol_factor"
        assert session["projects"] == session["permissions"] == []
    before.enrol()
    assert before.get("/api/v1/projects").status_code == 200
    assert before.get("/api/v1/session").json()["policy"]["must"] is None


def test_enrolling_alone_is_not_enough_and_an_older_session_shows_it_too(strict):
    older, browser = signed_in(strict), signed_in(strict)
    browser.enrol()
    assert code(older.get("/api/v1/projects")) == (403, "session.factor_needed")
    assert older.get("/api/v1/session").json()["policy"]["must"] == "show_factor"
    for method, path in (("delete", APP), ("post", APP), ("post", f"{LIBRARY}/account/authenticators/recovery-codes")):
        assert code(older.post(path, {}, method=method)) == (403, "session.factor_needed")
    older.secret = browser.secret
    older.step_up()
    assert older.get("/api/v1/projects").status_code == 200


def test_the_last_factor_stays(strict):
    browser = Browser(strict.slug)
    browser.sign_in("alice", factor=True)
    assert code(browser.post(APP, {}, method="delete")) == (409, "factor.last")
    assert browser.get("/api/v1/session").json()["second_factor"] == {"has": True, "required": True, "kinds": ["totp"]}
    assert newest(strict, "factor.removed") is None
    assert browser.get("/api/v1/projects").status_code == 200


def test_who_has_lost_the_last_factor_may_only_enrol(strict):
    from allauth.mfa.models import Authenticator

    browser = Browser(strict.slug)
    browser.sign_in("alice", factor=True)
    with tenant_scope(strict.tenant):
        Authenticator.objects.filter(user_id=strict.people["alice"]).delete()
    assert code(browser.get("/api/v1/projects")) == (403, "session.enrol_factor")


def test_signing_out_is_always_open(strict):
    browser = signed_in(strict)
    assert browser.post(f"{LIBRARY}/auth/session", {}, method="delete").status_code == 401
    assert browser.get("/api/v1/session").status_code == 401


# --- networks and time --------------------------------------------------------------------------------------------------


def test_nobody_comes_from_another_network(own, owner):
    inside, outside = signed_in(own), signed_in(own, REMOTE_ADDR="192.0.2.9")
    token = own.token("alice")
    policy(owner, networks=("127.0.0.0/8",))
    assert inside.get("/api/v1/session").status_code == 200
    assert code(outside.get("/api/v1/session")) == (403, "session.network")
    assert code(signed_out(own).post(f"{LIBRARY}/auth/login", {"email": "alice@example.com", "password": PASSWORD}))[0] == 403
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client(headers=bearer).get("/api/v1/session").status_code == 200
    answer = Client(headers=bearer, REMOTE_ADDR="192.0.2.9").get("/api/v1/session")
    assert code(answer) == (403, "session.network")
    forged = Client(headers={**bearer, "X-Forwarded-For": "127.0.0.1"}, REMOTE_ADDR="192.0.2.9").get("/api/v1/session")
    assert forged.status_code == 403
    with override_settings(TRUSTED_PROXIES=["192.0.2.9"]):
        proxied = Client(headers={**bearer, "X-Forwarded-For": "203.0.113.1, 127.0.0.1"}, REMOTE_ADDR="192.0.2.9")
        assert proxied.get("/api/v1/session").status_code == 200
        proxied = Client(headers={**bearer, "X-Forwarded-For": "127.0.0.1, 203.0.113.1"}, REMOTE_ADDR="192.0.2.9")
        assert proxied.get("/api/v1/session").status_code == 403


def signed_out(own):
    return Browser(own.slug, REMOTE_ADDR="192.0.2.9")


@pytest.mark.parametrize(("values", "aged"), [({"session_hours": 1}, {"created": 61}), ({"idle_minutes": 5}, {"seen": 6})])
def test_a_session_ends_when_the_policy_says_and_coming_too_late_does_not_renew_it(own, owner, values, aged):
    from datetime import timedelta

    browser = signed_in(own)
    with tenant_scope(own.tenant):
        moved = {name: timezone.now() - timedelta(minutes=minutes) for name, minutes in aged.items()}
        Session.objects.update(**moved)
    policy(owner, **values)
    for _ in range(2):
        key = browser.client.cookies["guildhall_session"].value
        assert code(browser.get("/api/v1/session")) == (401, "session.outdated")
        browser.client.cookies["guildhall_session"] = key


def test_a_new_password_does_not_make_a_session_younger(own, owner):
    from datetime import timedelta

    browser = signed_in(own)
    with tenant_scope(own.tenant):
        Session.objects.update(created=timezone.now() - timedelta(minutes=59))
    change = {"current_password": PASSWORD, "new_password": "another long sentence"}
    assert browser.post(f"{LIBRARY}/account/password/change", change).status_code == 200
    policy(owner, session_hours=1)
    assert browser.get("/api/v1/session").status_code == 200
    with tenant_scope(own.tenant, read_only=True):
        assert timezone.now() - Session.objects.get().created > timedelta(minutes=58)


# --- by the provider alone ----------------------------------------------------------------------------------------------


def test_sso_only_closes_every_way_past_the_provider(own, owner, sink):
    older, kept, token = signed_in(own), signed_in(own, "tina"), own.token("alice")
    by_provider(own, kept)
    sso_only(own, owner)
    assert code(older.get("/api/v1/session")) == (401, "session.provider_needed")
    assert older.get("/api/v1/session").status_code == 401  # ended, not only refused
    with tenant_scope(own.tenant, read_only=True):
        assert not Session.objects.filter(user_id=own.people["alice"]).exists()
    assert kept.get("/api/v1/session").status_code == 200
    change = {"current_password": PASSWORD, "new_password": "another long sentence"}
    assert code(kept.post(f"{LIBRARY}/account/password/change", change)) == (403, "session.provider_needed")
    right, wrong = Browser(own.slug).sign_in("alice"), Browser(own.slug).sign_in("alice", "wrong password 1")
    assert (right.status_code, right.json()) == (wrong.status_code, wrong.json())
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/session").status_code == 401
    browser = Browser(own.slug)
    for who in ("alice", "nobody", "tom"):
        assert browser.post(f"{LIBRARY}/auth/password/request", {"email": f"{who}@example.com"}).status_code == 200
    assert [len(sink.mails_to(f"{who}@example.com")) for who in ("alice", "nobody", "tom")] == [0, 0, 1]
    assert browser.post(f"{LIBRARY}/auth/signup", {"email": "new@example.com", "password": PASSWORD}).status_code == 404


def test_a_link_from_before_sets_no_password_where_the_provider_alone_lets_in(own, owner, sink):
    browser = Browser(own.slug)
    browser.post(f"{LIBRARY}/auth/password/request", {"email": "alice@example.com"})
    [(_, text)] = sink.mails_to("alice@example.com")
    key = text.partition("set-password#")[2].split()[0]
    sso_only(own, owner)
    refused = browser.post(f"{LIBRARY}/auth/password/reset", {"key": key, "password": "another long sentence"})
    assert refused.status_code == 400
    policy(owner)
    done = browser.post(f"{LIBRARY}/auth/password/reset", {"key": key, "password": "another long sentence"})
    assert done.status_code in {200, 401}
    assert browser.sign_in("alice", "another long sentence").status_code == 200


def test_a_token_from_a_providers_session_goes_on(own, owner):
    token, other = own.token("alice"), own.token("tina")
    with tenant_scope(own.tenant):
        ApiToken.objects.filter(user_id=own.people["alice"]).update(by_provider=True)
        SocialAccount.objects.create(provider="okta", uid="alice", user_id=own.people["alice"], extra_data={})
    sso_only(own, owner)
    assert [bearing(one).status_code for one in (token, other)] == [200, 401]
    of_service = tokens.draw(TokenKind.SERVICE)
    with tenant_scope(own.tenant):
        ApiToken.objects.filter(user_id=own.people["tina"]).update(kind=TokenKind.SERVICE.value, hash=tokens.digest(of_service))
    assert bearing(of_service).status_code == 200
    assert bearing(own.token("tom")).status_code == 200  # a break-glass account's


def bearing(token):
    return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/session")


def test_a_token_notes_whether_a_provider_opened_the_session_and_which(own):
    provided(own)
    browser = Browser(own.slug)
    browser.sign_in("alice", factor=True)
    assert browser.post("/api/v1/tokens", {"name": "before"}).status_code == 201
    with tenant_scope(own.tenant):
        row = Session.objects.get(digest=browser.client.session.digest)
        row.content["account_authentication_methods"][0].update(method="socialaccount", provider="okta")
        okta = IdentityProvider.objects.get().pk
        row.content["sso"] = {"provider": str(okta), "session": ""}
        Session.objects.filter(pk=row.pk).update(content=row.content)
    assert browser.post("/api/v1/tokens", {"name": "after"}).status_code == 201
    with tenant_scope(own.tenant, read_only=True):
        noted = {name: rest for name, *rest in ApiToken.objects.values_list("name", "by_provider", "provider_id")}
    assert noted == {"before": [False, None], "after": [True, okta]}


# --- break glass --------------------------------------------------------------------------------------------------------


def test_breaking_the_glass_is_recorded_and_every_owner_is_told(own, owner, sink, caplog):
    access.name_break_glass(owner, person=own.people["lena"])
    with caplog.at_level("WARNING"):
        assert Browser(own.slug).sign_in("lena").status_code == 200
    [(subject, text)] = sink.mails_to("tom@example.com")
    assert "Break-glass" in subject
    assert "Lena" in text
    assert "127.0.0.1" in text
    assert not sink.mails_to("alice@example.com")
    assert newest(own, "session.break_glass_used").facts == {}
    said = [one.getMessage() for one in caplog.records if "break-glass" in one.getMessage()]
    assert len(said) == 1
    assert "Lena" not in said[0]
    Browser(own.slug).sign_in("alice")
    assert len(sink.mails_to("tom@example.com")) == 1


def test_break_glass_accounts_are_named_by_who_may_with_a_second_factor(own, owner, elsewhere):
    lena = own.people["lena"]
    path = f"/api/v1/people/{lena}/break-glass"
    browser = signed_in(own, "tom")
    assert code(browser.post(path, {})) == (403, "step_up.needed")
    browser.enrol()
    assert browser.post(path, {}).status_code == 204
    assert browser.post(path, {}).status_code == 204
    with tenant_scope(own.tenant, read_only=True):
        assert User.objects.get(pk=lena).is_break_glass
    assert browser.post(path, {}, method="delete").status_code == 204
    with tenant_scope(own.tenant, read_only=True):
        assert not User.objects.get(pk=lena).is_break_glass
        kinds = [one.kind for one in audit.entries(audit.Filter(limit=10))]
    assert (kinds.count("person.break_glass_named"), kinds.count("person.break_glass_dismissed")) == (1, 1)
    with pytest.raises(Forbidden):
        access.name_break_glass(own.actor("alice"), person=lena)
    with pytest.raises(NotFound):
        access.name_break_glass(owner, person=elsewhere.people["lena"])
    quiet = access.add_person(owner, email="quiet@example.com", name="Quiet").pk
    with pytest.raises(Conflict, match="no_password"):
        access.name_break_glass(owner, person=quiet)


def test_the_policy_is_json_all_through(own, owner):
    assert json.dumps(access.Wanted().values())
    policy(owner, networks=("127.0.0.1", "::1"))
    with owner.reading():
        assert access.security_policy(owner).networks == ("127.0.0.1/32", "::1/128")
