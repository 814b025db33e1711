"""Every table is declared, and PostgreSQL's catalogue agrees: forced row-level security, composite keys, no owner's login."""

import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction

from config import walls as foreign
from config.database.wall import past_the_first_wall
from kernel.walls import GroundTable, OwnWall, Wall, declared

OURS = {
    "access",
    "dispatch",
    "audit",
    "moderation",
    "approvals",
    "vault",
    "datasets",
    "registry",
    "training",
    "generations",
    "gallery",
    "exit",
}


def models():
    return [model for model in apps.get_models() if not model._meta.abstract and model._meta.managed]


def rows(sql, *values):
    with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_every_table_is_declared():
    undeclared = [
        model._meta.db_table
        for model in models()
        if declared(model) is None and model._meta.db_table not in foreign.GLOBAL and model._meta.db_table not in foreign.OF_TENANTS
    ]
    assert not undeclared


def test_every_ground_and_own_table_gives_its_reason():
    for model in models():
        wall = declared(model)
        if isinstance(wall, GroundTable | OwnWall):
            assert len(wall.reason) > 20


@pytest.mark.parametrize("model", [m for m in apps.get_models() if isinstance(declared(m), Wall)], ids=lambda m: m._meta.db_table)
def test_a_tenants_table_stands_behind_a_forced_wall(model):
    table = model._meta.db_table
    [(enabled, forced)] = rows("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", table)
    assert enabled and forced
    for field in model._meta.local_fields:
        target = field.related_model
        if target is None or not isinstance(declared(target), Wall):
            continue
        keys = rows("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", table)
        assert any("(tenant_id, " in key and field.column in key for (key,) in keys), field.name


def test_unique_keys_of_tenants_begin_with_the_tenant():
    for model in models():
        if not isinstance(declared(model), Wall) and model._meta.db_table not in foreign.OF_TENANTS:
            continue
        keys = rows(
            "SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE 'CREATE UNIQUE%%' "
            "AND indexname NOT LIKE '%%pkey'",
            model._meta.db_table,
        )
        for (key,) in keys:
            assert "(tenant_id" in key, key


@pytest.mark.parametrize("login", ["app", "worker", "integrator", "keeper"])
def test_no_login_is_more_than_a_login(as_login, services, login):
    with as_login(login):
        [(superuser, bypass, create)] = rows(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert not (superuser or bypass or create)
        assert rows("SELECT 1 FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = current_user)") == []
        assert rows("SELECT 1 FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)") == []


def test_no_migration_is_missing():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_worker_without_a_lease_sees_nothing(as_login, studio):
    with as_login("worker"):
        assert rows("SELECT id FROM access_project") == []
        with past_the_first_wall(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(studio.tenant)])
            cursor.execute("SELECT id FROM access_project")
            assert cursor.fetchall() == []
            cursor.execute("SELECT set_config('app.lease', %s, true)", [uuid.uuid4().hex])
            cursor.execute("SELECT id FROM access_project")
            assert cursor.fetchall() == []
