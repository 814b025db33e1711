"""People: made, read, replaced, changed and removed (RFC 7643, 4.1; RFC 7644, 3.3 to 3.6)."""

import uuid

import pytest
from allauth.account.models import EmailAddress

from access import services as access
from access.models import ApiToken, CapturedDomain, GroupMember, Session, User
from access.roles import Permission, Reach, Role
from governance.audit import services as audit
from kernel.errors import Unauthenticated
from kernel.scope import tenant_scope
from tests.access.scim.saying import ERROR, is_error
from tests.access.signing_in import Browser


def reading(own):
    return tenant_scope(own.studio.tenant, read_only=True)


def kinds(own, person):
    """Return what the ledger says of a person, oldest first."""
    with reading(own):
        pseudonym = User.objects.get(pk=person).pseudonym
        return [one.kind for one in reversed(audit.entries(audit.Filter(fact=("person", pseudonym))))]


def test_a_person_is_made_and_read(own):
    made = own.post(
        "/Users",
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "Bjensen", "externalId": "701984",
            "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
            "emails": [{"value": "home@example.org", "type": "home"}, {"value": "BJ@example.com", "type": "work"}],
            "password": "t1meMa$heen", "nickName": "Babs", "roles": [{"value": "owner"}],
        },
    )  # fmt: skip
    assert made.status_code == 201, made.content
    said = made.json()
    assert made["Location"] == said["meta"]["location"] == f"http://testserver/s/{own.studio.slug}/scim/v2/Users/{said['id']}"
    assert made["ETag"] == said["meta"]["version"]
    assert said["userName"] == "Bjensen"
    assert said["displayName"] == "Ms. Barbara J Jensen III"
    assert said["active"] is True
    assert said["emails"] == [{"value": "bj@example.com", "type": "work"}]
    assert not {"password", "nickName", "roles"} & said.keys()
    assert own.get(f"/Users/{said['id']}").json() == said
    with reading(own):
        assert not User.objects.get(pk=said["id"]).has_usable_password()
    assert access.actor_for(uuid.UUID(said["id"]), tenant=own.studio.tenant).permissions == frozenset()


@pytest.mark.parametrize("missing", [{}, {"userName": ""}, {"userName": None}, {"userName": 5}, {"userName": "no address"}])
def test_a_person_without_a_name_or_an_address_is_refused(shared, missing):
    is_error(shared.post("/Users", missing), 400, "invalidValue")


