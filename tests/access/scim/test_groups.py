"""Groups: kept by the directory, granted roles by an admin alone (RFC 7643, 4.2)."""

import uuid

import pytest

from access import services as access
from access.models import Group
from access.roles import Role
from governance.audit import services as audit
from kernel.scope import tenant_scope
from tests.access.scim.saying import is_error


def members(group):
    return {one["value"] for one in group.get("members", ())}


def kinds(own, group):
    with tenant_scope(own.studio.tenant, read_only=True):
        return [one.kind for one in reversed(audit.entries(audit.Filter(fact=("group", group))))]


def test_a_group_is_made_with_people_and_they_show_it(own):
    bob, carol = own.person("bob"), own.person("carol")
    group = own.group("Artists", bob["id"], carol["id"], externalId="g1")
    assert members(group) == {bob["id"], carol["id"]}
    [shown] = own.get(f"/Users/{bob['id']}").json()["groups"]
    assert shown == {"value": group["id"], "$ref": group["meta"]["location"], "display": "Artists", "type": "direct"}
    assert own.get(f"/Users/{bob['id']}").json()["meta"]["version"] != bob["meta"]["version"]
    assert own.get(f"/Groups/{group['id']}?excludedAttributes=members").json().keys() == group.keys() - {"members"}
    assert kinds(own, group["id"]) == ["group.created", "group.member_added", "group.member_added"]


def test_a_group_gives_no_role_until_an_admin_grants_one(own):
    bob = own.person("bob")
    group = own.group("Artists", bob["id"])
    person = uuid.UUID(bob["id"])
    assert access.actor_for(person, tenant=own.studio.tenant).permissions == frozenset()
    tom = own.studio.actor("tom", project=False)
    access.grant_to(tom, to=access.To(group=uuid.UUID(group["id"])), post=access.Post(Role.ARTIST, own.studio.project))
    actor = access.actor_for(person, tenant=own.studio.tenant, project=own.studio.project)
    assert actor.may(access.Permission.GENERATION_CREATE)
    own.patch(f"/Groups/{group['id']}", {"op": "remove", "path": f'members[value eq "{bob["id"]}"]'})
    with pytest.raises(access_errors()):
        access.actor_for(person, tenant=own.studio.tenant, project=own.studio.project)


def access_errors():
    from kernel.errors import NotFound

    return NotFound


def test_a_name_is_given_once_in_any_case(own):
    group = own.group("Artists")
    is_error(own.post("/Groups", {"displayName": "ARTISTS"}), 409, "uniqueness")
    other = own.group("Trainers")
    is_error(own.patch(f"/Groups/{other['id']}", {"op": "replace", "value": {"displayName": "artists"}}), 409, "uniqueness")
    assert own.ask("put", f"/Groups/{group['id']}", {"displayName": "ARTISTS"}).status_code == 200


def test_a_group_kept_by_hand_is_none_of_the_directory(own):
    with tenant_scope(own.studio.tenant):
        hand = Group.objects.create(name="By hand")
    for answer in (
        own.get(f"/Groups/{hand.pk}"), own.ask("delete", f"/Groups/{hand.pk}"),
        own.ask("put", f"/Groups/{hand.pk}", {"displayName": "x"}),
    ):  # fmt: skip
        is_error(answer, 404)
    assert own.get("/Groups").json()["totalResults"] == 0
    is_error(own.post("/Groups", {"displayName": "by hand"}), 409, "uniqueness")


@pytest.mark.parametrize(
    "member", [{"value": "none"}, {"value": str(uuid.uuid4())}, {}, 5, None, {"value": str(uuid.uuid4()), "type": "Group"}, []]
)
def test_what_is_no_person_is_no_member(shared, member):
    is_error(shared.post("/Groups", {"displayName": str(uuid.uuid4()), "members": [member]}), 400, "invalidValue")


