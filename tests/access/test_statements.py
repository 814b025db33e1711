"""How often the database is asked before a request is answered: as often whatever somebody holds, and never from memory."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from access import services as access
from access.models import Project
from access.roles import Permission, Reach, Role
from access.services import Post, RoleDraft, To
from kernel.errors import NotFound
from kernel.scope import tenant_scope
from tests.access.joining import call, join, rights
from tests.factories.studio import found

# BEGIN, the scope, the person (with her studio and the project), what she holds, COMMIT.
OF_A_CHECK = 5
# Before it the token, and what the studio asks of it: each BEGIN, the scope, one row, COMMIT.
OF_A_TOKEN = 8


@pytest.fixture(scope="module")
def own(keeper):
    return found("Counted")


def statements(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    return [one["sql"] for one in asked.captured_queries]


def hold_much(studio, name):
    """Let somebody hold three roles in a project, one of them the studio's own, one through a group."""
    owner, person = studio.actor("tom", project=False), join(studio, name, Role.VIEWER, project=studio.project)
    draft = RoleDraft(f"Role of {name}", Reach.PROJECT, frozenset({Permission.ASSET_DOWNLOAD}))
    access.grant(owner, person=person, role=access.define_role(owner, draft=draft).pk, project=studio.project)
    group = access.make_group(owner, name=f"Group of {name}").pk
    access.add_member(owner, group=group, person=person)
    access.grant_to(owner, to=To(group=group), post=Post(Role.ARTIST, studio.project))
    return person


def test_who_may_what_is_read_by_two_statements_whatever_she_holds(own):
    much = hold_much(own, "much")
    for person in (own.people["alice"], much):
        asked = statements(lambda person=person: access.actor_for(person, tenant=own.tenant, project=own.project))
        assert len(asked) <= OF_A_CHECK, asked
    assert rights(own, much, own.project) >= {Permission.ASSET_DOWNLOAD, Permission.GENERATION_CREATE}


def test_a_token_is_asked_about_by_as_few(own):
    token = own.token("alice")
    access.actor_from_token(token)  # its use is noted once a minute
    asked = statements(lambda: access.actor_from_token(token, project=own.project))
    assert len(asked) <= OF_A_TOKEN + OF_A_CHECK, asked


def test_a_change_counts_at_the_next_request(own):
    owner, gina = own.actor("tom", project=False), join(own, "gina", Role.VIEWER, project=own.project)
    assert Permission.GENERATION_CREATE not in rights(own, gina, own.project)
    access.grant(owner, person=gina, role=Role.ARTIST, project=own.project)
    assert Permission.GENERATION_CREATE in rights(own, gina, own.project)
    for role in (Role.ARTIST, Role.VIEWER):
        access.revoke(owner, person=gina, role=role, project=own.project)
    with pytest.raises(NotFound):
        rights(own, gina, own.project)


def test_what_somebody_holds_elsewhere_opens_no_project(own, elsewhere):
    other = access.create_project(own.actor("tom", project=False), name="Hare film").pk
    for project in (other, elsewhere.project):
        with pytest.raises(NotFound):
            rights(own, own.people["alice"], project)
    with pytest.raises(NotFound):
        rights(own, own.people["olive"], elsewhere.project)
    assert rights(own, own.people["olive"], other)


def test_the_session_is_told_by_as_many_statements_for_many_projects_as_for_one(own):
    owner, rita = own.actor("tom", project=False), join(own, "rita", Role.VIEWER, project=own.project)
    own.tokens["rita"] = access.issue_token(own.actor("rita"), name="test", scope=[])
    call(own, "rita", "get", "/api/v1/session")
    one = statements(lambda: call(own, "rita", "get", "/api/v1/session"))
    for name, role in (("Crow film", Role.ARTIST), ("Moth film", Role.TRAINER)):
        access.grant(owner, person=rita, role=role, project=access.create_project(owner, name=name).pk)
    told = []
    three = statements(lambda: told.append(call(own, "rita", "get", "/api/v1/session").json()))
    assert len(three) == len(one)
    may = {project["name"]: set(project["permissions"]) for project in told[0]["projects"]}
    assert {name: ("generation.create" in held, "training.start" in held) for name, held in may.items()} == {
        "Fox film": (False, False), "Crow film": (True, False), "Moth film": (True, True),
    }  # fmt: skip


def test_a_reading_writes_nothing(own):
    with pytest.raises(DatabaseError, match="read-only"), tenant_scope(own.tenant, read_only=True):
        Project.objects.filter(pk=own.project).update(name="Written")
    with tenant_scope(own.tenant):
        assert Project.objects.filter(pk=own.project).update(name="Fox film") == 1
