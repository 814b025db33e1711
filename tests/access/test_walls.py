"""What a login sees of other tenants, by attempted reads; each refusal beside the same read by who may."""

import uuid

import pytest
from django.apps import apps
from django.db import Error, ProgrammingError, connection, transaction

from access import services as access
from access.models import Project
from access.rules import folded
from config import walls as foreign
from config.database.wall import past_the_first_wall
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Forbidden, NoScope, NotFound, Unauthenticated
from kernel.scope import tenant_scope
from kernel.walls import LOGINS, Wall, declared
from tests.factories import bare

WALLED = [model for model in apps.get_models() if isinstance(declared(model), Wall)]
# Tables that stand behind walls of another make: those of libraries, and the tickets, which every worker reads.
OTHERS = [*(model._meta.db_table for model in apps.get_models() if model._meta.db_table in foreign.OF_TENANTS), "dispatch_ticket"]
TABLES = [*(model._meta.db_table for model in WALLED), *OTHERS]
READS = {
    login: [model._meta.db_table for model in WALLED if "select" in getattr(declared(model), login).split()] for login in LOGINS
}
CHANGES = [(model._meta.db_table, verb) for model in WALLED for verb in ("update", "delete") if verb in declared(model).app.split()]


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
    try:
        with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(scope or "")])
            cursor.execute(f"INSERT INTO {table} (tenant_id) VALUES (%s)", [tenant])
            transaction.set_rollback(True)
    except Error as refused:
        return refused.__cause__.sqlstate
    return None


@pytest.fixture(scope="module")
def two(services):
    """Two tenants that have one row each in every table, and table → tenant → id."""
    one, other = uuid.uuid4(), uuid.uuid4()
    with bare.rows_of(services.postgres, TABLES, (one, other)) as rows:
        yield one, other, rows


def seen(table, setting=None, value=""):
    """Return the ids that this login sees in a table with a setting."""
    with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
        if setting:
            cursor.execute("SELECT set_config(%s, %s, true)", [setting, str(value)])
        cursor.execute(f'SELECT id FROM "{table}"')
        return {row[0] for row in cursor.fetchall()}


def test_every_table_with_a_tenant_is_tried(services):
    """But those that no login reads: leases, and the ground tables, which show what was presented."""
    with services.postgres.superuser(services.postgres.database) as superuser:
        tables = superuser.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'"
        ).fetchall()
    assert {name for (name,) in tables} == {
        *TABLES, "dispatch_lease", "access_studio_address", "access_studio_name", "access_domain_address"
    }  # fmt: skip
    assert {*READS["app"], *OTHERS} == set(TABLES)
    assert len(READS["worker"]) > 15


@pytest.mark.parametrize("table", [*READS["app"], *OTHERS])
def test_the_app_sees_the_rows_of_its_scope_and_no_others(table, two):
    one, other, rows = two
    assert seen(table) == set()
    for tenant in (one, other):
        assert seen(table, "app.tenant", tenant) == {rows[table][tenant]}
    assert seen(table, "app.tenant", uuid.uuid4()) == set()


@pytest.mark.parametrize("table", READS["worker"])
def test_a_worker_sees_the_rows_of_its_lease_and_no_others(table, two, as_login, services):
    one, other, rows = two
    with as_login("worker"):
        assert seen(table) == set()
        assert seen(table, "app.tenant", one) == set()
        for tenant in (one, other):
            with bare.lease_of(services.postgres, tenant) as lease:
                assert seen(table, "app.lease", lease) == {rows[table][tenant]}
            assert seen(table, "app.lease", lease) == set()


def tables_of(services):
    with services.postgres.superuser(services.postgres.database) as superuser:
        names = superuser.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type <> 'FOREIGN'"
        ).fetchall()
    return {name for (name,) in names}


def sees(table):
    """Return whether this login sees any row of a table without a scope; one that it may not read shows none."""
    try:
        with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            return cursor.fetchone()[0] > 0
    except ProgrammingError as refused:
        if refused.__cause__.sqlstate != "42501":
            raise
        return False


@pytest.mark.parametrize("login", ["app", "worker"])
def test_before_anybody_signs_in_only_declared_global_tables_are_seen(login, two, services, as_login, studio):
    """Every table of the database is tried, not only those that a model declares; each of a tenant's has rows by now."""
    # Every worker reads the tickets, which hold ids, to find out whose lease to take.
    known = {*foreign.GLOBAL, *(["dispatch_ticket"] if login == "worker" else [])}
    with as_login(login):
        shown = {table for table in tables_of(services) if sees(table)}
    assert "django_migrations" in shown
    assert shown <= known


def test_every_table_of_the_database_is_declared(services):
    ours = {model._meta.db_table for model in apps.get_models() if declared(model) is not None}
    assert tables_of(services) == ours | (tables_of(services) & {*foreign.GLOBAL, *foreign.OF_TENANTS})


