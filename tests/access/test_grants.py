"""Grants as a list: read by who reads members, given and taken one by one, ended by their date and swept with an entry."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from access import services as access
from access.models import Grant
from access.roles import Permission, Reach, Role
from access.services import Post, RoleDraft, To
from dispatch import services as dispatch
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.scope import tenant_scope
from tests.access.joining import call, entries_of, join, pseudonym_of, rights
from tests.factories.studio import found

P = Permission


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Grants")
    join(made, "adam", Role.ADMIN)
    join(made, "gina")
    return made


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


@pytest.fixture
def admin(own):
    return own.actor("adam", project=False)


def listed(studio, who, query=""):
    answer = call(studio, who, "get", f"/api/v1/grants{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def only_grant(studio, **of):
    with tenant_scope(studio.tenant, read_only=True):
        return Grant.objects.get(**of)


def end(studio, **of):
    with tenant_scope(studio.tenant):
        assert Grant.objects.filter(**of).update(expires=timezone.now() - timedelta(seconds=1))


def test_a_grant_is_given_shown_and_taken(own):
    gina, until = str(own.people["gina"]), (timezone.now() + timedelta(days=3)).isoformat()
    body = {"person": gina, "role": "artist", "project": str(own.project), "expires": until}
    made = call(own, "adam", "post", "/api/v1/grants", body)
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["person"], shown["role"], shown["name"], shown["origin"]) == (gina, "artist", "Gina", "hand")
    assert shown["granted_by"] == str(own.people["adam"])
    again = call(own, "adam", "post", "/api/v1/grants", body).json()
    assert again == shown
    assert call(own, "adam", "post", "/api/v1/grants", body | {"expires": None}).json()["expires"] is None
    told = [one.facts for one in entries_of(own, "role.granted") if one.facts["person"] == pseudonym_of(own, gina)]
    fresh, moved = sorted(told, key=lambda facts: "before" in facts)
    assert datetime.fromisoformat(fresh["expires"]) == datetime.fromisoformat(until)
    assert (moved["before"], moved["expires"]) == ({"expires": fresh["expires"]}, None)
    assert [one["id"] for one in listed(own, "olive", f"?person={gina}")] == [shown["id"]]
    assert P.GENERATION_CREATE in rights(own, own.people["gina"], own.project)
    assert call(own, "adam", "delete", f"/api/v1/grants/{shown['id']}").status_code == 204
    assert call(own, "adam", "delete", f"/api/v1/grants/{shown['id']}").status_code == 404
    with pytest.raises(NotFound):
        rights(own, own.people["gina"], own.project)
    assert entries_of(own, "role.revoked")[0].facts == {"person": pseudonym_of(own, gina), "role": "artist"}


def test_a_group_and_a_role_of_the_studios_own_are_granted_too(own, admin):
    group = access.make_group(admin, name="Group").pk
    role = access.define_role(
        admin, draft=RoleDraft(name="Looker", reach=Reach.PROJECT, permissions=frozenset({P.PROJECT_READ}))
    ).pk
    made = call(own, "adam", "post", "/api/v1/grants", {"group": str(group), "custom": str(role), "project": str(own.project)})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["group"], shown["name"], shown["role"], shown["custom"], shown["custom_name"]) == (
        str(group), "Group", "", str(role), "Looker",
    )  # fmt: skip
    for query in (f"?group={group}", f"?custom={role}"):
        assert [one["id"] for one in listed(own, "olive", query)] == [shown["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {"role": "artist"},
        {"person": str(uuid.uuid4()), "group": str(uuid.uuid4()), "role": "artist"},
        {"person": str(uuid.uuid4())},
        {"person": str(uuid.uuid4()), "role": "artist", "custom": str(uuid.uuid4())},
        {"person": str(uuid.uuid4()), "role": "king"},
        {"person": str(uuid.uuid4()), "role": "system"},
        {"person": "gina", "role": "artist"},
    ],
)
def test_one_holder_and_one_role_are_named(own, body):
    assert call(own, "adam", "post", "/api/v1/grants", body).status_code == 400


def test_the_list_is_narrowed(own, owner):
    alice, other = own.people["alice"], access.create_project(owner, name="Owl film").pk
    soon = timezone.now() + timedelta(days=1)
    access.grant(owner, person=alice, role=Role.VIEWER, project=other, expires=soon)
    everything = listed(own, "tom", "?limit=200")
    assert {one["role"] for one in listed(own, "tom", f"?person={alice}")} == {"artist", "viewer"}
    assert {one["project"] for one in listed(own, "tom", f"?project={other}")} == {str(other)}
    assert {one["role"] for one in listed(own, "tom", "?role=owner")} == {"owner"}
    by = (timezone.now() + timedelta(days=2)).isoformat().replace("+", "%2B")
    expiring = listed(own, "tom", f"?expiring={by}")
    assert {one["role"] for one in expiring if one["person"] == str(alice)} == {"viewer"}
    assert 0 < len(expiring) < len(everything)
    assert call(own, "tom", "get", "/api/v1/grants?colour=red").status_code == 400
    assert listed(own, "tom", "?after=2100-01-01T00:00:00Z") == []


@pytest.mark.parametrize("who", ["alice", "tina", "lena"])
def test_who_reads_no_members_sees_no_grants(own, who):
    assert call(own, who, "get", "/api/v1/grants").status_code == 403
    assert listed(own, "olive")


def test_a_lead_sees_the_grants_of_her_project_alone(own, owner, elsewhere):
    other = access.create_project(owner, name="Elk film").pk
    access.grant(owner, person=own.people["tina"], role=Role.TRAINER, project=other)
    shown = call(own, "lena", "get", f"/api/v1/projects/{own.project}/grants").json()["results"]
    assert {one["project"] for one in shown} == {str(own.project)}
    assert {"artist", "trainer", "lead"} <= {one["role"] for one in shown}
    narrowed = call(own, "lena", "get", f"/api/v1/projects/{own.project}/grants?role=lead").json()["results"]
    assert [one["person"] for one in narrowed] == [str(own.people["lena"])]
    assert call(own, "lena", "get", f"/api/v1/projects/{other}/grants").status_code == 404
    assert call(own, "lena", "get", f"/api/v1/projects/{elsewhere.project}/grants").status_code == 404
    for who in ("alice", "tina"):
        assert call(own, who, "get", f"/api/v1/projects/{own.project}/grants").status_code == 403


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_gives_or_takes(own, owner, who):
    person = {"person": str(own.people["gina"]), "role": "viewer", "project": str(own.project)}
    access.grant(owner, person=own.people["gina"], role=Role.VIEWER, project=own.project)
    grant = only_grant(own, user_id=own.people["gina"], role="viewer")
    assert call(own, who, "post", "/api/v1/grants", person).status_code == 403
    assert call(own, who, "delete", f"/api/v1/grants/{grant.pk}").status_code == 403
    assert call(own, "adam", "delete", f"/api/v1/grants/{grant.pk}").status_code == 204


def test_an_admin_takes_no_owners_grant_and_the_last_owner_stays(own, owner, admin):
    grant = only_grant(own, user_id=own.people["tom"], role="owner").pk
    with pytest.raises(Forbidden):
        access.take_grant(admin, grant=grant)
    with pytest.raises(Conflict) as refused:
        access.take_grant(owner, grant=grant)
    assert refused.value.code == "role.last_owner"


def test_a_deed_asks_for_a_fresh_second_factor(own):
    tired = access.actor_for(own.people["adam"], tenant=own.tenant)
    with pytest.raises(Forbidden) as refused:
        access.take_grant(tired, grant=uuid.uuid4())
    assert refused.value.code == "step_up.needed"


def test_another_studios_grant_is_none(own, elsewhere):
    theirs = only_grant(elsewhere, user_id=elsewhere.people["alice"]).pk
    assert call(own, "tom", "delete", f"/api/v1/grants/{theirs}").status_code == 404
    assert call(elsewhere, "tom", "get", "/api/v1/grants").json()["results"]
    assert only_grant(elsewhere, pk=theirs)


def standing(tenant):
    for _ in range(200):
        claim = dispatch.claim(worker="sweeper", kinds=["housekeeping"])
        if claim is None or claim.tenant == tenant:
            return claim
    return None


def test_an_ended_grant_counts_no_more_and_is_swept_with_an_entry(keeper, as_login):
    mine, theirs = found("Swept"), found("Unswept")
    for studio in (mine, theirs):
        owner = studio.actor("tom", project=False)
        group = access.make_group(owner, name="Passing").pk
        soon = timezone.now() + timedelta(hours=1)
        access.grant(owner, person=studio.people["alice"], role=Role.VIEWER, project=studio.project, expires=soon)
        access.grant_to(owner, to=To(group=group), post=Post(Role.VIEWER, studio.project), expires=soon)
        access.grant(owner, person=studio.people["tina"], role=Role.VIEWER, project=studio.project, expires=soon)
        end(studio, user_id=studio.people["alice"], role="artist")
        end(studio, user_id=studio.people["alice"], role="viewer")
        end(studio, group_id=group)
        with pytest.raises(NotFound):
            rights(studio, studio.people["alice"], studio.project)
        assert not [one for one in listed(studio, "tom") if one["person"] == str(studio.people["alice"])]
    with as_login("worker"):
        claim = standing(mine.tenant)
        system = access.system_actor(mine.tenant, claim.lease)
        assert access.sweep_grants(system) == 3
        assert access.sweep_grants(system) == 0
    told = entries_of(mine, "role.expired")
    assert sorted((one.actor, one.facts["role"], "person" in one.facts) for one in told) == [
        ("system", "artist", True), ("system", "viewer", False), ("system", "viewer", True),
    ]  # fmt: skip
    assert {one.facts.get("person") for one in told} == {None, pseudonym_of(mine, mine.people["alice"])}
    assert entries_of(theirs, "role.expired") == []
    assert P.PROJECT_READ in rights(mine, mine.people["tina"], mine.project)


def test_the_worker_gives_and_prolongs_nothing(own, as_login):
    from django.db import ProgrammingError

    with as_login("worker"):
        for attempt in (
            lambda: Grant.objects.create(user_id=own.people["gina"], role="owner"),
            lambda: Grant.objects.update(expires=None),
        ):
            with pytest.raises(ProgrammingError), tenant_scope(own.tenant):
                attempt()
