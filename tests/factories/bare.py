"""Rows of tenants that there are not, one in every table, written by the superuser past walls, references and triggers."""

import contextlib
import hashlib
import uuid

# By the type of a column that must hold something and has no default.
VALUES = {
    "uuid": uuid.uuid4,
    "text": lambda: "x",
    "character varying": lambda: uuid.uuid4().hex[:16],
    "boolean": lambda: False,
    "smallint": int,
    "integer": int,
    "bigint": lambda: uuid.uuid4().int % 2**62,
    "double precision": float,
    "timestamp with time zone": lambda: "2100-01-01T00:00:00Z",
    "date": lambda: "2100-01-01",
    "jsonb": lambda: "{}",
    "bytea": lambda: b"x",
    "ARRAY": lambda: "{}",
}
# What the checks of a table ask for besides.
CHECKED = {
    "access_grant": {"role": "owner", "user_id": uuid.uuid4()},
    "access_user": {"email": "x@example.com"},
    "registry_model": {"kind": "base", "folder": "x"},
    "dispatch_ticket": {"kind": "exit", "state": "stopped"},
}


@contextlib.contextmanager
def rows_of(postgres, tables, tenants):
    """Put one row of each tenant into each table; yield table → tenant → its id. Whatever is there goes at the end."""
    with postgres.superuser(postgres.database) as connection:
        connection.execute("SET session_replication_role = replica")
        try:
            yield {table: {tenant: _put(connection, table, tenant) for tenant in tenants} for table in tables}
        finally:
            for table in tables:
                _clear(connection, table, tenants)


def _put(connection, table, tenant):
    needed = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    ).fetchall()
    row = {name: VALUES[kind]() for name, kind in needed} | CHECKED.get(table, {}) | {"tenant_id": tenant}
    if table == "access_tenant":
        row["id"] = tenant
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    inserted = connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places}) RETURNING id', list(row.values()))
    return inserted.fetchone()[0]


def _clear(connection, table, tenants):
    """Remove these tenants' rows; the triggers of the ledger, which fire for everybody, rest meanwhile."""
    always = connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A' AND NOT tgisinternal", [table]
    ).fetchall()
    with connection.transaction():
        for (name,) in always:
            connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
        connection.execute(f'DELETE FROM "{table}" WHERE tenant_id = ANY(%s)', [list(tenants)])
        for (name,) in always:
            connection.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')


@contextlib.contextmanager
def lease_of(postgres, tenant):
    """Lease a tenant; yield the token."""
    token = uuid.uuid4().hex
    with postgres.superuser(postgres.database) as connection:
        connection.execute(
            "INSERT INTO dispatch_lease (id, tenant_id, worker, token_digest, ends) VALUES (%s, %s, 'x', %s, '2100-01-01')",
            [uuid.uuid4(), tenant, hashlib.sha256(token.encode()).hexdigest()],
        )
        try:
            yield token
        finally:
            connection.execute("DELETE FROM dispatch_lease WHERE tenant_id = %s", [tenant])
