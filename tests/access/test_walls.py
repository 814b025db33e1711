"""What a login sees of other tenants, by attempted reads; each refusal beside the same read by who may."""

import uuid

import pytest
from django.apps import apps
from django.db import connection

from access import services as access
from access.models import Project
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Forbidden, NoScope, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from kernel.walls import Wall, declared

TABLES = [
    "access_user",
    "access_project",
    "access_membership",
    "access_api_token",
    "account_emailaddress",
    "audit_entry",
]


def rows(table, sql_setting=None):
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if sql_setting:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(sql_setting)])
        cursor.execute(f"SELECT DISTINCT tenant_id FROM {table}")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("table", TABLES)
def test_a_login_sees_one_tenant_and_without_a_scope_none(table, studio, elsewhere):
    studio.token("alice"), elsewhere.token("alice")
    assert rows(table) == set()
    assert rows(table, studio.tenant) == {studio.tenant}
    assert rows(table, elsewhere.tenant) == {elsewhere.tenant}


WALLED = [model for model in apps.get_models() if isinstance(declared(model), Wall)]


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.db_table)
def test_no_login_writes_a_row_of_another_tenant(model, studio, elsewhere, as_login):
    """PostgreSQL asks the wall before it asks whether the row is whole: an empty row of one's own fails for that alone."""
    table = model._meta.db_table
    # The integrator works for all tenants; where it may write, it may write theirs.
    for login in ("app", "worker", *(() if "insert" in declared(model).integrator else ("integrator",))):
        with as_login(login):
            assert tried(table, scope=studio.tenant, tenant=elsewhere.tenant) == "42501", login
            assert tried(table, scope=None, tenant=studio.tenant) == "42501", login
    if "insert" in declared(model).app:
        assert tried(table, scope=studio.tenant, tenant=studio.tenant) != "42501"


def tried(table, *, scope, tenant):
    """Insert a row of a tenant within a scope, never to stay; return the SQL state, None when the row was taken."""
    from django.db import Error, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(scope or "")])
            cursor.execute(f"INSERT INTO {table} (tenant_id) VALUES (%s)", [tenant])
            transaction.set_rollback(True)
    except Error as refused:
        return refused.__cause__.sqlstate
    return None


@pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.db_table)
def test_no_login_reads_a_row_of_another_tenant(model, studio, as_login):
    """Whatever the tables hold by now: the app sees its scope's rows, a worker without a lease none."""
    table = model._meta.db_table
    if "select" in declared(model).app:
        assert rows(table) == set()
        assert rows(table, studio.tenant) <= {studio.tenant}
    if "select" in declared(model).worker:
        with as_login("worker"):
            assert rows(table, studio.tenant) == set()


def test_a_query_without_scope_raises():
    with pytest.raises(NoScope):
        list(Project.objects.all())


def test_mallory_gets_404_where_alice_gets_200(api, studio, elsewhere):
    assert api(studio, "alice").get(f"/api/v1/projects/{studio.project}").status_code == 200
    assert api(elsewhere, "alice").get(f"/api/v1/projects/{studio.project}").status_code == 404
    assert api(elsewhere, "alice").get(f"/api/v1/projects/{uuid.uuid4()}").status_code == 404


def test_an_artist_makes_no_project_but_the_owner_does(studio):
    with pytest.raises(Forbidden):
        access.create_project(studio.actor("alice", project=False), name="Mine")
    assert access.create_project(studio.actor("tom", project=False), name=f"New {uuid.uuid4()}")


def test_a_reference_to_another_tenants_row_is_refused(studio, elsewhere):
    from django.db import IntegrityError

    from access.models import Membership

    with pytest.raises(IntegrityError), tenant_scope(elsewhere.tenant):
        Membership.objects.create(user_id=studio.people["alice"], project_id=elsewhere.project, role="lead")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET kind = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])
@pytest.mark.parametrize("login", ["app", "worker", "integrator", "keeper", "owner"])
def test_the_ledger_refuses_every_login(as_login, studio, login, statement):
    from django.db import Error, transaction

    with as_login(login), transaction.atomic():
        with (  # the setting belongs to the attempt
            pytest.raises(Error) as refused,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(studio.tenant)])
            if login == "owner" and not statement.startswith("TRUNCATE"):
                # Under FORCE the owner sees no row to change; without it the trigger answers.
                cursor.execute("ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY")
            cursor.execute(statement)
        assert refused.value.__cause__.sqlstate == "42501"


def test_a_mistyped_token_is_refused_before_the_database(studio):
    token = studio.token("alice")
    assert access.actor_from_token(token).person == studio.people["alice"]
    for bad in (token[:-1] + ("a" if token[-1] != "a" else "b"), "ghl_pat_short", "", token.replace("pat", "svc")):
        with pytest.raises(Unauthenticated):
            access.actor_from_token(bad)


def test_a_revoked_token_opens_nothing(studio):
    actor = studio.actor("alice")
    token = access.issue_token(actor, name="short lived")
    with tenant_scope(studio.tenant, read_only=True):
        from access.models import ApiToken

        row = ApiToken.objects.filter(user_id=actor.person, name="short lived").latest("created").pk
    access.revoke_token(actor, token=row)
    with pytest.raises(Unauthenticated):
        access.actor_from_token(token)


def test_a_stranger_to_the_project_is_not_told_it_exists(studio, elsewhere):
    with pytest.raises(NotFound):
        access.actor_for(studio.people["alice"], tenant=studio.tenant, project=elsewhere.project)


def test_change_and_entry_commit_together(studio):
    with pytest.raises(RuntimeError), tenant_scope(studio.tenant):  # the transaction is what is tested
        Project.objects.create(name="Half")
        audit.append(id=uuid.uuid4(), tenant=studio.tenant, project=None, actor="x", kind=Event.PROJECT_CREATED, facts={})
        raise RuntimeError
    with tenant_scope(studio.tenant, read_only=True):
        assert not Project.objects.filter(name="Half").exists()
