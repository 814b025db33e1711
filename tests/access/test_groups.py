"""Groups: who keeps them, what a member gets and loses, and what a group never brings together."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from access import services as access
from access.models import Grant, Group, GroupMember
from access.roles import Permission, Reach, Role
from access.sealed import open_secret
from access.services import Post, RoleDraft, To
from kernel import canonical
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.joining import call, entries_of, join, pseudonym_of, rights
from tests.factories.studio import found

P = Permission
KINDS = ("group.created", "group.changed")


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Groups")
    join(made, "adam", Role.ADMIN)
    join(made, "gina")
    return made


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


@pytest.fixture
def admin(own):
    return own.actor("adam", project=False)


@pytest.fixture
def group(admin, request):
    return access.make_group(admin, name=f"Group of {request.node.name}").pk


def artists(actor, own, group, role=Role.ARTIST):
    access.grant_to(actor, to=To(group=group), post=Post(role, own.project))


def test_a_member_gets_what_the_group_holds_and_loses_it_with_it(own, admin, group):
    gina = own.people["gina"]
    artists(admin, own, group)
    access.add_member(admin, group=group, person=gina)
    access.add_member(admin, group=group, person=gina)
    assert P.GENERATION_CREATE in rights(own, gina, own.project)
    access.remove_member(admin, group=group, person=gina)
    access.remove_member(admin, group=group, person=gina)
    with pytest.raises(NotFound):
        rights(own, gina, own.project)
    named = {"group": str(group), "person": pseudonym_of(own, gina)}
    assert [one.facts for one in entries_of(own, "group.member_added")][:1] == [named]
    assert [one.facts for one in entries_of(own, "group.member_removed")][:1] == [named]
    assert len([one for one in entries_of(own, "group.member_added") if one.facts == named]) == 1


def test_a_removed_group_takes_its_grants_along(own, admin, group):
    gina = own.people["gina"]
    artists(admin, own, group)
    access.add_member(admin, group=group, person=gina)
    access.remove_group(admin, group=group)
    with pytest.raises(NotFound):
        rights(own, gina, own.project)
    assert entries_of(own, "role.revoked")[0].facts == {"group": str(group), "role": "artist"}
    assert entries_of(own, "group.removed")[0].facts == {"group": str(group), "members": 1}
    with tenant_scope(own.tenant, read_only=True):
        assert not Grant.objects.filter(group_id=group).exists()
        assert not GroupMember.objects.filter(group_id=group).exists()


def test_the_ledger_does_not_say_what_a_group_is_called(own, admin):
    group = access.make_group(admin, name="Layoff candidates").pk
    access.rename_group(admin, group=group, name="Layoffs")
    told = json.dumps([one.facts for kind in KINDS for one in entries_of(own, kind)])
    assert str(group) in told
    assert "ayoff" not in told


def test_the_ledger_commits_to_the_names_before_and_after(own, admin):
    group = access.make_group(admin, name="Layoff candidates again").pk
    access.rename_group(admin, group=group, name="Layoffs again")
    with tenant_scope(own.tenant, read_only=True):
        kept = Group.objects.get(pk=group)
    (made,), (changed,) = ([one for one in entries_of(own, kind) if one.facts["group"] == str(group)] for kind in KINDS)
    opening = bytes.fromhex(open_secret(kept.name_opening, tenant=own.tenant))
    after = canonical.commitment("name", tenant=own.tenant, value=b"Layoffs again", opening=opening)
    assert changed.commits == {"before": made.commits["name"], "after": after}
    assert made.commits["name"] != after


def test_a_name_is_given_once(own, admin, group):
    access.make_group(admin, name="Fox team")
    with pytest.raises(Conflict):
        access.make_group(admin, name="Fox team")
    with pytest.raises(Conflict):
        access.rename_group(admin, group=group, name="Fox team")
    with pytest.raises(InvalidInput):
        access.make_group(admin, name=" ")


@pytest.mark.parametrize(
    ("held", "wanted"),
    [(Role.OFFICER, P.ASSET_WITHDRAW), (Role.OFFICER, P.EXPORT_REQUEST)],
)
def test_joining_never_brings_duties_together(own, owner, group, held, wanted):
    """An officer reads what was withheld; in a group of leads she could remove it, or decide on her own export."""
    del held
    role = access.define_role(
        owner, draft=RoleDraft(name=f"With {wanted}", reach=Reach.PROJECT, permissions=frozenset({wanted, P.PROJECT_READ}))
    ).pk
    access.grant_to(owner, to=To(group=group), post=Post(role, own.project))
    with pytest.raises(Conflict) as refused:
        access.add_member(owner, group=group, person=own.people["olive"])
    assert refused.value.code == "grant.duties_meet"
    assert wanted in {refused.value.facts["first"], refused.value.facts["second"]}
    access.add_member(owner, group=group, person=own.people["gina"])
    access.remove_member(owner, group=group, person=own.people["gina"])


def test_joining_looks_at_each_project_for_itself(own, owner, group):
    """Who decides in one film may be in a group that asks in another; a group of the whole studio reaches both."""
    other = access.create_project(owner, name="Owl film").pk
    judge = access.define_role(
        owner, draft=RoleDraft(name="Judge", reach=Reach.PROJECT, permissions=frozenset({P.EXPORT_DECIDE}))
    ).pk
    asks = access.define_role(
        owner, draft=RoleDraft(name="Asks", reach=Reach.PROJECT, permissions=frozenset({P.EXPORT_REQUEST}))
    ).pk
    everywhere = access.define_role(
        owner, draft=RoleDraft(name="Asks everywhere", reach=Reach.STUDIO, permissions=frozenset({P.EXPORT_REQUEST}))
    ).pk
    join(own, "judy", judge, project=other)
    access.grant_to(owner, to=To(group=group), post=Post(asks, own.project))
    access.add_member(owner, group=group, person=own.people["judy"])
    access.remove_member(owner, group=group, person=own.people["judy"])
    access.grant_to(owner, to=To(group=group), post=Post(everywhere, None))
    with pytest.raises(Conflict):
        access.add_member(owner, group=group, person=own.people["judy"])


def test_an_admin_lets_nobody_into_a_group_that_is_mightier_than_he(own, owner, admin, group):
    role = access.define_role(
        owner, draft=RoleDraft(name="Policy maker", reach=Reach.STUDIO, permissions=frozenset({P.POLICY_CHANGE}))
    ).pk
    with tenant_scope(own.tenant):  # granted before groups could no more hold it
        Grant.objects.create(group_id=group, custom_id=role)
    for deed in (access.add_member, access.remove_member):
        with pytest.raises(Forbidden):
            deed(admin, group=group, person=own.people["gina"])
        deed(owner, group=group, person=own.people["gina"])


def test_nobody_joins_by_himself(own, owner, admin, group):
    artists(admin, own, group)
    with pytest.raises(Forbidden) as refused:
        access.add_member(admin, group=group, person=own.people["adam"])
    assert refused.value.code == "grant.to_oneself"
    access.add_member(owner, group=group, person=own.people["adam"])


def test_nobody_gives_a_role_to_a_group_that_he_is_in(own, owner, admin, group):
    access.add_member(owner, group=group, person=own.people["adam"])
    with pytest.raises(Forbidden) as refused:
        artists(admin, own, group)
    assert refused.value.code == "grant.to_oneself"
    artists(owner, own, group)


def test_what_provisioning_keeps_nobody_changes_by_hand(own, admin):
    with tenant_scope(own.tenant):
        group = Group.objects.create(name="From outside", external_id="x", is_provisioned=True).pk
    for deed in (
        lambda: access.rename_group(admin, group=group, name="Mine"),
        lambda: access.remove_group(admin, group=group),
        lambda: access.add_member(admin, group=group, person=own.people["gina"]),
        lambda: access.remove_member(admin, group=group, person=own.people["gina"]),
    ):
        with pytest.raises(Conflict) as refused:
            deed()
        assert refused.value.code == "group.provisioned"
    artists(admin, own, group)  # what it holds is still granted by hand


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_keeps_groups(own, admin, group, who):
    actor = own.actor(who)
    for deed in (
        lambda by: access.make_group(by, name=f"By {by.person}"),
        lambda by: access.rename_group(by, group=group, name=f"Now {by.person}"),
        lambda by: access.add_member(by, group=group, person=own.people["gina"]),
        lambda by: access.remove_member(by, group=group, person=own.people["gina"]),
        lambda by: access.remove_group(by, group=group),
    ):
        with pytest.raises(Forbidden):
            deed(actor)
    access.remove_group(admin, group=group)


def test_a_deed_asks_for_a_fresh_second_factor(own, group):
    tired = access.actor_for(own.people["adam"], tenant=own.tenant)
    with pytest.raises(Forbidden) as refused:
        access.add_member(tired, group=group, person=own.people["gina"])
    assert refused.value.code == "step_up.needed"


def test_another_studios_group_or_person_is_none(own, owner, group, elsewhere):
    theirs = access.make_group(elsewhere.actor("tom", project=False), name="Theirs").pk
    for where, who in ((theirs, own.people["gina"]), (group, elsewhere.people["alice"])):
        with pytest.raises(NotFound):
            access.add_member(owner, group=where, person=who)
    with pytest.raises(NotFound):
        access.remove_group(owner, group=theirs)


def test_a_groups_roles_may_end(own, admin, group):
    gina, soon = own.people["gina"], timezone.now() + timedelta(hours=1)
    access.grant_to(admin, to=To(group=group), post=Post(Role.ARTIST, own.project), expires=soon)
    access.add_member(admin, group=group, person=gina)
    assert P.GENERATION_CREATE in rights(own, gina, own.project)
    with tenant_scope(own.tenant):
        Grant.objects.filter(group_id=group).update(expires=timezone.now())
    with pytest.raises(NotFound):
        rights(own, gina, own.project)


def test_over_http_a_group_is_made_filled_and_removed(own, group):
    made = call(own, "adam", "post", "/api/v1/groups", {"name": "Made over HTTP"})
    assert made.status_code == 201
    where = f"/api/v1/groups/{made.json()['id']}"
    person = {"person": str(own.people["gina"])}
    assert call(own, "adam", "post", f"{where}/members", person).status_code == 204
    assert call(own, "olive", "get", where).json()["members"] == 1
    listed = call(own, "olive", "get", f"{where}/members?name=gin").json()["results"]
    assert [one["person"] for one in listed] == [person["person"]]
    assert call(own, "olive", "get", f"{where}/members?name=zzz").json()["results"] == []
    found_ = call(own, "olive", "get", "/api/v1/groups?name=over%20http&provisioned=false").json()["results"]
    assert [(one["name"], one["members"]) for one in found_] == [("Made over HTTP", 1)]
    assert call(own, "adam", "patch", where, {"name": "Renamed"}).json()["name"] == "Renamed"
    for who in ("alice", "lena"):
        assert call(own, who, "get", where).status_code == 403
        assert call(own, who, "get", "/api/v1/groups").status_code == 403
        assert call(own, who, "get", f"{where}/members").status_code == 403
    for who in ("alice", "lena", "olive"):
        assert call(own, who, "post", "/api/v1/groups", {"name": "x"}).status_code == 403
        assert call(own, who, "post", f"{where}/members", person).status_code == 403
        assert call(own, who, "delete", f"{where}/members/{person['person']}").status_code == 403
        assert call(own, who, "patch", where, {"name": "x"}).status_code == 403
        assert call(own, who, "delete", where).status_code == 403
    assert call(own, "adam", "delete", f"{where}/members/{person['person']}").status_code == 204
    assert call(own, "adam", "delete", where).status_code == 204
    assert call(own, "adam", "get", where).status_code == 404
