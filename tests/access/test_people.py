"""People are added, given roles and lose them, by who manages members and nobody else."""

import uuid

import pytest

from access import services as access
from access.models import Grant
from access.roles import Role
from governance.audit import services as audit
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tests.access.signing_in import Browser
from tests.factories.studio import PASSWORD, found


@pytest.fixture(scope="module")
def own(keeper):
    return found("People")


@pytest.fixture
def owner(own):
    return own.actor("tom", project=False)


def kinds(own):
    with tenant_scope(own.tenant, read_only=True):
        return [entry.kind for entry in audit.entries(audit.Filter(limit=200))]


def test_a_new_person_signs_in(own, owner):
    access.add_person(owner, email="Nora@Example.com", name="Nora", password=PASSWORD)
    assert Browser(own.slug).sign_in("nora").status_code == 200
    assert kinds(own)[:2] == ["session.opened", "person.added"]


def test_one_without_a_password_does_not(own, owner):
    access.add_person(owner, email="quiet@example.com", name="Quiet")
    for guess in ("", "!", PASSWORD):
        assert Browser(own.slug).sign_in("quiet", guess).status_code == 400


def test_an_address_is_taken_per_studio(own, owner, elsewhere):
    with pytest.raises(Conflict):
        access.add_person(owner, email="ALICE@example.com", name="Another")
    assert elsewhere.people["alice"] != own.people["alice"]


@pytest.mark.parametrize(
    ("email", "name", "password"),
    [
        ("no address", "N", PASSWORD),
        ("n@example.com", " ", PASSWORD),
        ("n@example.com", "N", "tiny one"),
        ("n@example.com", "N", "password1234"),
    ],
)
def test_what_cannot_be_used_is_refused(owner, email, name, password):
    with pytest.raises(InvalidInput) as refused:
        access.add_person(owner, email=email, name=name, password=password)
    assert password not in str(refused.value)
    assert email not in str(refused.value)


@pytest.mark.parametrize("who", ["alice", "tina", "lena", "olive"])
def test_nobody_else_manages_members(own, who):
    actor = own.actor(who)
    with pytest.raises(Forbidden):
        access.add_person(actor, email="x@example.com", name="X")
    with pytest.raises(Forbidden):
        access.grant(actor, person=own.people[who], role=Role.OWNER)
    with pytest.raises(Forbidden):
        access.revoke(actor, person=own.people["tom"], role=Role.OWNER)


@pytest.mark.parametrize("role", [Role.OWNER, Role.OFFICER, Role.SYSTEM])
def test_a_tenant_wide_role_has_no_project(own, owner, role):
    with pytest.raises(InvalidInput):
        access.grant(owner, person=own.people["alice"], role=role, project=own.project)


@pytest.mark.parametrize("role", [Role.LEAD, Role.TRAINER, Role.ARTIST, Role.SYSTEM])
def test_a_project_role_has_one(own, owner, role):
    with pytest.raises(InvalidInput):
        access.grant(owner, person=own.people["alice"], role=role)


def test_the_database_says_so_too(own):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), tenant_scope(own.tenant):
        Grant.objects.create(user_id=own.people["alice"], project=None, role="lead")


def test_another_studios_owner_grants_nothing_here(own, elsewhere):
    mallory = elsewhere.actor("tom", project=False)
    for person, project in ((own.people["alice"], elsewhere.project), (elsewhere.people["alice"], own.project)):
        with pytest.raises(NotFound):
            access.grant(mallory, person=person, role=Role.LEAD, project=project)


def test_a_role_works_at_once_and_ends_at_once(own, owner):
    nils = access.add_person(owner, email="nils@example.com", name="Nils", password=PASSWORD).pk
    with pytest.raises(NotFound):
        access.actor_for(nils, tenant=own.tenant, project=own.project)
    access.grant(owner, person=nils, role=Role.ARTIST, project=own.project)
    access.grant(owner, person=nils, role=Role.ARTIST, project=own.project)
    assert access.actor_for(nils, tenant=own.tenant, project=own.project).may(access.Permission.GENERATION_CREATE)
    access.revoke(owner, person=nils, role=Role.ARTIST, project=own.project)
    access.revoke(owner, person=nils, role=Role.ARTIST, project=own.project)
    with pytest.raises(NotFound):
        access.actor_for(nils, tenant=own.tenant, project=own.project)
    assert kinds(own)[:3] == ["role.revoked", "role.granted", "person.added"]


def test_the_last_owner_stays(own, owner):
    with pytest.raises(Conflict):
        access.revoke(owner, person=own.people["tom"], role=Role.OWNER)
    access.grant(owner, person=own.people["lena"], role=Role.OWNER)
    access.revoke(owner, person=own.people["lena"], role=Role.OWNER)
    assert access.actor_for(own.people["tom"], tenant=own.tenant).may(access.Permission.MEMBER_MANAGE)


def test_the_ledger_names_nobody(own, owner):
    access.add_person(owner, email="shy@example.com", name="Shy Person")
    with tenant_scope(own.tenant, read_only=True):
        told = " ".join(f"{entry.actor} {entry.facts}" for entry in audit.entries(audit.Filter(limit=200)))
    assert "example.com" not in told
    assert "Shy" not in told
    for name in ("Tom", "Alice", str(own.people["tom"])):
        assert name not in told


def test_nothing_is_recorded_of_what_did_not_happen(own, owner):
    before = kinds(own)
    with pytest.raises(NotFound):
        access.grant(owner, person=uuid.uuid4(), role=Role.ARTIST, project=own.project)
    assert kinds(own) == before
