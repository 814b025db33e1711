"""People without a provider: invited, verified and helped by mail, from a real mail server; nobody learns who is known."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import override_settings

from access import mails
from access import services as access
from kernel.scope import statement_scope, tenant_scope
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import PASSWORD, found

NEW = "another long sentence"
RESET, ASK = f"{LIBRARY}/auth/password/reset", f"{LIBRARY}/auth/password/request"


@pytest.fixture
def own(keeper):
    return found("Local")


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


def key_in(text):
    return text.partition("#")[2].split()[0]


def test_an_invited_person_sets_her_password_by_a_link_that_works_once(own, owner, sink):
    access.add_person(owner, email="nora@example.com", name="Nora")
    [(subject, text)] = sink.mails_to("nora@example.com")
    assert "Local" in subject
    assert f"http://localhost:8000/s/{own.slug}/set-password#" in text
    browser = Browser(own.slug)
    assert browser.sign_in("nora", NEW).status_code == 400
    short = browser.post(RESET, {"key": key_in(text), "password": "short"})
    assert short.status_code == 400
    assert browser.post(RESET, {"key": key_in(text), "password": NEW}).status_code == 401  # set, and not signed in by it
    assert browser.sign_in("nora", NEW).status_code == 200
    assert Browser(own.slug).post(RESET, {"key": key_in(text), "password": "a third long sentence"}).status_code == 400
    with tenant_scope(own.tenant, read_only=True):
        assert EmailAddress.objects.get(email="nora@example.com").verified


def test_a_link_ends_after_three_days(own, owner, sink):
    from datetime import timedelta

    from allauth.account.forms import default_token_generator

    person = access.add_person(owner, email="nora@example.com", name="Nora")
    sent = key_in(sink.mails_to("nora@example.com")[0][1])

    def made(ago):
        tokens = default_token_generator
        stamp = tokens._num_seconds(tokens._now() - ago)
        with tenant_scope(own.tenant, read_only=True):
            return f"{person.pk.hex}-{tokens._make_token_with_timestamp(person, stamp, tokens.secret)}"

    with tenant_scope(own.tenant, read_only=True):
        person.refresh_from_db()
    browser = Browser(own.slug)
    assert browser.post(RESET, {"key": made(timedelta(days=3, minutes=1)), "password": NEW}).status_code == 400
    assert browser.post(RESET, {"key": made(timedelta(days=2, hours=23)), "password": NEW}).status_code == 401
    assert browser.post(RESET, {"key": sent, "password": NEW}).status_code == 400  # one of them has been used


def test_who_is_locked_out_by_anothers_guesses_comes_in_by_her_passkey(own):
    from tests.access.software_key import SoftwareKey
    from tests.access.test_factors import add_key

    hers, key = Browser(own.slug), SoftwareKey()
    hers.sign_in("alice")
    assert add_key(hers, key).status_code == 200
    guesser = Browser(own.slug, REMOTE_ADDR="192.0.2.66")
    for number in range(6):
        guesser.sign_in("alice", f"wrong password {number}")
    assert Browser(own.slug).sign_in("alice").status_code == 400
    assert hers.get("/api/v1/session").status_code == 200
    again = Browser(own.slug)
    options = again.get(f"{LIBRARY}/auth/webauthn/login").json()["data"]["request_options"]
    assert again.post(f"{LIBRARY}/auth/webauthn/login", {"credential": key.sign(options)}).status_code == 200


def test_who_was_added_with_a_password_gets_no_link(own, owner, sink):
    access.add_person(owner, email="paul@example.com", name="Paul", password=PASSWORD)
    assert not sink.mails_to("paul@example.com")


def test_a_forgotten_password_ends_the_sessions_and_asks_for_the_second_factor_still(own, sink):
    older = Browser(own.slug)
    older.sign_in("alice", factor=True)
    browser = Browser(own.slug)
    assert browser.post(ASK, {"email": "Alice@Example.com"}).status_code == 200
    *_, (_, text) = sink.mails_to("alice@example.com")  # one before told of her factor
    assert browser.post(RESET, {"key": key_in(text), "password": NEW}).status_code == 401
    assert older.get("/api/v1/session").status_code == 401
    assert browser.get("/api/v1/session").status_code == 401
    assert browser.sign_in("alice", NEW).status_code == 401
    browser.secret = older.secret
    assert browser.post(f"{LIBRARY}/auth/2fa/authenticate", {"code": browser.code()}).status_code == 200


def test_a_link_works_at_its_own_studio_alone(own, elsewhere, sink):
    Browser(own.slug).post(ASK, {"email": "alice@example.com"})
    [(_, text)] = sink.mails_to("alice@example.com")
    assert Browser(elsewhere.slug).post(RESET, {"key": key_in(text), "password": NEW}).status_code == 400
    assert Browser(own.slug).post(RESET, {"key": key_in(text), "password": NEW}).status_code == 401


def test_a_strange_host_is_in_no_link(own, sink):
    browser = Browser(own.slug, HTTP_HOST="127.0.0.1")
    browser.post(ASK, {"email": "alice@example.com"})
    [(_, text)] = sink.mails_to("alice@example.com")
    assert "127.0.0.1" not in text


def test_nobody_learns_who_is_known(own, sink):
    answers = [Browser(own.slug).post(ASK, {"email": f"{who}@example.com"}) for who in ("alice", "nobody")]
    assert len({(one.status_code, one.content) for one in answers}) == 1
    assert len(sink.mails_to("alice@example.com")) == 1
    assert not sink.mails_to("nobody@example.com")


def test_a_mail_server_that_hangs_holds_nobody_up(own):
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        port = silent.getsockname()[1]
        with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_TIMEOUT=3):
            started = time.monotonic()
            assert Browser(own.slug).post(ASK, {"email": "alice@example.com"}).status_code == 200
            assert time.monotonic() - started < 3
            assert mails.settled(30)


def test_an_address_that_is_not_proved_is_proved_by_a_link_first(own, sink):
    with tenant_scope(own.tenant):
        EmailAddress.objects.filter(email="tina@example.com").update(verified=False)
    browser = Browser(own.slug)
    assert browser.sign_in("tina").status_code == 401
    [(_, text)] = sink.mails_to("tina@example.com")
    assert f"/s/{own.slug}/verify-email#" in text
    verify = f"{LIBRARY}/auth/email/verify"
    assert Browser(own.slug).post(verify, {"key": key_in(text)[:-2]}).status_code == 400
    other = Browser(own.slug)  # another browser, without a session
    assert other.post(verify, {"key": key_in(text)}).status_code in {200, 401}
    assert other.get("/api/v1/session").status_code == 401  # the link signs nobody in
    assert Browser(own.slug).sign_in("tina").status_code == 200


def test_asking_again_and_again_is_stopped_in_this_studio_alone(own, elsewhere, sink):
    browser = Browser(own.slug)
    asked = [browser.post(ASK, {"email": "alice@example.com"}).status_code for _ in range(7)]
    assert asked[:5] == [200] * 5
    assert asked[5:] == [429, 429]
    assert Browser(elsewhere.slug).post(ASK, {"email": "alice@example.com"}).status_code == 200
    with statement_scope(own.tenant):
        assert cache.get("nothing") is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("smtp://mail.example:2525", ("mail.example", 2525, "", "", False, False)),
        ("smtp+tls://us%40er:p%2Fw@mail.example", ("mail.example", 587, "us@er", "p/w", True, False)),
        ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
    ],
)
def test_a_mail_server_is_named_by_one_address(url, says):
    from config import env

    made = env.mail(url)
    assert (made.host, made.port, made.user, made.password, made.starts_tls, made.is_tls) == says


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "file:relative"])
def test_a_wrong_one_stops_the_start(url):
    from config import env

    with pytest.raises(env.WrongSetting):
        env.mail(url)
