"""Why somebody may or may not: the answer is what the rights are, and names the grants that decide."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access import services as access
from access.explaining import Asked, Carrying, Why, explain, is_live
from access.models import Grant, Group, GroupMember, Held, User, rights
from access.roles import OF_THE_PLATFORM, REACH, ROLE_PERMISSIONS, SEPARATED, Permission, Reach, Role, by_token
from access.rules import Kind
from access.services import Post, RoleDraft, To
from kernel.errors import Forbidden, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from tests.access.joining import call, join
from tests.factories.studio import found

P = Permission
NOW = datetime(2030, 1, 1, tzinfo=UTC)
HERE, THERE = uuid.UUID(int=1), uuid.UUID(int=2)
SETS = st.frozensets(st.sampled_from(list(P)))


@st.composite
def grants(draw):
    role = draw(st.sampled_from([*Role, None]))
    return Held(
        grant=uuid.uuid4(), role=role, custom="" if role else "Own",
        permissions=ROLE_PERMISSIONS[role] if role else draw(SETS), project=draw(st.sampled_from([None, HERE, THERE])),
        group=draw(st.sampled_from(["", "Group"])),
        expires=draw(st.sampled_from([None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])),
    )  # fmt: skip


def asked(permission, **more):
    given_ = {"project": HERE, "is_there": True, "kind": Kind.PERSON, "is_active": True}
    return Asked(permission=permission, **(given_ | more))


@given(
    held=st.lists(grants(), max_size=6), permission=st.sampled_from(list(P)), project=st.sampled_from([None, HERE]),
    kind=st.sampled_from([Kind.PERSON, Kind.SERVICE]), is_active=st.booleans(), scope=st.none() | SETS, is_bound=st.booleans(),
)  # fmt: skip
def test_the_answer_is_what_the_rights_are(held, permission, project, kind, is_active, scope, is_bound):
    living = [one for one in held if is_live(one, NOW)]
    is_here = project is None or any(one.project in {None, project} for one in living)
    may = rights(living, place=project, kind=kind) if is_active and is_here else frozenset()
    token = None
    if scope is not None:
        token = Carrying(scope, project if is_bound else None)
        may = by_token(may, scope=scope, is_bound=token.project is not None)
    told = explain(asked(permission, project=project, kind=kind, is_active=is_active, token=token), ever_held=held, now=NOW)
    assert told.allowed == (permission in may)
    assert told.allowed == (told.why is Why.GRANTED)
    assert all(permission in one.permissions and one in living for one in told.gives)
    assert all(permission in one.permissions and one not in living for one in told.ended)
    assert told.gives or not told.allowed
    assert not (told.allowed and told.voided_by)


@pytest.mark.parametrize(("first", "second"), SEPARATED)
def test_what_voids_it_is_named_with_its_role(first, second):
    one = Held(uuid.uuid4(), None, "Asks", frozenset({first}), HERE, "", None)
    other = Held(uuid.uuid4(), None, "Decides", frozenset({second}), None, "", None)
    told = explain(asked(second), ever_held=[one, other], now=NOW)
    assert (told.why, told.gives) == (Why.SEPARATED, (other,))
    assert [(void.permission, void.held) for void in told.voided_by] == [(first, (one,))]
    assert explain(asked(first), ever_held=[one, other], now=NOW).allowed


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Explained")
    join(made, "adam", Role.ADMIN)
    join(made, "gina")
    return made


def ask(studio, who, permission, person=None, project=None):
    query = f"?permission={permission}" + (f"&person={person}" if person else "") + (f"&project={project}" if project else "")
    return call(studio, who, "get", f"/api/v1/access/explain{query}")


PLACED = [(role, where) for role in Role for where in (True, False) if REACH[role] is (Reach.PROJECT if where else Reach.STUDIO)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(
        st.tuples(st.sampled_from(PLACED), st.booleans(), st.sampled_from([None, 1, -1])), max_size=5, unique_by=lambda one: one[:2]
    ),
    is_active=st.booleans(),
)
def test_the_answer_is_what_an_actor_may(own, held, is_active):
    """The same over real rows: what the service says of random grants is what an Actor of that person may."""
    name = uuid.uuid4().hex
    with tenant_scope(own.tenant):
        person = User.objects.create(
            email=f"{name}@example.com", display_name=name, pseudonym=f"p_{name[:16]}", is_active=is_active
        )
        group = Group.objects.create(name=name)
        GroupMember.objects.create(group=group, user=person)
        for (role, is_placed), by_group, days in held:
            ends = timezone.now() + timedelta(days=days or 9) if days is not None or role.value.startswith("guest") else None
            Grant.objects.create(
                user=None if by_group else person, group=group if by_group else None, role=role.value, expires=ends,
                project_id=own.project if is_placed else None,
            )  # fmt: skip
    olive = own.actor("olive", project=False)
    for project in (None, own.project):
        try:
            may = access.actor_for(person.pk, tenant=own.tenant, project=project).permissions
        except (Unauthenticated, NotFound):
            may = frozenset()
        with olive.reading():
            told = {one for one in P if access.explain(olive, person=person.pk, permission=one, project=project).allowed}
        assert told == may


def test_role_grant_group_and_end_are_named(own):
    owner, gina = own.actor("tom", project=False), own.people["gina"]
    group, until = access.make_group(owner, name="Explained group").pk, timezone.now() + timedelta(days=2)
    access.add_member(owner, group=group, person=gina)
    by_group = access.grant_to(owner, to=To(group=group), post=Post(Role.ARTIST, own.project), expires=until)
    direct = access.grant_to(owner, to=To(person=gina), post=Post(Role.VIEWER, own.project))
    told = ask(own, "olive", "asset.read", gina, own.project).json()
    assert (told["allowed"], told["why"], told["step_up"]) == (True, "granted", False)
    assert [(one["grant"], one["role"], one["group"], one["project"]) for one in told["gives"]] == [
        (str(by_group.pk), "artist", "Explained group", str(own.project)), (str(direct.pk), "viewer", "", str(own.project)),
    ]  # fmt: skip
    assert told["gives"][0]["until"] is not None
    with tenant_scope(own.tenant):
        Grant.objects.filter(pk=by_group.pk).update(expires=timezone.now())
    ended = ask(own, "olive", "generation.create", gina, own.project).json()
    assert (ended["allowed"], ended["why"]) == (False, "ended")
    assert [one["grant"] for one in ended["ended"]] == [str(by_group.pk)]


def test_what_never_meets_is_explained(own):
    owner = own.actor("tom", project=False)
    role = access.define_role(owner, draft=RoleDraft("Judge", Reach.STUDIO, frozenset({P.EXPORT_DECIDE}))).pk
    with tenant_scope(own.tenant):  # as a provider's groups may bring it about
        Grant.objects.create(user_id=own.people["lena"], custom_id=role, source="provider")
    told = ask(own, "olive", "export.decide", own.people["lena"], own.project).json()
    assert (told["allowed"], told["why"]) == (False, "separated")
    assert [(void["permission"], [one["role"] for one in void["grants"]]) for void in told["voided_by"]] == [
        ("export.request", ["lead"])
    ]  # fmt: skip
    assert ask(own, "olive", "export.request", own.people["lena"], own.project).json()["allowed"]


def test_a_suspended_person_may_nothing(own):
    gone = join(own, "gone", Role.ARTIST, project=own.project)
    assert ask(own, "olive", "asset.read", gone, own.project).json()["allowed"]
    with tenant_scope(own.tenant):
        User.objects.filter(pk=gone).update(is_active=False)
    told = ask(own, "olive", "asset.read", gone, own.project).json()
    assert (told["allowed"], told["why"]) == (False, "suspended")
    assert [one["role"] for one in told["gives"]] == ["artist"]


def test_everybody_asks_about_himself_by_a_token_as_far_as_it_carries(own):
    assert ask(own, "alice", "generation.create", project=own.project).json()["allowed"]
    assert ask(own, "alice", "generation.create").json()["why"] == "not_granted"
    assert ask(own, "alice", "token.issue").json()["why"] == "token_without_it"
    narrow = access.issue_token(own.actor("alice"), name="narrow", scope=[P.ASSET_READ], project=own.project)
    own.tokens["narrow"] = narrow
    assert ask(own, "narrow", "asset.read").json()["allowed"]
    assert ask(own, "narrow", "generation.create", project=own.project).json()["why"] == "token_without_it"
    other = access.create_project(own.actor("tom", project=False), name="Owl film").pk
    access.grant(own.actor("tom", project=False), person=own.people["alice"], role=Role.VIEWER, project=other)
    assert ask(own, "narrow", "asset.read", project=other).json()["why"] == "token_of_another_project"
    assert ask(own, "alice", "asset.read", project=other).json()["allowed"]


@pytest.mark.parametrize("who", ["alice", "tina"])
def test_nobody_else_asks_about_others(own, who):
    assert ask(own, who, "asset.read", own.people["lena"], own.project).status_code == 403
    assert ask(own, who, "asset.read", own.people["lena"]).status_code == 403
    actor = own.actor(who)
    with pytest.raises(Forbidden), actor.reading():
        access.explain(actor, person=own.people["lena"], permission=P.ASSET_READ, project=own.project)
    assert ask(own, "olive", "asset.read", own.people["lena"], own.project).status_code == 200


def test_a_lead_explains_in_her_project_alone(own):
    owner, alice = own.actor("tom", project=False), own.people["alice"]
    other = access.create_project(owner, name="Elk film").pk
    assert ask(own, "lena", "asset.read", alice, own.project).json()["allowed"]
    assert ask(own, "lena", "asset.read", alice).status_code == 403
    assert ask(own, "lena", "asset.read", alice, other).status_code == 403
    bound = access.issue_token(own.actor("lena"), name="bound", project=own.project, scope=[P.ACCESS_EXPLAIN])
    own.tokens["lena's bound"] = bound
    assert ask(own, "lena's bound", "asset.read", alice, own.project).json()["allowed"]
    assert ask(own, "lena's bound", "asset.read", alice, other).status_code == 403


def test_what_is_unknown_is_no(own, elsewhere):
    alice = own.people["alice"]
    for permission in ("asset.conquer", "", "owner"):
        assert ask(own, "olive", permission, alice, own.project).json()["why"] == "unknown"
    for person in (uuid.uuid4(), "nobody", elsewhere.people["alice"]):
        assert ask(own, "olive", "asset.read", person).json()["why"] == "unknown"
        assert ask(own, "lena", "asset.read", person, own.project).json()["why"] == "not_in_project"
    for project in (uuid.uuid4(), elsewhere.project):
        told = ask(own, "alice", "asset.read", project=project).json()
        assert (told["allowed"], told["why"], told["gives"]) == (False, "not_in_project", [])
    assert ask(own, "alice", "asset.read", project="nowhere").json()["why"] == "unknown"
    assert ask(own, "lena", "asset.read", own.people["gina"], own.project).status_code == 200


@pytest.mark.parametrize("permission", sorted(OF_THE_PLATFORM))
def test_nobody_in_a_studio_reaches_the_platform(own, permission):
    assert not ask(own, "tom", permission).json()["allowed"]
