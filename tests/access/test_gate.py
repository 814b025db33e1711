"""The gate with plain values: what a session may still do, from where, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from access import gate
from access.agents import in_words
from access.gate import Policy, Standing, Verdict, Voucher
from access.proofs import Proofs, proofs_in
from access.rules import TokenKind

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HAS, HAS_NONE = Standing(has_factor=True), Standing(has_factor=False)
GLASS = Standing(has_factor=False, is_break_glass=True)
PASSWORD, FACTOR = Proofs(password=1.0), Proofs(password=1.0, factor=2.0)
CODE, PROVIDER = Proofs(password=1.0, recovery=2.0), Proofs(provider=1.0, provider_slug="okta")
SSO, MFA, OFFICE = Policy(sso_only=True), Policy(second_factor=True), Policy(networks=("10.1.0.0/16", "2001:db8::/32"))


@pytest.mark.parametrize(
    ("policy", "proofs", "standing", "verdict"),
    [
        (Policy(), PASSWORD, HAS_NONE, Verdict.OPEN),
        (Policy(), Proofs(), HAS_NONE, Verdict.OPEN),
        (MFA, PASSWORD, HAS_NONE, Verdict.ENROL),
        (MFA, FACTOR, HAS_NONE, Verdict.ENROL),  # shown once, and taken away since
        (MFA, CODE, HAS_NONE, Verdict.ENROL),
        (MFA, PASSWORD, HAS, Verdict.FACTOR),  # a session from before, or an enrolment that was not shown yet
        (MFA, PROVIDER, HAS, Verdict.FACTOR),
        (MFA, CODE, HAS, Verdict.OPEN),
        (MFA, FACTOR, HAS, Verdict.OPEN),
        (MFA, PASSWORD, GLASS, Verdict.ENROL),  # breaking the glass is no way round the second factor
        (SSO, PASSWORD, HAS_NONE, Verdict.PROVIDER),
        (SSO, FACTOR, HAS, Verdict.PROVIDER),
        (SSO, Proofs(), HAS, Verdict.PROVIDER),
        (SSO, PROVIDER, HAS_NONE, Verdict.OPEN),
        (SSO, PASSWORD, GLASS, Verdict.OPEN),
        (Policy(sso_only=True, second_factor=True), PROVIDER, HAS_NONE, Verdict.ENROL),
        (Policy(sso_only=True, second_factor=True), PASSWORD, HAS_NONE, Verdict.PROVIDER),
        (Policy(sso_only=True, second_factor=True), Proofs(provider=1.0, factor=2.0), HAS, Verdict.OPEN),
    ],
)
def test_a_session_may_what_it_has_shown(policy, proofs, standing, verdict):
    assert gate.verdict(policy, proofs=proofs, standing=standing, address="192.0.2.1") is verdict


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("10.1.2.3", True), ("10.2.0.1", False), ("::ffff:10.1.2.3", True), ("::ffff:10.2.0.1", False),
        ("2001:db8:1::1", True), ("2001:db9::1", False), ("", False), (None, False), ("10.1.2.3.4", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_a_session_is_bound_to_the_networks(address, is_in):
    found = gate.verdict(OFFICE, proofs=FACTOR, standing=HAS, address=address)
    assert found is (Verdict.OPEN if is_in else Verdict.NETWORK)
    assert gate.verdict(Policy(), proofs=FACTOR, standing=HAS, address=address) is Verdict.OPEN


def test_not_even_a_break_glass_account_comes_from_elsewhere():
    assert gate.verdict(OFFICE, proofs=FACTOR, standing=GLASS, address="192.0.2.1") is Verdict.NETWORK


@pytest.mark.parametrize(
    ("kind", "voucher", "standing", "verdict"),
    [
        (TokenKind.PERSONAL, Voucher.NONE, HAS, Verdict.PROVIDER),
        (TokenKind.PERSONAL, Voucher.STANDS, HAS, Verdict.OPEN),
        (TokenKind.PERSONAL, Voucher.NONE, GLASS, Verdict.OPEN),
        (TokenKind.SERVICE, Voucher.NONE, HAS_NONE, Verdict.OPEN),
        (TokenKind.PROVISIONING, Voucher.NONE, HAS_NONE, Verdict.OPEN),
    ],
)
def test_a_token_opens_nothing_that_its_person_could_not_sign_in_to(kind, voucher, standing, verdict):
    asked = {"kind": kind, "voucher": voucher, "standing": standing, "address": "192.0.2.1"}
    assert gate.of_token(SSO, **asked) is verdict
    assert gate.of_token(Policy(), **asked) is Verdict.OPEN


@pytest.mark.parametrize(
    ("kind", "address", "verdict"),
    [
        (TokenKind.PERSONAL, "192.0.2.1", Verdict.NETWORK), (TokenKind.SERVICE, "192.0.2.1", Verdict.NETWORK),
        (TokenKind.PERSONAL, "10.1.0.1", Verdict.OPEN), (TokenKind.PERSONAL, "", Verdict.NETWORK),
        (TokenKind.PERSONAL, None, Verdict.OPEN),  # a command on the machine itself
        (TokenKind.PROVISIONING, "192.0.2.1", Verdict.OPEN),
    ],
)  # fmt: skip
def test_a_token_is_bound_to_the_networks(kind, address, verdict):
    assert gate.of_token(OFFICE, kind=kind, voucher=Voucher.NONE, standing=HAS, address=address) is verdict


@pytest.mark.parametrize("policy", [Policy(), SSO])
def test_a_token_goes_with_the_provider_that_vouched_for_its_person(policy):
    asked = {"kind": TokenKind.PERSONAL, "voucher": Voucher.GONE, "address": "192.0.2.1"}
    assert [gate.of_token(policy, **asked, standing=one) for one in (HAS, GLASS)] == [Verdict.PROVIDER] * 2


@pytest.mark.parametrize(
    ("created", "seen", "lasts"),
    [
        (timedelta(hours=1), timedelta(0), True), (timedelta(hours=8), timedelta(0), False),
        (timedelta(hours=1), timedelta(minutes=29), True), (timedelta(hours=1), timedelta(minutes=30), False),
    ],
)  # fmt: skip
def test_a_session_lasts_as_long_as_the_policy_says(created, seen, lasts):
    policy = Policy(session=timedelta(hours=8), idle=timedelta(minutes=30))
    assert policy.lasts(created=NOW - created, seen=NOW - seen, now=NOW) is lasts


ADD, CODES = "account/authenticators/totp", "account/authenticators/recovery-codes"


@pytest.mark.parametrize(
    ("verdict", "method", "route", "is_open"),
    [
        (Verdict.OPEN, "DELETE", ADD, True), (Verdict.OPEN, "GET", "api/v1/projects", True),
        (Verdict.ENROL, "GET", "api/v1/session", True), (Verdict.ENROL, "HEAD", "api/v1/session", True),
        (Verdict.ENROL, "DELETE", "auth/session", True), (Verdict.ENROL, "POST", ADD, True), (Verdict.ENROL, "GET", ADD, True),
        (Verdict.ENROL, "POST", "account/authenticators/webauthn", True), (Verdict.ENROL, "POST", "auth/reauthenticate", True),
        (Verdict.ENROL, "GET", "api/v1/projects", False), (Verdict.ENROL, "POST", "api/v1/session", False),
        (Verdict.ENROL, "DELETE", ADD, False), (Verdict.ENROL, "POST", CODES, False), (Verdict.ENROL, "GET", CODES, False),
        (Verdict.ENROL, "POST", "account/password/change", False), (Verdict.ENROL, "GET", "api/v1/session/", False),
        (Verdict.ENROL, "GET", "api/v1/sessions", False), (Verdict.ENROL, "GET", "", False),
        (Verdict.FACTOR, "POST", "auth/2fa/reauthenticate", True), (Verdict.FACTOR, "POST", "auth/webauthn/reauthenticate", True),
        (Verdict.FACTOR, "GET", "api/v1/session", True), (Verdict.FACTOR, "DELETE", "auth/session", True),
        (Verdict.FACTOR, "POST", ADD, False), (Verdict.FACTOR, "DELETE", ADD, False), (Verdict.FACTOR, "GET", CODES, False),
        (Verdict.FACTOR, "POST", "auth/reauthenticate", False), (Verdict.FACTOR, "POST", "account/password/change", False),
        (Verdict.NETWORK, "DELETE", "auth/session", True), (Verdict.NETWORK, "GET", "api/v1/session", False),
        (Verdict.NETWORK, "POST", "auth/login", False),
        (Verdict.PROVIDER, "GET", "api/v1/session", False), (Verdict.OUTDATED, "GET", "api/v1/session", False),
    ],
)  # fmt: skip
def test_what_stays_open_is_named(verdict, method, route, is_open):
    assert gate.opens(verdict, method=method, route=route) is is_open


@pytest.mark.parametrize(
    ("method", "route", "with_one", "with_none"),
    [
        ("DELETE", ADD, True, True), ("DELETE", "account/authenticators/webauthn", True, True),
        ("POST", CODES, True, True), ("GET", CODES, True, True),
        ("POST", ADD, True, False), ("POST", "account/authenticators/webauthn", True, False),
        ("PUT", "account/authenticators/webauthn", True, False), ("GET", ADD, False, False),
        ("POST", "account/password/change", False, False), ("POST", "auth/2fa/reauthenticate", False, False),
    ],
)  # fmt: skip
def test_what_changes_factors_asks_for_one(method, route, with_one, with_none):
    assert gate.needs_step_up(method=method, route=route, has_factor=True) is with_one
    assert gate.needs_step_up(method=method, route=route, has_factor=False) is with_none


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("192.0.2.1", "", [], "192.0.2.1"),
        ("192.0.2.1", "10.0.0.1", [], "192.0.2.1"),  # nobody is trusted, so nobody's word counts
        ("192.0.2.1", "10.0.0.1", ["198.51.100.0/24"], "192.0.2.1"),
        ("198.51.100.7", "192.0.2.1", ["198.51.100.0/24"], "192.0.2.1"),
        ("198.51.100.7", "10.0.0.1, 192.0.2.1", ["198.51.100.0/24"], "192.0.2.1"),  # what a stranger wrote stands to the left
        ("198.51.100.7", "10.0.0.1, 192.0.2.1, 198.51.100.8", ["198.51.100.0/24"], "192.0.2.1"),
        ("198.51.100.7", "198.51.100.9", ["198.51.100.0/24"], "198.51.100.9"),
        ("198.51.100.7", "192.0.2.1:4711", ["198.51.100.7"], "192.0.2.1"),
        ("198.51.100.7", "[2001:db8::1]:4711", ["198.51.100.7"], "2001:db8::1"),
        ("::ffff:198.51.100.7", "192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("198.51.100.7", "10.0.0.1, unknown", ["198.51.100.7"], None),
        ("198.51.100.7", "10.0.0.1,", ["198.51.100.7"], None),
        ("198.51.100.7", "", ["198.51.100.7"], "198.51.100.7"),
        ("", "192.0.2.1", ["198.51.100.7"], None),
    ],
)
def test_who_asks_is_told_by_trusted_proxies_alone(peer, forwarded, proxies, address):
    assert gate.client_address(peer, forwarded, proxies=proxies) == address


def record(**values):
    return {"_auth_user_id": "a", "account_authentication_methods_user": "a", "account_authentication_methods": [values]}


def test_proofs_of_somebody_else_count_for_nothing():
    content = record(method="mfa", type="totp", at=5.0)
    assert proofs_in(content) == Proofs(factor=5.0)
    assert proofs_in(content | {"_auth_user_id": "b"}) == Proofs()


@pytest.mark.parametrize(
    ("shown", "by_provider", "is_stepped_up"),
    [
        ({"method": "mfa", "type": "totp", "at": 1000}, False, True),
        ({"method": "mfa", "type": "webauthn", "at": 701}, False, True),
        ({"method": "mfa", "type": "totp", "at": 700}, False, False),
        ({"method": "mfa", "type": "totp", "at": 1001}, False, False),  # from the future
        ({"method": "mfa", "type": "recovery_codes", "at": 1000}, False, False),
        ({"method": "password", "at": 1000, "reauthenticated": True}, False, False),
        ({"method": "socialaccount", "at": 1000, "auth_time": 1000}, False, False),
        ({"method": "socialaccount", "at": 1000, "auth_time": 1000}, True, True),
        ({"method": "socialaccount", "at": 1000, "auth_time": 600}, True, False),  # signed in here now, there long ago
        ({"method": "socialaccount", "at": 1000}, True, False),
        ({"method": "mfa", "type": "totp", "at": "1000"}, False, False),
    ],
)
def test_a_step_up_is_a_fresh_factor(shown, by_provider, is_stepped_up):
    assert proofs_in(record(**shown)).is_stepped_up(1000.0, by_provider=by_provider) is is_stepped_up


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "A browser on macOS"), ("", ""), ("<script>", ""),
    ],
)  # fmt: skip
def test_a_device_is_told_in_words(agent, words):
    assert in_words(agent) == words