def test_what_nobody_declared_is_granted_to_nobody(services, as_login):
    with services.postgres.superuser(services.postgres.database) as superuser:
        superuser.execute("CREATE TABLE forgotten AS SELECT 1 AS tenant_id")
        superuser.execute("ALTER TABLE forgotten OWNER TO ghtest_owner")
    try:
        assert tables_of(services) >= {"forgotten", "access_project"}
        with pytest.raises(AssertionError):
            test_every_table_of_the_database_is_declared(services)
        for login in LOGINS:
            with as_login(login), pytest.raises(Error) as refused, connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM forgotten")
            assert refused.value.__cause__.sqlstate == "42501"
    finally:
        with services.postgres.superuser(services.postgres.database) as superuser:
            superuser.execute("DROP TABLE forgotten")


def shown_by(login, presented):
    """Return table → keys of the rows that showing this secret shows, of every table that this login reads."""
    found = {}
    for model in apps.get_models():
        wall = declared(model)
        if "select" not in getattr(wall, login, "").split():
            continue
        with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.presented', %s, true)", [presented])
            cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"')
            keys = {row[0] for row in cursor.fetchall()}
        if keys:
            found[model._meta.db_table] = keys
    return found


def test_what_is_looked_up_before_a_tenant_is_known_shows_only_the_row_whose_secret_was_presented(studio, elsewhere, as_login):
    from access import tokens
    from access.models import ApiToken, DomainAddress, Tenant

    for one in (studio, elsewhere):
        with tenant_scope(one.tenant):
            DomainAddress.objects.create(domain=f"{one.slug}.example", slug=one.slug, tenant_id=one.tenant)
    for one in (studio, elsewhere):
        digest = tokens.digest(one.token("alice"))
        with tenant_scope(one.tenant, read_only=True):
            row, name = ApiToken.objects.get(hash=digest).pk, Tenant.objects.get(pk=one.tenant).name
        assert shown_by("app", digest) == {"access_api_token": {row}}
        assert shown_by("app", one.slug) == {"access_studio_address": {one.slug}}
        assert shown_by("app", f"{one.slug}.example") == {"access_domain_address": {f"{one.slug}.example"}}
        named = shown_by("app", folded(name))  # two studios may share a name
        assert named.keys() == {"access_studio_name"} and one.slug in named["access_studio_name"]
        with as_login("worker"):
            assert shown_by("worker", digest) == shown_by("worker", one.slug) == {}
    for nothing in ("", "%", "x", tokens.digest("x"), str(studio.tenant)):
        assert shown_by("app", nothing) == {}


def test_every_table_that_shows_what_was_presented_is_tried():
    shown = {model._meta.db_table for model in apps.get_models() if getattr(declared(model), "presented", "")}
    assert shown == {"access_api_token", "access_studio_address", "access_studio_name", "access_domain_address"}


@pytest.mark.parametrize("login", ["integrator", "keeper"])
def test_who_works_for_all_tenants_sees_both(login, two, as_login):
    one, other, rows = two
    assert READS[login]
    with as_login(login):
        for table in READS[login]:
            assert {rows[table][one], rows[table][other]} <= seen(table)


@pytest.mark.parametrize(("table", "verb"), CHANGES)
def test_the_app_changes_its_own_row_and_no_other(table, verb, two):
    one, other, rows = two
    statement = {"update": f'UPDATE "{table}" SET id = id', "delete": f'DELETE FROM "{table}"'}[verb]
    for tenant, changed in ((one, 1), (other, 0)):
        with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(one)])
            cursor.execute(f"{statement} WHERE id = %s", [rows[table][tenant]])
            assert cursor.rowcount == changed
            transaction.set_rollback(True)


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

    from access.models import Grant

    with pytest.raises(IntegrityError), tenant_scope(elsewhere.tenant):
        Grant.objects.create(user_id=studio.people["alice"], project_id=elsewhere.project, role="lead")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET kind = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])
@pytest.mark.parametrize("login", ["app", "worker", "integrator", "keeper", "owner"])
def test_the_ledger_refuses_every_login(as_login, studio, login, statement):
    with as_login(login), past_the_first_wall(), transaction.atomic():
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


def test_nobody_takes_a_domain_that_leads_to_another_studio(studio, elsewhere):
    """Removing without a condition asks for no row to be seen first: the wall itself must hold."""
    from access.models import DomainAddress

    domains = {one.tenant: f"{one.slug}.test" for one in (studio, elsewhere)}
    for tenant, domain in domains.items():
        with tenant_scope(tenant):
            DomainAddress.objects.create(domain=domain, slug="x", tenant_id=tenant)
    with pytest.raises(ProgrammingError), tenant_scope(elsewhere.tenant):
        DomainAddress.objects.create(domain="x.test", slug="x", tenant_id=studio.tenant)
    with tenant_scope(elsewhere.tenant), connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_domain_address")
        assert cursor.rowcount > 0
    assert shown_by("app", domains[elsewhere.tenant]) == {}
    assert shown_by("app", domains[studio.tenant]) == {"access_domain_address": {domains[studio.tenant]}}