@pytest.mark.parametrize("said", [{}, {"displayName": ""}, {"displayName": "x" * 121}, {"displayName": 5}])
def test_a_group_needs_a_name(shared, said):
    is_error(shared.post("/Groups", said), 400, "invalidValue")


def test_replacing_a_group_replaces_its_members(own):
    bob, carol = own.person("bob"), own.person("carol")
    group = own.group("Artists", bob["id"])
    put = own.ask("put", f"/Groups/{group['id']}", {"displayName": "Painters", "members": [{"value": carol["id"]}]})
    assert members(put.json()) == {carol["id"]}
    assert kinds(own, group["id"])[-3:] == ["group.changed", "group.member_removed", "group.member_added"]
    with tenant_scope(own.studio.tenant, read_only=True):
        told = {one.kind: one.commits for one in audit.entries(audit.Filter(fact=("group", group["id"])))}
    assert told["group.changed"]["before"] == told["group.created"]["name"] != told["group.changed"]["after"]


def test_a_removed_group_is_gone_with_what_it_was_granted(own):
    bob = own.person("bob")
    group = own.group("Artists", bob["id"])
    tom = own.studio.actor("tom", project=False)
    access.grant_to(tom, to=access.To(group=uuid.UUID(group["id"])), post=access.Post(Role.ARTIST, own.studio.project))
    is_error(own.ask("delete", f"/Groups/{group['id']}", **{"If-Match": 'W/"old"'}), 412)
    assert own.ask("delete", f"/Groups/{group['id']}").status_code == 204
    is_error(own.get(f"/Groups/{group['id']}"), 404)
    with pytest.raises(access_errors()):
        access.actor_for(uuid.UUID(bob["id"]), tenant=own.studio.tenant, project=own.studio.project)
    assert "groups" not in own.get(f"/Users/{bob['id']}").json()
    assert kinds(own, group["id"])[-1] == "group.removed"


def limits_after_removal(own, *besides):
    """Let a group alone be limited, and the rest, and remove it; return the project's rows and who may use what then."""
    alice = own.studio.people["alice"]
    tom, group = own.studio.actor("tom"), own.group("Artists", own.person("bob")["id"])
    for to in (access.To(group=uuid.UUID(group["id"])), *besides):
        access.set_allowance(tom, to=to, limits=access.Limits(pictures_a_day=50))
    assert own.ask("delete", f"/Groups/{group['id']}").status_code == 204
    with tom.reading():
        rows = {(row.user_id, row.group_id): row.pictures_a_day for row in access.allowances(tom)}
    actor = own.studio.actor("alice")
    with actor.reading():
        verdict = access.allowed(actor, access.Use(access.Feature.TEXT_TO_IMAGE, uuid.uuid4(), pictures=1))
    with tenant_scope(own.studio.tenant, read_only=True):
        told = [one for one in audit.entries(audit.Filter(project=own.studio.project)) if one.kind.startswith("allowance.")]
    return alice, group["id"], rows, verdict, told


def test_a_project_that_a_removed_groups_limits_alone_held_stays_closed(own):
    _, group, rows, verdict, told = limits_after_removal(own)
    assert rows == {(None, None): 0}
    assert not verdict.allowed
    closed, removed = told[:2]
    assert (removed.kind, removed.facts["group"], removed.facts["after"]) == ("allowance.removed", group, None)
    assert removed.facts["before"]["pictures_a_day"] == 50
    assert (closed.kind, closed.facts["before"], closed.facts["after"]["features"]) == ("allowance.changed", None, [])
    assert {one.actor for one in (closed, removed)} == {told[0].actor}
    assert told[2].actor != told[0].actor


def test_a_project_that_has_other_limits_keeps_just_these(own):
    alice, group, rows, verdict, told = limits_after_removal(own, access.To(person=own.studio.people["alice"]))
    assert rows == {(alice, None): 50}
    assert verdict.allowed
    assert (told[0].kind, told[0].facts["group"]) == ("allowance.removed", group)
    tina = own.studio.actor("tina")
    with tina.reading():
        assert access.limits(tina) is None
