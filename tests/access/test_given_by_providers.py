"""What a provider's groups give is known by its giver: it goes with the mapping, with the provider, and at once; the rest stays."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from access import services as access
from access.errors import SignInRefused
from access.federation.said import Said
from access.models import Grant, GroupMember, RoleMapping, Session
from access.roles import Permission, Role
from access.services import Post, To, identity
from access.services.identity.joining import admit
from kernel.errors import Conflict, NotFound
from kernel.scope import tenant_scope
from kernel.walls import take_force_off
from tests.access.joining import call, enabled_provider, entries_of, join, rights
from tests.factories.studio import found

P = Permission


@pytest.fixture
def place(keeper):
    return found("Given")


@pytest.fixture
def tom(place):
    return place.actor("tom", project=False)


@pytest.fixture
def corp(place):
    return provider(place, "corp")


@pytest.fixture
def team(tom, place):
    """A group that makes artists."""
    group = access.make_group(tom, name="Team").pk
    access.grant_to(tom, to=To(group=group), post=Post(Role.ARTIST, place.project))
    return group


def provider(place, slug):
    return enabled_provider(place, slug, is_joining=True)


def arrive(place, by, *groups, who="ann"):
    """Let somebody come in by a provider; return her id."""
    said = Said(uid=who, email=f"{who}@{by.slug}.example", email_verified=True, name=who.title(), groups=groups)
    return admit(by, said).person.pk


def mapped(actor, by, claimed, **given):
    return identity.add_mapping(actor, provider=by.pk, given=identity.Given(claimed, **given)).pk


def members(place, group):
    with tenant_scope(place.tenant, read_only=True):
        return set(GroupMember.objects.filter(group_id=group).values_list("user_id", flat=True))


def may_generate(place, person):
    try:
        return P.GENERATION_CREATE in rights(place, person, place.project)
    except NotFound:
        return False


def opened(place, by, person):
    with tenant_scope(place.tenant):
        later = timezone.now() + timedelta(days=1)
        Session.objects.create(digest=f"{by.pk if by else 'password'}", user_id=person, provider_id=by and by.pk, expires=later)


def sessions(place):
    with tenant_scope(place.tenant, read_only=True):
        return list(Session.objects.values_list("provider_id", flat=True))


def test_a_membership_goes_though_its_mapping_has_gone_before(place, tom, corp, team):
    """The next sign-in takes what no mapping gives, also what an earlier release left standing without one."""
    mapped(tom, corp, "artists", group=team)
    ann = arrive(place, corp, "artists")
    assert members(place, team) == {ann}
    with tenant_scope(place.tenant):
        RoleMapping.objects.all().delete()
    arrive(place, corp, "artists")
    assert members(place, team) == set()
    assert entries_of(place, "group.member_removed")[0].actor == "provider:corp"


def test_what_was_given_by_hand_stays_and_what_another_provider_gives_too(place, tom, corp, team):
    other = provider(place, "other")
    for one in (corp, other):
        mapped(tom, one, "artists", group=team)
    ann = arrive(place, corp)
    access.add_member(tom, group=team, person=ann)
    arrive(place, corp, "artists")
    identity.link_identity(tom, person=ann, provider=other.pk, uid="ann")
    arrive(place, other, "artists")
    assert call(place, "tom", "get", f"/api/v1/groups/{team}").json()["members"] == 1
    assert [one["person"] for one in call(place, "tom", "get", f"/api/v1/groups/{team}/members").json()["results"]] == [str(ann)]
    arrive(place, corp)
    arrive(place, other)
    assert members(place, team) == {ann}
    access.remove_member(tom, group=team, person=ann)
    arrive(place, corp, "artists")
    arrive(place, other, "artists")
    arrive(place, corp)
    assert members(place, team) == {ann}
    arrive(place, other)
    assert members(place, team) == set()


def test_a_hand_takes_out_whoever_put_her_in(place, tom, corp, team):
    mapped(tom, corp, "artists", group=team)
    ann = arrive(place, corp, "artists")
    access.remove_member(tom, group=team, person=ann)
    assert members(place, team) == set()
    assert not may_generate(place, ann)


def test_a_mapping_that_is_removed_takes_at_once_what_it_gave(place, tom, corp, team):
    role = mapped(tom, corp, "artists", role=Role.ARTIST, project=place.project)
    again = mapped(tom, corp, "painters", role=Role.ARTIST, project=place.project)
    elsewhere = mapped(tom, corp, "artists", role=Role.VIEWER, project=place.project)
    group = mapped(tom, corp, "artists", group=team)
    ann = arrive(place, corp, "artists")
    access.grant(tom, person=place.people["tina"], role=Role.ARTIST, project=place.project)
    identity.remove_mapping(tom, provider=corp.pk, mapping=group)
    assert members(place, team) == set()
    identity.remove_mapping(tom, provider=corp.pk, mapping=role)
    assert may_generate(place, ann), "another mapping gives it"
    identity.remove_mapping(tom, provider=corp.pk, mapping=again)
    assert not may_generate(place, ann)
    assert P.PROJECT_READ in rights(place, ann, place.project)
    identity.remove_mapping(tom, provider=corp.pk, mapping=elsewhere)
    with pytest.raises(NotFound):
        rights(place, ann, place.project)
    assert may_generate(place, place.people["tina"])
    assert [one.facts["role"] for one in entries_of(place, "role.revoked")] == ["viewer", "artist"]


@pytest.mark.parametrize("way", ["switched off", "removed"])
def test_a_provider_that_goes_takes_its_gifts_and_sessions_along_at_once(place, tom, corp, team, way):
    other = provider(place, "other")
    for one in (corp, other):
        mapped(tom, one, "artists", role=Role.ARTIST, project=place.project)
        mapped(tom, one, "artists", group=team)
    ann, bob = arrive(place, corp, "artists"), arrive(place, other, "artists", who="bob")
    for by in (corp, other, None):
        opened(place, by, ann)
    if way == "removed":
        identity.remove_provider(tom, provider=corp.pk)
    else:
        identity.change_provider(tom, provider=corp.pk, changes={"is_enabled": False})
        assert entries_of(place, "provider.changed")[0].facts["sessions"] == 1
    assert (members(place, team), may_generate(place, ann), may_generate(place, bob)) == ({bob}, False, True)
    assert corp.pk not in sessions(place)
    assert len(sessions(place)) == 2
    with pytest.raises(SignInRefused):  # who was on her way through it gets nothing back
        arrive(place, corp, "artists")
    assert not may_generate(place, ann)
    if way == "switched off":
        identity.change_provider(tom, provider=corp.pk, changes={"is_enabled": True})
        arrive(place, corp, "artists")
        assert may_generate(place, ann)


def test_a_grant_that_no_mapping_gives_any_more_is_taken_by_hand(place, tom, corp):
    mapping = mapped(tom, corp, "artists", role=Role.ARTIST, project=place.project)
    ann = arrive(place, corp, "artists")
    with tenant_scope(place.tenant, read_only=True):
        grant = Grant.objects.get(user_id=ann).pk
    with pytest.raises(Conflict) as refused:
        access.take_grant(tom, grant=grant)
    assert refused.value.code == "grant.not_by_hand"
    with tenant_scope(place.tenant):  # as an earlier release left it
        RoleMapping.objects.filter(pk=mapping).delete()
    assert call(place, "tom", "delete", f"/api/v1/grants/{grant}").status_code == 204
    assert not may_generate(place, ann)


def test_memberships_of_mapped_groups_from_before_become_the_providers(place, tom, corp, team, as_login):
    from importlib import import_module

    other = access.make_group(tom, name="By hand").pk
    mapped(tom, corp, "artists", group=team)
    ann, tina = arrive(place, corp), place.people["tina"]
    for group, person in ((team, ann), (other, ann), (team, tina)):
        access.add_member(tom, group=group, person=person)
    migration = import_module("access.migrations.0016_memberships_that_providers_gave")
    with as_login("owner"), transaction.atomic(), connection.cursor() as cursor:
        take_force_off(cursor, tables=migration.TABLES)
        cursor.execute(migration.GIVE)
        cursor.execute("SELECT group_id, user_id FROM access_group_member WHERE provider_id = %s", [corp.pk])
        given = cursor.fetchall()
        transaction.set_rollback(True)
    assert given == [(team, ann)]


def test_a_mapping_gives_nothing_to_who_made_it_unless_she_appoints_owners(place, tom, corp, team):
    join(place, "adam", Role.ADMIN)
    adam, ann = place.actor("adam", project=False), arrive(place, corp)
    identity.link_identity(tom, person=place.people["adam"], provider=corp.pk, uid="adam")
    identity.link_identity(tom, person=place.people["tom"], provider=corp.pk, uid="tom")
    mapped(adam, corp, "everyone", role=Role.LEAD, project=place.project)
    mapped(adam, corp, "everyone", group=team)
    for who in ("adam", "ann"):
        arrive(place, corp, "everyone", who=who)
    assert (given_to(place, place.people["adam"]), given_to(place, ann)) == ([], ["lead"])
    assert members(place, team) == {ann}

    again = mapped(tom, corp, "staff", role=Role.LEAD, project=place.project)
    for who in ("adam", "tom"):
        arrive(place, corp, "staff", who=who)
    assert [given_to(place, place.people[who]) for who in ("adam", "tom")] == [["lead"], ["lead"]]
    identity.remove_mapping(tom, provider=corp.pk, mapping=again)
    arrive(place, corp, "everyone", "staff", who="adam")
    assert given_to(place, place.people["adam"]) == []


def given_to(place, person):
    with tenant_scope(place.tenant, read_only=True):
        return list(Grant.objects.filter(user_id=person, source="provider").values_list("role", flat=True))
