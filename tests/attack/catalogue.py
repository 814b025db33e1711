"""What PostgreSQL's catalogue has, and what each login is granted on purpose: more than that is a leak."""

from dataclasses import dataclass

from django.apps import apps

from config import walls as foreign
from kernel.walls import LOGINS, GroundTable, Wall, declared

# Tables whose room makes its own policies: table → login → verbs. One that is missing here is granted to nobody.
OF_THEIR_ROOM = {"dispatch_ticket": {"app": "select insert", "worker": "select insert", "keeper": "select"}, "dispatch_lease": {}}
# Who reads a tenant's table for all tenants: the scheduler is the claim, and a worker claims before it has a tenant.
SEES_ALL = {("dispatch_ticket", "worker")}
# Functions that a login may call; the others are nobody's, and a trigger's is no use to anybody.
CALLS = {
    "app": {"dispatch_stop", "dispatch_hold", "dispatch_release", "dispatch_queues"},
    "worker": {
        "lease_tenant", "dispatch_take", "dispatch_renew", "dispatch_settle", "dispatch_put_back", "dispatch_stop",
        "dispatch_waiting", "dispatch_forget",
    },
    "integrator": set(),
    "keeper": {"dispatch_held"},
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One relation as it stands in the catalogue."""

    schema: str
    name: str
    kind: str
    columns: tuple  # (name, type)
    unique: tuple  # (index, columns)
    references: tuple  # (constraint, columns, target, columns of the target)

    @property
    def said(self):
        return f'"{self.schema}"."{self.name}"'

    @property
    def types(self):
        return dict(self.columns)

    @property
    def is_of_tenants(self):
        return "tenant_id" in self.types

    @property
    def has_uuid(self):
        return self.types.get("id") == "uuid"


def tables(connection):
    """Return every relation that holds rows, of every schema that is not PostgreSQL's own."""
    found = connection.execute(
        "SELECT c.oid, n.nspname, c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        " ORDER BY 2, 3"
    ).fetchall()
    return [_table(connection, *one) for one in found]


def _table(connection, oid, schema, name, kind):
    columns = connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped",
        [oid],
    ).fetchall()
    unique = connection.execute(
        "SELECT i.relname, ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) k JOIN pg_attribute a"
        " ON a.attrelid = x.indrelid AND a.attnum = k) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
        " WHERE x.indrelid = %s AND x.indisunique",
        [oid],
    ).fetchall()
    references = connection.execute(
        "SELECT o.conname, ARRAY(SELECT a.attname::text FROM unnest(o.conkey) k JOIN pg_attribute a ON a.attrelid = o.conrelid"
        " AND a.attnum = k), o.confrelid::regclass::text FROM pg_constraint o WHERE o.conrelid = %s AND o.contype = 'f'",
        [oid],
    ).fetchall()
    return Table(
        schema, name, kind, tuple(columns), tuple((one, tuple(of)) for one, of in unique),
        tuple((one, tuple(of), target) for one, of, target in references),
    )  # fmt: skip


def functions(connection):
    """Return every function of ours: name, identity arguments, how many, and whether it belongs to a trigger."""
    return connection.execute(
        "SELECT p.proname, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t), p.prorettype = 'trigger'::regtype"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1"
    ).fetchall()


def granted(table):
    """Return login → verbs that are declared of a table."""
    nothing = dict.fromkeys(LOGINS, frozenset())
    if table.schema != "public":
        return nothing
    if table.name in OF_THEIR_ROOM:
        return nothing | {login: frozenset(verbs.split()) for login, verbs in OF_THEIR_ROOM[table.name].items()}
    if table.name in foreign.GLOBAL:
        return dict.fromkeys(LOGINS, frozenset({"select"}))
    if table.name in foreign.OF_TENANTS:
        return nothing | {"app": frozenset({"select", "insert", "update", "delete"})}
    for model in apps.get_models():
        wall = declared(model)
        if model._meta.db_table == table.name and isinstance(wall, Wall | GroundTable):
            return {login: frozenset(getattr(wall, login).split()) for login in LOGINS}
    return nothing


def reaches(table, login, verb):
    """Return whether a login is meant to reach rows of every tenant with a verb."""
    if verb not in granted(table)[login]:
        return False
    if login in {"integrator", "keeper"} or ((table.name, login) in SEES_ALL and verb == "select"):
        return True
    wall = next((declared(model) for model in apps.get_models() if model._meta.db_table == table.name), None)
    is_ground = table.name in foreign.GLOBAL or isinstance(wall, GroundTable)
    return is_ground and not (verb == "select" and getattr(wall, "presented", ""))
