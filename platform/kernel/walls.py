"""The walls that PostgreSQL keeps between tenants, declared on each model and put up by one function.

A tenant-owned table gets row-level security, enabled and forced, one policy per login (a policy that several logins
share is a hole: the worker could set the app's setting), `UNIQUE (tenant_id, id)` and, for every foreign key to
another tenant-owned table, a composite one, because row-level security does not check references. Grants come from
the same declaration. Tables without one are not granted to anybody, so a forgotten table fails closed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper
    from django.db.models import Model

LOGINS: Final = ("app", "worker", "integrator", "keeper")
OF_APP: Final = "tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid)"
OF_LEASE: Final = "tenant_id = (SELECT public.lease_tenant())"
PRESENTED: Final = "(SELECT nullif(current_setting('app.presented', true), ''))"


@dataclass(frozen=True)
class Wall:
    """A tenant-owned table: the verbs of each login. `app` and `worker` see one tenant, the two others all."""

    app: str = "select insert update"
    worker: str = "select"
    integrator: str = ""
    keeper: str = ""
    presented: str = ""


@dataclass(frozen=True)
class GroundTable:
    """A table that belongs to no tenant, and why; `presented` names the column that must have been shown."""

    reason: str
    app: str = "select"
    worker: str = ""
    integrator: str = ""
    keeper: str = ""
    presented: str = ""


@dataclass(frozen=True)
class OwnWall:
    """A table whose room makes policies and grants in its own migration, and why."""

    reason: str


Ground = Wall | GroundTable | OwnWall


def put_up(cursor: "CursorWrapper", *, tables: Iterable["type[Model]"], roles: Mapping[str, str]) -> None:
    """Put up every declared wall; may be repeated. `roles` maps login → name of the database role."""
    standing = [model for model in tables if not model._meta.abstract and model._meta.managed]
    for model in standing:
        for statement in _statements(model, roles):
            cursor.execute(statement)
    for model in standing:
        for statement in _composite_keys(model):
            cursor.execute(statement)


def take_force_off(cursor: "CursorWrapper", *, tables: Iterable[str]) -> None:
    """Let the owner see rows while it migrates: under FORCE it sees none, and says nothing."""
    for table in tables:
        cursor.execute(f'ALTER TABLE IF EXISTS "{table}" NO FORCE ROW LEVEL SECURITY')


def declared(model: "type[Model]") -> Ground | None:
    """Return what the model declares, or None."""
    return getattr(model, "wall", None)


def _statements(model: "type[Model]", roles: Mapping[str, str]) -> Iterator[str]:
    wall, table = declared(model), model._meta.db_table
    if isinstance(wall, Wall):
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
        yield from _unique(table)
        yield from _tenant_policies(table, wall, roles)
    elif isinstance(wall, GroundTable):
        yield from _ground_policies(model, wall, roles)
    if isinstance(wall, Wall | GroundTable):
        yield from _grants(table, wall, roles)


def _unique(table: str) -> Iterator[str]:
    name = f"{table}_tenant_id_id"[:63]
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}') THEN "
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (tenant_id, id); END IF; END $$'
    )


def _policy(table: str, name: str, *, role: str, verb: str, test: str) -> Iterator[str]:
    clause = {"select": "USING", "delete": "USING", "insert": "WITH CHECK"}.get(verb)
    rule = f"{clause} ({test})" if clause else f"USING ({test}) WITH CHECK ({test})"
    yield f'DROP POLICY IF EXISTS "{name}" ON "{table}"'
    yield f'CREATE POLICY "{name}" ON "{table}" FOR {verb.upper()} TO "{role}" {rule}'


def _tenant_policies(table: str, wall: Wall, roles: Mapping[str, str]) -> Iterator[str]:
    tests = {"app": OF_APP, "worker": OF_LEASE, "integrator": "true", "keeper": "true"}
    for login in LOGINS:
        for verb in getattr(wall, login).split():
            yield from _policy(table, f"{login}_{verb}", role=roles[login], verb=verb, test=tests[login])
    if wall.presented:
        test = f'"{wall.presented}" = {PRESENTED}'
        yield from _policy(table, "app_presented", role=roles["app"], verb="select", test=test)


def _ground_policies(model: "type[Model]", wall: GroundTable, roles: Mapping[str, str]) -> Iterator[str]:
    """Show the row that was named, and of a row that leads to a tenant let that tenant alone write and remove it."""
    if not wall.presented:
        return
    table = model._meta.db_table
    own = OF_APP if any(field.column == "tenant_id" for field in model._meta.local_fields) else "true"
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    for login in LOGINS:
        for verb in getattr(wall, login).split():
            shown = f'"{wall.presented}"::text = {PRESENTED}'
            # Who may remove a row has to see it.
            test = f"({shown} OR {own})" if own != "true" and "delete" in getattr(wall, login) else shown
            yield from _policy(table, f"{login}_{verb}", role=roles[login], verb=verb, test=test if verb == "select" else own)


def _grants(table: str, wall: Wall | GroundTable, roles: Mapping[str, str]) -> Iterator[str]:
    for login in LOGINS:
        yield f'REVOKE ALL ON "{table}" FROM "{roles[login]}"'
        verbs = ", ".join(getattr(wall, login).upper().split())
        if verbs:
            yield f'GRANT {verbs} ON "{table}" TO "{roles[login]}"'


def _composite_keys(model: "type[Model]") -> Iterator[str]:
    if not isinstance(declared(model), Wall):
        return
    table = model._meta.db_table
    for field in model._meta.local_fields:
        target = field.related_model
        if target is None or isinstance(target, str) or not isinstance(declared(target), Wall):
            continue
        name = f"{table}_{field.column}_same_tenant"[:63]
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}') THEN "
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (tenant_id, "{field.column}") '
            f'REFERENCES "{target._meta.db_table}" (tenant_id, id); END IF; END $$'
        )
