"""The list of one's devices, ending them, and shutting somebody out."""

import time
import uuid
from types import SimpleNamespace

import pytest
from django.test import Client

from access import services as access
from access.models import ApiToken, Session, User
from access.roles import Permission, Role
from dispatch.models import Ticket
from governance.audit import services as audit
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.scope import tenant_scope
from tests.access.signing_in import LIBRARY, Browser
from tests.factories.studio import found

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def own(keeper):
    return found("Devices")


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


def at(own, who="alice", **where):
    browser = Browser(own.slug, **where)
    assert browser.sign_in(who).status_code == 200
    return browser


def newest(own, kind):
    with tenant_scope(own.tenant, read_only=True):
        return next((one for one in audit.entries(audit.Filter(limit=50)) if one.kind == kind), None)


def test_a_person_sees_her_devices_and_nobody_elses(own):
    laptop = at(own, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.5")
    phone = at(own)
    at(own, "tina")
    seen = laptop.get("/api/v1/sessions").json()["results"]
    assert [(one["agent"], one["address"], one["current"]) for one in seen] == [
        ("", "127.0.0.1", False), ("Firefox on Linux", "192.0.2.5", True),
    ]  # fmt: skip
    assert [one["shown"] for one in seen] == [["password"], ["password"]]
    assert [one["current"] for one in phone.get("/api/v1/sessions").json()["results"]] == [True, False]
    assert laptop.key not in laptop.get("/api/v1/sessions").content.decode()


@pytest.mark.parametrize(("has_factor", "why"), [(False, "session.sign_in_again"), (True, "step_up.needed")])
def test_who_sits_at_an_open_session_ends_no_other(own, monkeypatch, has_factor, why):
    there, here = at(own), at(own)
    if has_factor:
        here.enrol()
    ids = {one["current"]: one["id"] for one in here.get("/api/v1/sessions").json()["results"]}
    monkeypatch.setattr("access.api.security.time", SimpleNamespace(time=lambda: time.time() + 301))
    for path in ("/api/v1/sessions", f"/api/v1/sessions/{ids[False]}"):
        answer = here.post(path, {}, method="delete")
        assert (answer.status_code, answer.json()["code"]) == (403, why)
    assert there.get("/api/v1/session").status_code == 200
    monkeypatch.undo()
    assert here.post("/api/v1/sessions", {}, method="delete").status_code == 204
    assert there.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize("scope", [(), (Permission.PROJECT_READ,), tuple(Permission)])
def test_a_token_neither_sees_nor_ends_a_session(own, scope):
    browser, token = at(own), access.issue_token(own.actor("alice"), name="a program's", scope=scope)
    [here] = browser.get("/api/v1/sessions").json()["results"]
    program = Client(headers={"Authorization": f"Bearer {token}"})
    for method, path in (("get", ""), ("delete", ""), ("delete", f"/{here['id']}"), ("delete", f"/{uuid.uuid4()}")):
        answer = getattr(program, method)(f"/api/v1/sessions{path}")
        assert (answer.status_code, answer.json()["code"]) == (422, "session.needs_browser")
    assert browser.get("/api/v1/session").status_code == 200


def test_she_ends_one_of_them_and_then_all_others(own):
    here, there, third = at(own), at(own), at(own)
    other = at(own, "tina")
    [theirs] = [one["id"] for one in other.get("/api/v1/sessions").json()["results"]]
    ids = {one["current"]: one["id"] for one in there.get("/api/v1/sessions").json()["results"]}
    assert here.post(f"/api/v1/sessions/{ids[True]}", {}, method="delete").status_code == 204
    assert there.get("/api/v1/session").status_code == 401
    assert third.get("/api/v1/session").status_code == 200
    for unknown in (theirs, ids[True], uuid.uuid4()):
        assert here.post(f"/api/v1/sessions/{unknown}", {}, method="delete").status_code == 404
    assert here.post("/api/v1/sessions", {}, method="delete").status_code == 204
    assert [one.get("/api/v1/session").status_code for one in (here, third, other)] == [200, 401, 200]
    assert newest(own, "session.ended").facts["sessions"] == 1
    assert here.post(f"{LIBRARY}/auth/session", {}, method="delete").status_code == 401
    assert newest(own, "session.ended").facts["why"] == "signed_out"


def test_who_manages_people_ends_theirs_with_a_second_factor(own, elsewhere):
    alice, tom = at(own), at(own, "tom")
    path = f"/api/v1/people/{own.people['alice']}/sessions"
    assert len(tom.get(path).json()["results"]) == 1
    assert tom.post(path, {}, method="delete").json()["code"] == "step_up.needed"
    own_path = f"/api/v1/people/{own.people['tom']}/sessions"
    assert tom.post(own_path, {}, method="delete").json()["code"] == "step_up.needed"
    assert alice.get("/api/v1/session").status_code == 200
    tom.enrol()
    assert tom.post(path, {}, method="delete").status_code == 204
    assert alice.get("/api/v1/session").status_code == 401
    assert tom.get(f"/api/v1/people/{elsewhere.people['alice']}/sessions").status_code == 404
    assert at(own, "tina").get(path).status_code == 403
    with pytest.raises(Forbidden):
        access.end_sessions(own.actor("tina"), person=own.people["alice"])


def waiting(own, who):
    """Put a ticket of a person's, as a deed of hers does."""
    from dispatch import services as dispatch

    ticket = uuid.uuid4()
    with tenant_scope(own.tenant):
        dispatch.put(
            id=ticket, tenant=own.tenant, project=own.project, person=own.people[who], kind="generate", row=uuid.uuid4(),
            intent=uuid.uuid4(),
        )  # fmt: skip
    return ticket


def state_of(own, ticket):
    with tenant_scope(own.tenant, read_only=True):
        return Ticket.objects.filter(pk=ticket).values_list("state", flat=True).first()


def test_who_is_suspended_is_out_at_once_with_all_that_she_has_under_way(own, owner):
    alice, tina = at(own), at(own, "tina")
    token, hers, other = own.token("alice"), waiting(own, "alice"), waiting(own, "tina")
    before = state_of(own, hers)
    access.suspend_person(owner, person=own.people["alice"])
    access.suspend_person(owner, person=own.people["alice"])
    assert alice.get("/api/v1/session").status_code == 401
    assert Browser(own.slug).sign_in("alice").status_code != 200
    assert state_of(own, hers) != before
    assert state_of(own, other) == before
    assert tina.get("/api/v1/session").status_code == 200
    said = newest(own, "person.suspended").facts
    assert (said["sessions"], said["tokens"], said["tickets"]) == (1, 1, 1)
    access.restore_person(owner, person=own.people["alice"])
    assert Browser(own.slug).sign_in("alice").status_code == 200
    with tenant_scope(own.tenant, read_only=True):
        assert not ApiToken.objects.filter(user_id=own.people["alice"], revoked=None).exists()
    assert token
    assert newest(own, "person.restored")


def test_whom_nobody_suspends(own, owner, elsewhere):
    access.grant(owner, person=own.people["lena"], role=Role.ADMIN)
    admin = own.actor("lena", project=False)
    with pytest.raises(Conflict, match="oneself"):
        access.suspend_person(owner, person=own.people["tom"])
    with pytest.raises(Forbidden):  # an admin shuts out neither owners nor officers
        access.suspend_person(admin, person=own.people["tom"])
    with pytest.raises(Forbidden):
        access.suspend_person(admin, person=own.people["olive"])
    with pytest.raises(Forbidden):
        access.suspend_person(own.actor("tina"), person=own.people["alice"])
    with pytest.raises(NotFound):
        access.suspend_person(owner, person=elsewhere.people["alice"])
    access.suspend_person(admin, person=own.people["alice"])
    with tenant_scope(own.tenant, read_only=True):
        assert list(User.objects.filter(is_active=False).values_list("pk", flat=True)) == [own.people["alice"]]


def test_an_ended_session_is_not_written_back_by_a_request_under_way(own):
    from access.sessions import SessionStore

    browser = at(own)
    under_way = SessionStore(browser.key)
    assert under_way["_auth_user_id"]
    with tenant_scope(own.tenant):
        Session.objects.all().delete()
    under_way["late"] = True
    under_way.save()
    assert browser.get("/api/v1/session").status_code == 401