@pytest.mark.parametrize(
    "said",
    [
        {"userName": "x" * 300 + "@example.com"}, {"emails": [{"value": "none"}]}, {"emails": {"value": 7}}, {"active": "maybe"},
        {"displayName": "x" * 121}, {"displayName": ["x"]}, {"displayName": "a\x00b"}, {"name": {"givenName": 5}},
        {"displayName": "\ud800"}, {"emails": [{"value": "x@removed.invalid"}]}, {"externalId": "x" * 256},
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_kept_is_refused(shared, said):
    is_error(shared.post("/Users", {"userName": f"{uuid.uuid4()}@example.com", **said}), 400, "invalidValue")


@pytest.mark.parametrize("sent", ["", "{", "[]", "5", '"x"', "[" * 5000])
def test_what_is_no_object_is_refused(shared, sent):
    from django.test import Client

    client = Client(headers={"Authorization": f"Bearer {shared.token}"})
    answer = client.post(f"/s/{shared.studio.slug}/scim/v2/Users", sent, content_type="application/scim+json")
    assert answer.status_code == 400
    assert answer.json()["schemas"] == [ERROR]


def test_what_is_too_large_is_refused(shared):
    is_error(shared.post("/Users", {"userName": "x" * (1024 * 1024)}), 413)


def test_json_is_taken_and_answered_too(own):
    from django.test import Client

    client = Client(headers={"Authorization": f"Bearer {own.token}", "Accept": "application/json"})
    made = client.post(f"/s/{own.studio.slug}/scim/v2/Users", '{"userName": "a@example.com"}', content_type="application/json")
    assert made.status_code == 201
    assert made["Content-Type"] == "application/json"
    refused = client.post(f"/s/{own.studio.slug}/scim/v2/Users", "a=b", content_type="application/x-www-form-urlencoded")
    assert refused.status_code == 415


@pytest.mark.parametrize("taken", [{"userName": "BOB@example.com"}, {"userName": "x", "emails": [{"value": "Bob@Example.com"}]}])
def test_a_name_or_an_address_is_given_once_in_any_case(own, taken):
    own.person("bob")
    is_error(own.post("/Users", taken), 409, "uniqueness")
    free = own.person("carol")
    is_error(own.ask("put", f"/Users/{free['id']}", taken), 409, "uniqueness")
    is_error(own.patch(f"/Users/{free['id']}", {"op": "replace", "value": taken}), 409, "uniqueness")
    assert own.get(f"/Users/{free['id']}").json() == free


def test_who_was_added_by_hand_is_found_by_her_address_and_taken_over(own):
    [found] = own.get('/Users?filter=userName eq "ALICE@example.com"').json()["Resources"]
    assert found["id"] == str(own.studio.people["alice"])
    own.patch(f"/Users/{found['id']}", {"op": "replace", "value": {"externalId": "00u1", "userName": "alice.a"}})
    assert own.names('?filter=externalId eq "00u1"') == ["alice.a"]
    assert own.names('?filter=userName eq "alice@example.com"') == []


def test_replacing_keeps_what_is_said_alone(own):
    made = own.person("bob", externalId="e1", name={"givenName": "Bob", "familyName": "Roe"})
    put = own.ask("put", f"/Users/{made['id']}", {"userName": "bob2", "emails": [{"value": "b2@example.com"}]}).json()
    assert {"externalId", "name"} & put.keys() == set()
    assert (put["userName"], put["displayName"], put["active"]) == ("bob2", "bob2", True)
    assert kinds(own, made["id"]) == ["person.added", "person.changed"]
    own.ask("put", f"/Users/{made['id']}", {"userName": "bob2", "emails": [{"value": "b2@example.com"}]})
    assert kinds(own, made["id"]) == ["person.added", "person.changed"]  # nothing changed: nothing to record


def test_who_is_suspended_stays_so_when_it_is_not_said(own):
    made = own.person("bob", active=False)
    assert own.ask("put", f"/Users/{made['id']}", {"userName": "bob@example.com"}).json()["active"] is False


def test_an_address_counts_as_verified_only_in_a_proved_domain(own):
    from django.utils import timezone

    with tenant_scope(own.studio.tenant):
        CapturedDomain.objects.create(domain="proved.example", challenge="x", proved=timezone.now())
        CapturedDomain.objects.create(domain="claimed.example", challenge="y")
    verified = {}
    for domain in ("proved.example", "claimed.example", "other.example"):
        made = own.post("/Users", {"userName": domain, "emails": [{"value": f"x@{domain}"}]}).json()
        with reading(own):
            verified[domain] = EmailAddress.objects.get(user_id=made["id"]).verified
    assert verified == {"proved.example": True, "claimed.example": False, "other.example": False}
    own.patch(f"/Users/{made['id']}", {"op": "replace", "path": "emails", "value": [{"value": "y@proved.example"}]})
    with reading(own):
        assert EmailAddress.objects.get(user_id=made["id"]).verified


def test_suspending_ends_sessions_and_tokens_and_restoring_brings_none_back(own):
    alice, browser = own.studio.people["alice"], Browser(own.studio.slug)
    assert browser.sign_in("alice").status_code == 200
    token = own.studio.token("alice")
    own.patch(f"/Users/{alice}", {"op": "replace", "path": "active", "value": False})
    assert browser.get("/api/v1/session").status_code == 401
    with reading(own):
        assert not Session.objects.filter(user_id=alice).exists()
        assert not ApiToken.objects.filter(user_id=alice, revoked=None).exists()
    assert browser.sign_in("alice").status_code != 200
    own.patch(f"/Users/{alice}", {"op": "replace", "path": "active", "value": True})
    assert Browser(own.studio.slug).sign_in("alice").status_code == 200
    assert browser.client.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert kinds(own, alice)[-3:] == ["person.changed", "person.suspended", "person.restored"]


@pytest.mark.parametrize("first", ["hand", "directory"])
def test_whom_an_admin_has_suspended_the_directory_does_not_let_in(own, first):
    owner, alice = own.studio.actor("tom", project=False), own.studio.people["alice"]
    where, turned_on = f"/Users/{alice}", {"op": "replace", "path": "active", "value": True}
    if first == "directory":
        own.patch(where, {"op": "replace", "path": "active", "value": False})
    access.suspend_person(owner, person=alice)
    answers = [
        own.patch(where, turned_on, {"op": "replace", "path": "displayName", "value": "Alice A."}),
        own.ask("put", where, {"userName": "alice@example.com", "displayName": "Alice A.", "active": True}),
        own.get(where),
    ]
    assert [(one.status_code, one.json()["active"], one.json()["displayName"]) for one in answers] == [(200, False, "Alice A.")] * 3
    with pytest.raises(Unauthenticated):
        access.actor_for(alice, tenant=own.studio.tenant)
    assert kinds(own, alice)[-2:] == ["person.suspended", "person.changed"]
    access.restore_person(owner, person=alice)
    assert own.get(where).json()["active"] is True
    own.patch(where, {"op": "replace", "path": "active", "value": False})
    assert own.patch(where, turned_on).json()["active"] is True  # what the directory does it may undo


def test_who_is_removed_is_gone_for_scim_and_stays_for_the_studio(own):
    made = own.person("bob", externalId="e1")
    own.group("Artists", made["id"])
    where = f"/Users/{made['id']}"
    assert own.ask("delete", where).status_code == 204
    for again in (own.get(where), own.ask("delete", where), own.ask("put", where, {"userName": "x@example.com"})):
        is_error(again, 404)
    is_error(own.patch(where, {"op": "replace", "path": "active", "value": True}), 404)
    assert "bob@example.com" not in own.names()
    assert own.names('?filter=externalId eq "e1"') == []
    assert own.get("/Groups").json()["Resources"][0].get("members") is None
    with reading(own):
        user = User.objects.get(pk=made["id"])
        assert (user.display_name, user.is_active) == ("Bob", False)
        assert not GroupMember.objects.filter(user=user).exists()
    # Whoever comes after her under the same name is somebody else.
    again = own.person("bob", externalId="e1")
    assert again["id"] != made["id"]
    assert kinds(own, made["id"])[-1] == "person.removed"


def test_provisioning_never_touches_who_holds_the_studio(own):
    from access.rules import Kind

    with tenant_scope(own.studio.tenant):
        User.objects.filter(pk=own.studio.people["lena"]).update(is_break_glass=True)
        for kind in (Kind.SERVICE, Kind.SUPPORT):
            User.objects.create(kind=kind.value, display_name=kind.value, pseudonym=f"p_{kind.value}")
        programs = list(User.objects.filter(kind__in=["service", "support"]).values_list("pk", flat=True))
    for person in (own.studio.people["tom"], own.studio.people["lena"], *programs):
        where = f"/Users/{person}"
        is_error(own.patch(where, {"op": "replace", "path": "active", "value": False}), 403)
        is_error(own.ask("put", where, {"userName": "x@example.com"}), 403)
        is_error(own.ask("delete", where), 403)
        if person not in programs:
            is_error(own.post("/Groups", {"displayName": str(person), "members": [{"value": str(person)}]}), 403)
    own.patch(f"/Users/{own.studio.people['tina']}", {"op": "replace", "path": "active", "value": False})
    with reading(own):
        gone = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    assert gone == {own.studio.people["tina"]}
    for program in programs:
        is_error(own.get(f"/Users/{program}"), 404)


def test_who_is_appointed_keeps_her_name_and_address_and_can_be_shut_out(own):
    """Whose address the directory says could be she by a link to a new password; a judge by a role of the studio's own too."""
    owner = own.studio.actor("tom", project=False)
    judging = access.RoleDraft(name="Judge", reach=Reach.STUDIO, permissions=frozenset({Permission.EXPORT_DECIDE}))
    access.grant(owner, person=own.studio.people["tina"], role=access.define_role(owner, draft=judging).pk)
    access.grant(owner, person=own.studio.people["lena"], role=Role.ADMIN)
    for who in ("olive", "tina", "lena"):
        where, mail = f"/Users/{own.studio.people[who]}", f"{who}@example.com"
        for path, value in (
            ("emails", [{"value": "evil@evil.example"}]), ("userName", "evil"), ("displayName", "Evil"), ("name.givenName", "Evil"),
        ):  # fmt: skip
            is_error(own.patch(where, {"op": "replace", "path": path, "value": value}), 403)
        is_error(own.ask("put", where, {"userName": "evil@evil.example"}), 403)
        whole = {"userName": mail, "displayName": who.title(), "externalId": f"e-{who}"}
        assert own.ask("put", where, whole).json()["externalId"] == f"e-{who}"
        shut = own.ask("put", where, {"userName": "evil@evil.example", "active": False}).json()
        assert (shut["active"], shut["userName"], shut["emails"][0]["value"]) == (False, mail, mail)
        restored = own.patch(where, {"op": "replace", "path": "active", "value": True}).json()
        assert (restored["active"], restored["emails"][0]["value"]) == (True, mail)
        with reading(own):
            assert EmailAddress.objects.get(user_id=own.studio.people[who]).email == mail
    free = f"/Users/{own.studio.people['alice']}"
    assert own.patch(free, {"op": "replace", "path": "emails", "value": [{"value": "a@example.com"}]}).status_code == 200


def test_provisioning_itself_is_nobody_in_scim(own):
    with reading(own):
        client = User.objects.get(kind="provisioning").pk
    for answer in (own.get(f"/Users/{client}"), own.ask("delete", f"/Users/{client}")):
        is_error(answer, 404)


def test_an_unchanged_version_is_not_sent_again_and_an_outdated_one_changes_nothing(own):
    made = own.person("bob")
    where, version = f"/Users/{made['id']}", made["meta"]["version"]
    known = own.get(where, **{"If-None-Match": version})
    assert (known.status_code, known.content) == (304, b"")
    changed = own.patch(where, {"op": "replace", "path": "displayName", "value": "B"}, **{"If-Match": version})
    assert changed.status_code == 200
    assert changed["ETag"] != version
    assert own.get(where, **{"If-None-Match": version}).status_code == 200
    stale = {"If-Match": version}
    is_error(own.patch(where, {"op": "replace", "path": "displayName", "value": "C"}, **stale), 412)
    is_error(own.ask("put", where, {"userName": "bob@example.com"}, **stale), 412)
    is_error(own.ask("delete", where, **stale), 412)
    assert own.get(where).json()["displayName"] == "B"
    assert own.ask("delete", where, **{"If-Match": changed["ETag"]}).status_code == 204
