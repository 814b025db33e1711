"""A studio's own roles: what they may hold, who defines them, and when a change takes effect."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import services as access
from access.models import CustomRole, Grant
from access.roles import (
    OF_THE_PLATFORM,
    OF_THE_STUDIO,
    ROLE_PERMISSIONS,
    ROLE_TEXTS,
    SEPARATED,
    STEP_UP,
    Permission,
    Reach,
    Role,
    appointable,
    is_definable,
)
from access.services import RoleDraft
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.joining import call, entries_of, join, rights
from tests.factories.studio import found

P = Permission
LOOKER = frozenset({P.PROJECT_READ, P.ASSET_READ})
SETS = st.frozensets(st.sampled_from(list(P)))


@pytest.fixture(scope="module")
def own(keeper):
    made = found("Custom")
    join(made, "adam", Role.ADMIN)
    join(made, "gina")
    return made


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


@pytest.fixture
def admin(own):
    return own.actor("adam", project=False)


def draft(name, permissions=LOOKER, reach=Reach.PROJECT, **more):
    return RoleDraft(name=name, reach=reach, permissions=frozenset(permissions), **more)


@given(held=SETS)
def test_nobody_passes_on_more_than_she_has_but_who_appoints_owners(held):
    passed_on = appointable(held)
    assert not passed_on & OF_THE_PLATFORM
    if P.OWNER_APPOINT not in held:
        judged_by = {P.OWNER_APPOINT, P.EXPORT_DECIDE, P.WITHHELD_REVIEW, P.POLICY_CHANGE}
        assert not (passed_on & judged_by) - held
        assert ROLE_PERMISSIONS[Role.LEAD] <= passed_on


@given(permissions=SETS)
def test_what_a_role_may_hold_follows_from_its_place(permissions):
    assert is_definable(permissions, reach=Reach.STUDIO) == (not permissions & OF_THE_PLATFORM)
    assert is_definable(permissions, reach=Reach.PROJECT) == (not permissions & (OF_THE_PLATFORM | OF_THE_STUDIO))
    assert not is_definable(permissions, reach=Reach.PLATFORM)


def test_a_role_is_defined_granted_changed_and_works_from_the_next_request_on(own, admin):
    role = access.define_role(admin, draft=draft("Looker", text="Looks at pictures."))
    gina = own.people["gina"]
    access.grant(admin, person=gina, role=role.pk, project=own.project)
    assert rights(own, gina, own.project) == LOOKER
    access.change_role(admin, role=role.pk, permissions=LOOKER | {P.GENERATION_CREATE})
    assert rights(own, gina, own.project) == LOOKER | {P.GENERATION_CREATE}
    access.change_role(admin, role=role.pk, permissions=LOOKER)
    assert P.GENERATION_CREATE not in rights(own, gina, own.project)
    [last, first] = entries_of(own, "role.changed")[:2]
    assert last.facts["before"] == first.facts["after"] == sorted(LOOKER | {P.GENERATION_CREATE})
    assert last.facts["after"] == entries_of(own, "role.defined")[0].facts["permissions"] == sorted(LOOKER)
    assert "Looker" not in json.dumps([entry.facts for entry in entries_of(own, "")], default=str)
    access.revoke(admin, person=gina, role=role.pk, project=own.project)


@pytest.mark.parametrize("name", ["owner", "Compliance Officer", "ÀRTIST", "  ", "guest_artist", "Lead"])
def test_a_name_that_reads_like_a_built_in_one_is_refused(owner, name):
    with pytest.raises(InvalidInput) as refused:
        access.define_role(owner, draft=draft(name))
    assert refused.value.code == "role.name"
    access.define_role(owner, draft=draft(f"{name} two {len(name)}"))


def test_a_name_is_given_once_per_studio(owner, elsewhere):
    access.define_role(owner, draft=draft("Colourist"))
    for name in ("Colourist", "COLOURIST", "colourist "):
        with pytest.raises(Conflict):
            access.define_role(owner, draft=draft(name))
    access.define_role(elsewhere.actor("tom", project=False), draft=draft("Colourist"))


@pytest.mark.parametrize("permission", sorted(OF_THE_PLATFORM))
@pytest.mark.parametrize("reach", [Reach.STUDIO, Reach.PROJECT])
def test_no_role_of_a_studio_reaches_the_platform(owner, permission, reach):
    with pytest.raises(InvalidInput):
        access.define_role(owner, draft=draft("Sly", {permission, P.PROJECT_READ}, reach))


@pytest.mark.parametrize("permission", sorted(OF_THE_STUDIO))
def test_a_role_of_projects_holds_nothing_of_the_studio(owner, permission):
    with pytest.raises(InvalidInput):
        access.define_role(owner, draft=draft("Sly", {permission}))
    access.define_role(owner, draft=draft(f"Of the studio {permission}", {permission}, Reach.STUDIO))


@pytest.mark.parametrize("pair", SEPARATED)
def test_a_role_never_brings_duties_together(owner, pair):
    with pytest.raises(InvalidInput) as refused:
        access.define_role(owner, draft=draft("Both", set(pair), Reach.STUDIO))
    assert {refused.value.facts["first"], refused.value.facts["second"]} == set(pair)


def test_an_empty_role_is_none(owner):
    with pytest.raises(InvalidInput):
        access.define_role(owner, draft=draft("Nothing", ()))


@pytest.mark.parametrize("permission", [P.OWNER_APPOINT, P.EXPORT_DECIDE, P.WITHHELD_REVIEW, P.POLICY_CHANGE])
def test_an_admin_neither_defines_nor_changes_nor_grants_nor_takes_what_is_not_his_to_give(own, owner, admin, permission):
    wanted = draft(f"Mighty {permission}", {permission, P.PROJECT_READ}, Reach.STUDIO)
    with pytest.raises(Forbidden):
        access.define_role(admin, draft=wanted)
    mighty = access.define_role(owner, draft=wanted).pk
    weak = access.define_role(admin, draft=draft(f"Weak {permission}", {P.PROJECT_READ}, Reach.STUDIO)).pk
    gina = own.people["gina"]
    for deed in (
        lambda: access.change_role(admin, role=weak, permissions=wanted.permissions),
        lambda: access.change_role(admin, role=mighty, permissions=[P.PROJECT_READ]),
        lambda: access.remove_role(admin, role=mighty),
        lambda: access.grant(admin, person=gina, role=mighty),
    ):
        with pytest.raises(Forbidden) as refused:
            deed()
        assert refused.value.facts["permission"] == P.OWNER_APPOINT
    access.grant(owner, person=gina, role=mighty)
    with pytest.raises(Forbidden):
        access.revoke(admin, person=gina, role=mighty)
    access.revoke(owner, person=gina, role=mighty)
    access.change_role(owner, role=mighty, permissions=[P.PROJECT_READ])


def test_a_role_in_use_is_removed_only_by_force_and_taken_from_each(own, admin):
    role = access.define_role(admin, draft=draft("Passing")).pk
    gina = own.people["gina"]
    access.grant(admin, person=gina, role=role, project=own.project)
    with pytest.raises(Conflict) as refused:
        access.remove_role(admin, role=role)
    assert refused.value.facts["grants"] == 1
    access.remove_role_with_grants(admin, role=role)
    with pytest.raises(NotFound):
        rights(own, gina, own.project)
    assert entries_of(own, "role.revoked")[0].facts["role"] == str(role)
    assert entries_of(own, "role.removed")[0].facts == {"role": str(role), "permissions": sorted(LOOKER), "grants": 1}
    with tenant_scope(own.tenant, read_only=True):
        assert not Grant.objects.filter(custom_id=role).exists()
        assert not CustomRole.objects.filter(pk=role).exists()


def test_a_role_that_nobody_holds_is_removed(own, admin):
    role = access.define_role(admin, draft=draft("Unused")).pk
    access.remove_role(admin, role=role)
    with pytest.raises(NotFound):
        access.remove_role(admin, role=role)


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_defines_roles(own, owner, who):
    role = access.define_role(owner, draft=draft(f"Of {who}")).pk
    actor = own.actor(who)
    for deed in (
        lambda: access.define_role(actor, draft=draft("Mine")),
        lambda: access.change_role(actor, role=role, text="mine"),
        lambda: access.remove_role(actor, role=role),
        lambda: access.remove_role_with_grants(actor, role=role),
    ):
        with pytest.raises(Forbidden):
            deed()
    access.change_role(owner, role=role, text="hers")


def test_a_deed_asks_for_a_fresh_second_factor(own):
    tired = access.actor_for(own.people["tom"], tenant=own.tenant)
    with pytest.raises(Forbidden) as refused:
        access.define_role(tired, draft=draft("Late"))
    assert refused.value.code == "step_up.needed"
    access.define_role(own.actor("tom", project=False), draft=draft("Late"))


def test_another_studios_role_is_none(own, owner, elsewhere):
    theirs = access.define_role(elsewhere.actor("tom", project=False), draft=draft("Theirs")).pk
    for deed in (
        lambda: access.change_role(owner, role=theirs, text="x"),
        lambda: access.remove_role(owner, role=theirs),
        lambda: access.grant(owner, person=own.people["gina"], role=theirs, project=own.project),
    ):
        with pytest.raises(NotFound):
            deed()


def test_the_table_is_served_as_the_code_has_it(own):
    mine = access.define_role(own.actor("tom", project=False), draft=draft("Shown", text="A text.")).pk
    table = call(own, "alice", "get", "/api/v1/roles").json()
    assert {one["role"]: one["permissions"] for one in table["builtin"]} == {
        role.value: sorted(ROLE_PERMISSIONS[role]) for role in Role
    }
    assert {one["role"]: (one["title"], one["text"]) for one in table["builtin"]} == {role.value: ROLE_TEXTS[role] for role in Role}
    assert {one["permission"] for one in table["permissions"] if one["step_up"]} == STEP_UP
    assert [(one["first"], one["second"]) for one in table["separated"]] == list(SEPARATED)
    [shown] = [one for one in table["own"] if one["id"] == str(mine)]
    assert (shown["name"], shown["text"], shown["reach"]) == ("Shown", "A text.", "project")


def test_over_http_a_role_is_defined_changed_and_removed(own):
    body = {"name": "Over HTTP", "reach": "project", "permissions": ["project.read"]}
    for who in ("alice", "lena", "olive"):
        assert call(own, who, "post", "/api/v1/roles", body).status_code == 403
    assert call(own, "adam", "post", "/api/v1/roles", body | {"permissions": ["project.conquer"]}).status_code == 400
    made = call(own, "adam", "post", "/api/v1/roles", body)
    assert made.status_code == 201
    where = f"/api/v1/roles/{made.json()['id']}"
    for who in ("alice", "lena", "olive"):
        assert call(own, who, "patch", where, {"text": "x"}).status_code == 403
        assert call(own, who, "delete", where).status_code == 403
    changed = call(own, "adam", "patch", where, {"permissions": ["project.read", "asset.read"]})
    assert changed.json()["permissions"] == ["asset.read", "project.read"]
    access.grant(own.actor("tom", project=False), person=own.people["gina"], role=UUID(made.json()["id"]), project=own.project)
    assert call(own, "adam", "delete", where).status_code == 409
    assert call(own, "adam", "delete", f"{where}?force=true").status_code == 204
    assert call(own, "adam", "patch", where, {"text": "x"}).status_code == 404
