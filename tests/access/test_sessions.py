"""A session's row, its limits, and what ends it."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection
from django.db.models import F
from django.utils import timezone

from access import services as access
from access.models import Session, User
from dispatch import services as dispatch
from governance.audit import services as audit
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser
from tests.factories.studio import PASSWORD, found


@pytest.fixture
def browser(own):
    made = Browser(own.slug)
    assert made.sign_in("alice").status_code == 200
    return made


@pytest.fixture(scope="module")
def own(keeper):
    return found("Sessions")


def change(studio, **values):
    with tenant_scope(studio.tenant):
        assert Session.objects.filter(user_id=studio.people["alice"]).update(**values)


def test_the_row_does_not_know_the_key(own, browser):
    assert browser.key.startswith(own.tenant.hex)
    with tenant_scope(own.tenant, read_only=True), connection.cursor() as cursor:
        cursor.execute("SELECT access_session::text FROM access_session")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert browser.key not in kept
    assert browser.key[32:] not in kept


def with_key(own, key):
    other = Browser(own.slug)
    other.client.cookies["guildhall_session"] = key
    return other


def test_a_key_is_drawn_anew_each_time_with_192_bits(own):
    import random

    from access.sessions import SessionStore

    drawn = set()
    for _ in range(50):
        random.seed(1)  # a generator that could be foretold would begin again
        made = SessionStore(tenant=own.tenant)
        made.create()
        drawn.add(made.session_key[32:])
    assert len(drawn) == 50
    assert all(len(bytes.fromhex(key)) == 24 for key in drawn)


def test_signing_in_gives_a_new_key_and_ends_the_one_before(own):
    browser = Browser(own.slug)
    planted = planted_key(own)
    browser.client.cookies["guildhall_session"] = planted
    assert browser.sign_in("alice").status_code == 200
    assert browser.key != planted
    assert browser.get("/api/v1/session").status_code == 200
    assert with_key(own, planted).get("/api/v1/session").status_code == 401


def planted_key(own):
    from access.sessions import SessionStore

    planted = SessionStore(tenant=own.tenant)
    planted["planted"] = True
    planted.create()
    return planted.session_key


def test_an_ended_session_opens_nothing(own, browser):
    key = browser.key
    assert with_key(own, key).get("/api/v1/session").status_code == 200
    browser.post("/api/v1/sign-out", {})
    assert with_key(own, key).get("/api/v1/session").status_code == 401


def test_an_idle_session_ends(own, browser):
    assert browser.get("/api/v1/session").status_code == 200
    change(own, seen=F("seen") - timedelta(hours=13))
    assert browser.get("/api/v1/session").status_code == 401


def test_a_session_in_use_does_not_idle_out(own, browser):
    change(own, seen=F("seen") - timedelta(hours=11))
    assert browser.get("/api/v1/session").status_code == 200
    change(own, seen=F("seen") - timedelta(hours=11))
    assert browser.get("/api/v1/session").status_code == 200


def test_use_is_noted_at_most_once_a_minute(own, browser):
    def seen():
        with tenant_scope(own.tenant, read_only=True):
            return Session.objects.filter(user_id=own.people["alice"]).latest("seen").seen

    browser.get("/api/v1/session")
    first = seen()
    browser.get("/api/v1/session")
    assert seen() == first


def test_even_a_busy_session_ends_in_the_end(own, browser):
    change(own, expires=F("expires") - timedelta(days=8))
    assert browser.get("/api/v1/session").status_code == 401


def test_a_new_password_ends_the_other_sessions(own, browser):
    assert browser.get("/api/v1/session").status_code == 200
    with tenant_scope(own.tenant):
        alice = User.objects.get(pk=own.people["alice"])
        before = alice.password
        alice.set_password("another long password")
        alice.save(update_fields=["password"])
    assert browser.get("/api/v1/session").status_code == 401
    with tenant_scope(own.tenant):
        User.objects.filter(pk=alice.pk).update(password=before)


def test_somebody_suspended_is_out_at_once(own, browser):
    assert browser.get("/api/v1/session").status_code == 200
    with tenant_scope(own.tenant):
        User.objects.filter(pk=own.people["alice"]).update(is_active=False)
    try:
        assert browser.get("/api/v1/session").status_code == 401
        assert Browser(own.slug).sign_in("alice").status_code in {400, 401, 403}
    finally:
        with tenant_scope(own.tenant):
            User.objects.filter(pk=own.people["alice"]).update(is_active=True)


def test_an_invented_key_is_nobody(own):
    stranger = Browser(own.slug)
    for key in (own.tenant.hex + "0" * 48, "0" * 80, "x", own.tenant.hex + "\xe9"):
        stranger.client.cookies["guildhall_session"] = key
        assert stranger.get("/api/v1/session").status_code == 401


def test_a_password_is_changed_and_only_this_session_goes_on(own, browser):
    other = Browser(own.slug)
    other.sign_in("alice")
    body = {"current_password": "wrong one entirely", "new_password": "a brand new sentence"}
    path = "/_allauth/browser/v1/account/password/change"
    assert browser.post(path, body).status_code == 400
    try:
        assert browser.post(path, {**body, "current_password": PASSWORD}).status_code == 200
        assert browser.get("/api/v1/session").status_code == 200
        assert other.get("/api/v1/session").status_code == 401
        with tenant_scope(own.tenant, read_only=True):
            assert audit.entries(audit.Filter(limit=1))[0].kind == "person.password_changed"
    finally:
        with tenant_scope(own.tenant):
            alice = User.objects.get(pk=own.people["alice"])
            alice.set_password(PASSWORD)
            alice.save(update_fields=["password"])


def housekeeping_of(tenant):
    for _ in range(100):
        claim = dispatch.claim(worker="sweeper", kinds=["housekeeping"])
        if claim is None or claim.tenant == tenant:
            return claim
    return None


def test_the_standing_ticket_sweeps_ended_sessions_of_its_tenant_alone(keeper, as_login):
    mine, theirs = found("Swept"), found("Kept")
    for studio in (mine, theirs):
        for who in ("alice", "tina"):
            Browser(studio.slug).sign_in(who)
        change(studio, expires=F("expires") - timedelta(days=8))
    with as_login("worker"):
        claim = housekeeping_of(mine.tenant)
        assert access.sweep_sessions(access.system_actor(mine.tenant, claim.lease)) == 1
    for studio, left in ((mine, {"tina"}), (theirs, {"alice", "tina"})):
        with tenant_scope(studio.tenant, read_only=True):
            held = set(Session.objects.values_list("user_id", flat=True))
        assert held == {studio.people[who] for who in left}


def test_the_worker_makes_no_sessions(as_login, own):
    with as_login("worker"), pytest.raises(ProgrammingError), tenant_scope(own.tenant):
        Session.objects.create(digest="0" * 64, expires=timezone.now())
