"""Attempts by raw SQL: each login of the product, in each state that it can be in, at everything in the catalogue.

Nothing stays: each attempt is a transaction that is rolled back. Beside each statement stands the superuser, who can do it.
"""

import contextlib
import hashlib
import uuid
from dataclasses import dataclass, field

import psycopg

from tests.attack import catalogue
from tests.factories import bare

DENIED = "42501"
FEW = 4  # states at each table of a short run
SPELT = {
    "as it is": str,
    "in capitals": str.upper,
    "without hyphens": lambda one: one.replace("-", ""),
    "in braces": lambda one: f"{{{one}}}",
}
# What reads rows of theirs: {of} is a condition that only they meet.
READS = {
    "select": "SELECT ctid FROM {table} WHERE {of}",
    "select as text": "SELECT t::text FROM {table} t WHERE {of}",
    "select as json": "SELECT row_to_json(t) FROM {table} t WHERE {of}",
    "select and lock": "SELECT ctid FROM {table} WHERE {of} FOR UPDATE",
    "select and share": "SELECT ctid FROM {table} WHERE {of} FOR KEY SHARE",
    "select only": "SELECT ctid FROM ONLY {table} WHERE {of}",
    "sample": "SELECT ctid FROM {table} TABLESAMPLE SYSTEM (100) WHERE {of}",
    "with": "WITH all_of AS MATERIALIZED (SELECT * FROM {table}) SELECT 1 FROM all_of WHERE {of}",
    "union": "SELECT 1 WHERE false UNION ALL SELECT 1 FROM {table} WHERE {of}",
    "exists": "SELECT 1 WHERE EXISTS (SELECT FROM {table} WHERE {of})",
    "lateral": "SELECT 1 FROM (VALUES (1)) v, LATERAL (SELECT * FROM {table} WHERE {of}) t",
    "cursor": "DECLARE every CURSOR FOR SELECT 1 FROM {table} WHERE {of}; FETCH ALL FROM every",
    "prepared": "PREPARE ask AS SELECT 1 FROM {table} WHERE {of}; EXECUTE ask",
    "words": "SELECT 1 FROM ts_stat($a$SELECT to_tsvector('simple', 'x1') FROM {table} WHERE {of}$a$)",
    "without walls": "SET LOCAL row_security = off; SELECT ctid FROM {table} WHERE {of}",
    "division": "SELECT 1 FROM {table} WHERE 1 / (CASE WHEN {of} THEN 0 ELSE 1 END) = 0",
    "cast": "SELECT 1 FROM {table} WHERE (CASE WHEN {of} THEN 'x' ELSE '1' END)::int = 0",
    "as the owner": 'SET LOCAL ROLE "{prefix}_owner"; SELECT ctid FROM {table} WHERE {of}',
}
# Errors of theirs would tell as much as rows: these must end as they end for what is not there.
WRITES = {
    "update": ("update", "UPDATE {table} SET {column} = {column} WHERE {of}"),
    "update returning": ("update", "UPDATE {table} SET {column} = {column} WHERE {of} RETURNING *"),
    "update from": ("update", "UPDATE {table} t SET {column} = t.{column} FROM {table} o WHERE t.ctid = o.ctid AND o.{of}"),
    "delete": ("delete", "DELETE FROM {table} WHERE {of}"),
    "delete returning": ("delete", "DELETE FROM {table} WHERE {of} RETURNING *"),
    "delete using": ("delete", "DELETE FROM {table} t USING {table} o WHERE t.ctid = o.ctid AND o.{of}"),
    "take over": ("update", "UPDATE {table} SET tenant_id = '{mallory}' WHERE {of}"),
    "merge": ("delete", "MERGE INTO {table} t USING (SELECT 1) s ON t.{of} WHEN MATCHED THEN DELETE"),
}
# What nobody but the owner may do to a table.
DEEDS = {
    "truncate": "TRUNCATE {table}",
    "truncate with all": "TRUNCATE {table} CASCADE",
    "lock": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "disable triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "disable the wall": "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "lift force": "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "own": "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "add a column": "ALTER TABLE {table} ADD COLUMN more integer",
    "rename": "ALTER TABLE {table} RENAME TO taken",
    "move": "ALTER TABLE {table} SET SCHEMA information_schema",
    "inherit": "CREATE TABLE public.heir () INHERITS ({table})",
    "policy": "CREATE POLICY mine ON {table} USING (true)",
    "rule": "CREATE RULE mine AS ON UPDATE TO {table} DO INSTEAD NOTHING",
    "trigger": "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "index": "CREATE INDEX mine ON {table} (({column}::text))",
    "statistics": "CREATE STATISTICS public.mine ON ({column}::text), ({column} IS NULL) FROM {table}",
    "drop": "DROP TABLE {table} CASCADE",
    "comment": "COMMENT ON TABLE {table} IS 'mine'",
    "grant": "GRANT TRUNCATE ON {table} TO CURRENT_USER; TRUNCATE {table}",
    "grant to all": "GRANT ALL ON {table} TO PUBLIC; TRUNCATE {table} CASCADE",
    "view": "CREATE VIEW public.mine AS SELECT * FROM {table}",
    "materialise": "CREATE MATERIALIZED VIEW public.mine AS SELECT * FROM {table}",
    "copy a table": "CREATE TABLE public.mine AS SELECT * FROM {table}",
    "shadow": "CREATE TEMPORARY TABLE {bare} AS SELECT 1 AS shadow",
    "temporary view": "CREATE TEMPORARY VIEW {bare} AS SELECT 1 AS shadow",
    "publish": "CREATE PUBLICATION mine FOR TABLE {table}",
    "cluster": "ALTER TABLE {table} SET UNLOGGED",
    "write a file": "COPY {table} TO '/dev/null'",
    "run a program": "COPY {table} TO PROGRAM 'cat'",
    "read a file": "COPY {table} FROM '/dev/null'",
    "pg_stats": "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM pg_stats WHERE schemaname = '{schema}' AND tablename = '{bare}') THEN 1 ELSE 0 END)",
    "pg_statistic": "SELECT 1 FROM pg_statistic WHERE starelid = '{table}'::regclass",
}
# What nobody may do at all.
EVERYWHERE = {
    **{f"be {role}": f"SET LOCAL ROLE {role}" for role in ("postgres", "pg_read_all_data", "pg_write_all_data", "pg_monitor",
       "pg_read_server_files", "pg_write_server_files", "pg_execute_server_program", "pg_signal_backend", "pg_checkpoint")},
    **{f"be {login}": f'SET LOCAL ROLE "{{prefix}}_{login}"' for login in ("owner", *catalogue.ALL)},
    **{f"start as {login}": f'SET LOCAL SESSION AUTHORIZATION "{{prefix}}_{login}"' for login in ("owner", *catalogue.ALL)},
    **{f"become {power}": f"ALTER ROLE CURRENT_USER {power}" for power in ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION")},
    **{f"keep {name}": f"ALTER ROLE CURRENT_USER SET \"{name}\" = '{{victim}}'" for name in ("app.tenant", "app.lease", "app.presented")},
    **{f"join {login}": f'GRANT "{{prefix}}_{login}" TO CURRENT_USER' for login in ("owner", *catalogue.ALL)},
    **{f"extend by {name}": f"CREATE EXTENSION {name}" for name in ("dblink", "file_fdw", "postgres_fdw", "pageinspect")},
    **{f"read {name}": f"SELECT * FROM {name}" for name in ("pg_authid", "pg_shadow", "pg_statistic", "pg_largeobject", "pg_user_mapping",
       "pg_hba_file_rules", "pg_file_settings", "pg_statistic_ext_data", "pg_config", "pg_backend_memory_contexts", "pg_shmem_allocations")},
    **{f"call {call}": f"SELECT {call}" for call in (
        "pg_read_file('/etc/passwd')", "pg_read_file('PG_VERSION')", "pg_read_binary_file('/etc/passwd')", "pg_ls_dir('.')",
        "pg_stat_file('PG_VERSION')", "pg_ls_waldir()", "pg_ls_tmpdir()", "pg_current_logfile()", "pg_reload_conf()",
        "pg_rotate_logfile()", "pg_switch_wal()", "pg_create_restore_point('x')", "lo_import('/etc/passwd')",
        "pg_log_backend_memory_contexts(pg_backend_pid())", "pg_stat_reset()", "pg_import_system_collations('public')",
        "pg_replication_origin_create('x')")},
    **{f"set {name}": f"SET LOCAL {name} = {value}" for name, value in {
        "session_replication_role": "replica", "log_statement": "'all'", "log_min_error_statement": "debug1", "lc_messages": "'C'",
        "allow_system_table_mods": "on", "log_parameter_max_length": "-1", "zero_damaged_pages": "on",
        "track_activities": "off", "temp_file_limit": "1"}.items()},
    "make a schema": "CREATE SCHEMA mine",
    "make a temporary table": "CREATE TEMPORARY TABLE mine (x integer)",
    "make a function": "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "make a temporary function": "CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "make a type": "CREATE TYPE public.mine AS (x integer)",
    "make a sequence": "CREATE SEQUENCE public.mine",
    "make a role": "CREATE ROLE mine",
    "make a server": "CREATE FOREIGN DATA WRAPPER mine",
    "make an operator": "CREATE OPERATOR public.=== (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)",
    "set the database": 'ALTER DATABASE "{database}" SET app.tenant = \'{victim}\'',
    "own the database": 'ALTER DATABASE "{database}" OWNER TO CURRENT_USER',
    "own the schema": "ALTER SCHEMA public OWNER TO CURRENT_USER",
    "write a file": "COPY (SELECT 1) TO '/dev/null'",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "others' statements": "SELECT 1 / (SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%{marker}%' AND pid <> pg_backend_pid())",
    "drop what is theirs": 'DROP OWNED BY "{prefix}_owner" CASCADE',
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """A login as it finds itself: the settings that its transaction starts with."""

    name: str
    login: str
    settings: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a statement ended: an SQL state, or how many rows it hit."""

    state: str = ""
    rows: int = 0
    text: str = ""


class Attack:
    """One run of statements against the catalogue."""

    def __init__(self, services, tally, *, draw, share=1.0):
        self.postgres, self.tally, self.draw, self.share = services.postgres, tally, draw, share

    def run(self):
        """Try them all: two tenants have one row each in every table meanwhile."""
        victim, mallory = uuid.uuid4(), uuid.uuid4()
        with contextlib.ExitStack() as stack:
            self.superuser = stack.enter_context(self.postgres.superuser(self.postgres.database))
            self.superuser.prepare_threshold = None
            self.superuser.execute("SET session_replication_role = replica")
            self.superuser.execute("ANALYZE")
            self.tables = catalogue.tables(self.superuser)
            owned = [one.name for one in self.tables if _has_rows(one)]
            self.rows = stack.enter_context(bare.rows_of(self.postgres, owned, (victim, mallory)))
            leases = [stack.enter_context(bare.lease_of(self.postgres, tenant)) for tenant in (victim, mallory)]
            stack.enter_context(self._addresses(victim))
            stack.enter_context(self._working(victim))
            self.victim, self.mallory = victim, mallory
            self.lines = {login: stack.enter_context(self._line(login)) for login in catalogue.ALL}
            self._everything(self._states(leases))
        self.tally.close()

    def _everything(self, states):
        for table in self.tables:
            for state in states if self.share >= 1 else self.draw.sample(states, FEW):
                self._table(table, state)
        for state in states:
            self._each(state, EVERYWHERE, None)
            self._functions(state)
        self._estimates(states)

    def _estimates(self, states):
        """See what the planner's statistics tell of how much is theirs: it is PostgreSQL's own, and said in the threat model."""
        many = "INSERT INTO access_keyed_ask (id, tenant_id, person_id, key, ask, rows, created)"
        self.superuser.execute(
            f"{many} SELECT gen_random_uuid(), %s, gen_random_uuid(), n::text, '', '[]', now() FROM generate_series(1, 500) n", [self.victim]
        )
        self.superuser.execute("ANALYZE access_keyed_ask")
        for state in states:
            real, none = (self._estimate(state, tenant) for tenant in (self.victim, uuid.uuid4()))
            self.tally.declared["planner_estimates"] += real != none

    def _estimate(self, state, tenant):
        line = self.lines[state.login]
        try:
            with line.cursor() as cursor:
                cursor.execute(_begun(state.settings))
                cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT FROM access_keyed_ask WHERE tenant_id = '{tenant}'")
                return cursor.fetchone()[0][0]["Plan"]["Plan Rows"]
        except psycopg.Error as refused:
            return refused.sqlstate
        finally:
            line.execute("ROLLBACK")

    def _states(self, leases):
        victims, mallorys = leases
        lapsed = uuid.uuid4().hex
        self.superuser.execute(
            "INSERT INTO dispatch_lease (id, tenant_id, worker, token_digest, ends) VALUES (%s, %s, 'x', %s, '2000-01-01')",
            [uuid.uuid4(), self.victim, _digest(lapsed)],
        )
        scope, theirs = {"app.tenant": str(self.mallory)}, {"app.tenant": str(self.victim)}
        return [
            State("app without a scope", "app"),
            State("app in Mallory's scope", "app", scope),
            State("app with theirs presented", "app", {"app.presented": str(self.victim)}),
            State("app with their lease", "app", {"app.lease": victims}),
            State("worker without a lease", "worker"),
            State("worker in their scope", "worker", theirs),
            State("worker with Mallory's lease", "worker", {"app.lease": mallorys}),
            State("worker with Mallory's lease in their scope", "worker", theirs | {"app.lease": mallorys}),
            State("worker with an expired lease", "worker", {"app.lease": lapsed}),
            State("worker with a guessed lease", "worker", {"app.lease": uuid.uuid4().hex}),
            State("worker with the digest of their lease", "worker", {"app.lease": _digest(victims)}),
            State("integrator in their scope", "integrator", theirs),
            State("integrator with their lease", "integrator", {"app.lease": victims}),
            State("keeper in their scope", "keeper", theirs),
            State("keeper with their lease", "keeper", {"app.lease": victims}),
        ]

    # --- statements --------------------------------------------------------------------------------------------------

    def _table(self, table, state):
        if table.kind == "S":
            self._each(state, {"last value": "SELECT last_value FROM {table}", "set": "SELECT setval('{table}', 1)"}, table)
            return
        reads, writes = (catalogue.reaches(table, state.login, verb) for verb in ("select", "update"))
        if not reads:
            self._reads(table, state)
        if table.kind not in {"r", "p"}:
            return
        if table.is_of_tenants:
            if not writes:
                self._writes(table, state)
            self._inserts(table, state)
            self._probes(table, state)
        self._each(state, DEEDS, table)

    def _reads(self, table, state):
        """Read what is theirs: nothing comes, and it ends as for what is not there."""
        for name, statement in self._drawn(READS):
            for said, of, lost in self._conditions(table):
                place = self._place(table)
                real = self._tried(state, statement.format(**place, of=of))
                none = self._tried(state, statement.format(**place, of=lost))
                self._judged(state, f"{name} {table.said} {said}", real, statement.format(**place, of=of))
                self._same(state, f"{name} {table.said} {said}", real, none)
        statement = f"COPY {table.said} TO STDOUT"
        real = self._tried(state, statement, contains=str(self.victim))
        self._judged(state, f"copy {table.said}", real, statement)

    def _writes(self, table, state):
        for name, (verb, statement) in self._drawn(WRITES):
            # A tenant's own row is its own tenant: nobody can take it over.
            if catalogue.reaches(table, state.login, verb) or (name == "take over" and table.name == "access_tenant"):
                continue
            for said, of, lost in self._conditions(table):
                place = self._place(table)
                real = self._tried(state, statement.format(**place, of=of))
                none = self._tried(state, statement.format(**place, of=lost))
                asked = f"ALTER TABLE {table.said} DISABLE TRIGGER USER; {statement.format(**place, of=of)}"
                self._judged(state, f"{name} {table.said} {said}", real, asked)
                self._same(state, f"{name} {table.said} {said}", real, none)

    def _inserts(self, table, state):
        """Insert a row of theirs; and move one's own over to them."""
        if catalogue.reaches(table, state.login, "insert"):
            return
        row = self._whole(table, self.victim)
        for name, more in {"insert": "", "insert or nothing": " ON CONFLICT DO NOTHING", "insert returning": " RETURNING *"}.items():
            statement = _insert(table, row) + more
            self._judged(state, f"{name} into {table.said}", self._tried(state, statement), statement)
        if table.name in self.rows and table.name != "access_tenant" and not catalogue.reaches(table, state.login, "update"):
            statement = f"UPDATE {table.said} SET tenant_id = '{self.victim}' WHERE id = '{self.rows[table.name][self.mallory]}'"
            asked = f"ALTER TABLE {table.said} DISABLE TRIGGER USER; {statement}"
            self._judged(state, f"give away {table.said}", self._tried(state, statement), asked)

    def _probes(self, table, state):
        """Try for each unique key and each reference whether an error tells that a row of theirs is there."""
        if "insert" not in catalogue.granted(table)[state.login] or catalogue.reaches(table, state.login, "insert"):
            return
        if table.name not in self.rows:
            return
        self._differ(table)
        theirs = self._row(table, self.victim)
        for index, columns in table.unique:
            for name, more in {"": "", " or nothing": " ON CONFLICT DO NOTHING"}.items():
                own = self._whole(table, self.mallory)
                same = {column: theirs[column] for column in columns if column != "tenant_id"}
                real = self._tried(state, _insert(table, own | same) + more)
                none = self._tried(state, _insert(table, self._whole(table, self.mallory)) + more)
                what = f"unique {index}{name} of {table.said}"
                if set(columns) - {"tenant_id"} == {"id"}:
                    # A primary key is checked across tenants: it tells of an id that was known beforehand, and of nothing else.
                    self.tally.declared["primary_key_probes"] += 1
                    continue
                self._count(state, what, real, _insert(table, own | {"id": uuid.uuid4()} if table.has_uuid else own))
                self._same(state, what, real, none)
        for constraint, columns, target in table.references:
            if target.split(".")[-1].strip('"') not in self.rows:
                continue
            known = self.rows[target.split(".")[-1].strip('"')][self.victim]
            for column in columns:
                if column == "tenant_id":
                    continue
                asked = [_insert(table, self._whole(table, self.mallory) | {column: one}) for one in (known, self._like(known))]
                real, none = (self._tried(state, f"{one}; SET CONSTRAINTS ALL IMMEDIATE") for one in asked)
                self._count(state, f"reference {constraint} of {table.said}", real, asked[0])
                self._same(state, f"reference {constraint} of {table.said}", real, none)

    def _differ(self, table):
        """Let their row have other numbers than Mallory's own, so that only theirs can be in the way."""
        for name in {column for _, columns in table.unique for column in columns if table.types[column] in {"integer", "smallint"}}:
            if name != "id":
                row = self.rows[table.name][self.victim]
                self.superuser.execute(f'UPDATE {table.said} SET "{name}" = 4711 WHERE id = %s', [row])

    def _each(self, state, statements, table):
        """Try what nobody may: it is refused, whatever the table."""
        place = self._place(table) if table else self._place(None)
        for name, statement in self._drawn(statements):
            said = statement.format(**place)
            if name in {f"be {state.login}", f"start as {state.login}"} or _may(table, state, name):
                continue
            what = f"{name} {table.said}" if table else name
            outcome = self._tried(state, said)
            self.tally.attempt("sql", pair=name)
            if outcome.state:
                self.tally.refusal(f"sql_{outcome.state}")
            else:
                self.tally.found("leak", "sql", f"{state.name}: {what}: done")
            self._pair(name, said)

    def _functions(self, state):
        """Call each function: those that are not granted, and the others with what is theirs."""
        ticket = self.rows["dispatch_ticket"][self.victim]
        self.superuser.execute("UPDATE dispatch_ticket SET state = 'waiting', ready = now(), \"row\" = id WHERE id = %s", [ticket])
        for name, types, is_trigger in catalogue.functions(self.superuser):
            if is_trigger:
                continue
            if name not in catalogue.CALLS[state.login]:
                given = ", ".join(f"'{VALUES.get(one, '1')}'::{one}" for one in types)
                statement = f"SELECT public.{name}({given})"
                outcome = self._tried(state, statement)
                self.tally.attempt("sql", pair=f"call {name}")
                self.tally.refusal(f"sql_{outcome.state}")
                if outcome.state != DENIED:
                    self.tally.found("leak", "sql", f"{state.name}: call {name}: {outcome.state or 'done'}")
                self._pair(f"call {name}", statement)
        for name, asked in self._foreign_calls(ticket).items():
            if name.split()[0] in catalogue.CALLS[state.login]:
                outcome = self._tried(state, asked)
                self._count(state, f"call {name}", outcome, asked)
                if not outcome.state and outcome.rows:
                    self.tally.found("leak", "sql", f"{state.name}: call {name}: {outcome.rows} rows")

    def _foreign_calls(self, ticket):
        """Return calls that return a row only when something of theirs was reached."""
        guess = uuid.uuid4().hex
        hit = "SELECT 1 FROM (SELECT {} AS hit) q WHERE hit > 0"
        return {
            "dispatch_stop by row": hit.format(f"public.dispatch_stop('{ticket}', NULL, NULL)"),
            "dispatch_settle by a guess": hit.format(f"public.dispatch_settle('{guess}', '{ticket}', 'x')"),
            "dispatch_put_back by a guess": hit.format(f"public.dispatch_put_back('{guess}', '{ticket}', '0', true)"),
            "dispatch_renew by a guess": f"SELECT 1 FROM public.dispatch_renew('{guess}', 60)",
            "dispatch_renew by nothing": "SELECT 1 FROM public.dispatch_renew('', 60)",
            "lease_tenant": f"SELECT 1 WHERE public.lease_tenant() = '{self.victim}'",
        }

    # --- asking and judging ------------------------------------------------------------------------------------------

    def _tried(self, state, statement, contains=None):
        return _ended(self.lines[state.login], state.settings, statement, contains=contains)

    def _judged(self, state, what, outcome, statement):
        """Count an attempt that must hit nothing."""
        self._count(state, what, outcome, statement)
        if not outcome.state and outcome.rows:
            self.tally.found("leak", "sql", f"{state.name}: {what}: {outcome.rows} rows")

    def _count(self, state, what, outcome, statement):
        self.tally.attempt("sql", pair=what)
        self.tally.refusal(f"sql_{outcome.state or 'nothing'}")
        self._pair(what, statement)

    def _same(self, state, what, real, none):
        self.tally.attempt("sql", pair=what)
        if (real.state, real.rows) != (none.state, none.rows):
            apart = f"{real.state or real.rows} for known, {none.state or none.rows} for unknown"
            self.tally.found("existence_oracle", "sql", f"{state.name}: {what}: {apart}")

    def _pair(self, what, statement):
        """See once that the superuser's statement is done, and hits something."""
        if ("sql", what) in self.tally.paired:
            return
        if _ended(self.superuser, {}, statement).state in PROVES.get(what.split()[0], {""}):
            self.tally.succeeded("sql", what)

    # --- what is named -----------------------------------------------------------------------------------------------

    def _conditions(self, table):
        if table.is_of_tenants:
            lost = uuid.uuid4()
            for name, form in SPELT.items():
                yield f"of the tenant {name}", f"tenant_id = '{form(str(self.victim))}'", f"tenant_id = '{form(str(lost))}'"
        if table.name in self.rows:
            row = self.rows[table.name][self.victim]
            lost = self._like(row)
            for name, form in SPELT.items() if table.has_uuid else [("as it is", str)]:
                yield f"by id {name}", f"id = '{form(str(row))}'", f"id = '{form(str(lost))}'"

    def _place(self, table):
        common = {"prefix": self.postgres.prefix, "database": self.postgres.database, "victim": self.victim, "mallory": self.mallory,
                  "marker": f"seen-{self.victim}"}  # fmt: skip
        if table is None:
            return common
        first = next((name for name, _ in table.columns if name not in {"id", "tenant_id"}), "id")
        return common | {"table": table.said, "bare": table.name, "schema": table.schema, "column": f'"{first}"'}

    def _like(self, one):
        return uuid.uuid4() if isinstance(one, uuid.UUID) else 2**31 - 7

    def _whole(self, table, tenant):
        """Return a row that lacks nothing, as text for a statement."""
        needed = self.superuser.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
            "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            [table.schema, table.name],
        ).fetchall()
        row = {name: bare.VALUES[kind]() for name, kind in needed} | bare.CHECKED.get(table.name, {}) | {"tenant_id": tenant}
        row |= NEW.get(table.name, dict)()
        return row | ({"id": tenant} if table.name == "access_tenant" else {})

    def _row(self, table, tenant):
        with self.superuser.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            cursor.execute(f"SELECT * FROM {table.said} WHERE id = %s", [self.rows[table.name][tenant]])
            return cursor.fetchone()

    @contextlib.contextmanager
    def _addresses(self, victim):
        """Put up an address and a name of theirs, which stand in tables that belong to nobody."""
        slug = victim.hex
        self.superuser.execute("INSERT INTO access_studio_address (slug, tenant_id) VALUES (%s, %s)", [slug, victim])
        self.superuser.execute("INSERT INTO access_studio_name (slug, folded, tenant_id) VALUES (%s, %s, %s)", [slug, slug, victim])
        try:
            yield
        finally:
            for table in ("access_studio_address", "access_studio_name"):
                self.superuser.execute(f"DELETE FROM {table} WHERE tenant_id = %s", [victim])

    @contextlib.contextmanager
    def _working(self, victim):
        """Let another session of each login stand there, having just asked with a marker as a parameter."""
        with contextlib.ExitStack() as stack:
            for login in catalogue.ALL:
                line = stack.enter_context(psycopg.connect(self.postgres.url(login), autocommit=True))
                line.execute("SELECT set_config('app.tenant', %s, false)", [f"seen-{victim}"])
            own = stack.enter_context(self.postgres.superuser(self.postgres.database))
            own.execute(f"SELECT 'seen-{victim}'")
            yield

    @contextlib.contextmanager
    def _line(self, login):
        with psycopg.connect(self.postgres.url(login), autocommit=True, prepare_threshold=None) as line:
            yield line

    def _drawn(self, statements):
        pairs = list(statements.items())
        return pairs if self.share >= 1 else self.draw.sample(pairs, max(1, round(len(pairs) * self.share)))


# What a function is called with that nobody may call.
VALUES = {"uuid": uuid.uuid4(), "text[]": "{}", "interval": "0"}
# By which SQL state a statement shows that it found something, where that is an error.
PROVES = {"division": {"22012"}, "cast": {"22P02"}, "insert": {"", "23505"}, "give": {"", "23505"}, "take": {"", "23505"}}
# What a row needs besides, so that it differs from the one that is there, or may refer to a project.
NEW = {
    "moderation_policy": lambda: {"number": uuid.uuid4().int % 2**15},
    "access_membership": lambda: {"role": "artist", "project_id": uuid.uuid4()},
    "registry_model": lambda: {"kind": "adapter", "folder": "", "project_id": uuid.uuid4(), "object_id": uuid.uuid4()},
}


def _may(table, state, name):
    """Return whether a deed goes with what is granted: whoever changes rows may lock the table, and nothing takes that away."""
    if name == "lock":
        return bool(catalogue.granted(table)[state.login] & {"update", "delete"})
    return name == "pg_stats" and catalogue.reaches(table, state.login, "select")


def _has_rows(table):
    return table.schema == "public" and table.kind == "r" and table.is_of_tenants and "id" in table.types and table.name != "dispatch_lease"


def _ended(line, settings, statement, *, contains=None):
    """Run a statement in a transaction that is rolled back; return how it ended."""
    begin = _begun(settings)
    try:
        if statement.endswith("TO STDOUT"):
            line.execute(begin)
            return Outcome(rows=_copied(line, statement, contains))
        with line.cursor() as cursor:
            cursor.execute(f"{begin}; {statement}")
            while cursor.nextset():
                pass
            return Outcome(rows=max(cursor.rowcount, 0))
    except psycopg.Error as refused:
        return Outcome(state=refused.sqlstate or "lost")
    finally:
        line.execute("ROLLBACK; DEALLOCATE ALL" if statement.startswith("PREPARE") else "ROLLBACK")


def _begun(settings):
    return "; ".join(["BEGIN", *(f"SELECT set_config('{name}', '{value}', true)" for name, value in settings.items())])


def _copied(line, statement, contains):
    """Return how many rows of a copied table say this."""
    with line.cursor() as cursor, cursor.copy(statement) as copied:
        return sum(contains is None or contains.encode() in bytes(part) for part in copied)


def _insert(table, row):
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO {table.said} ({names}) VALUES ({', '.join(_literal(value) for value in row.values())})"


def _literal(value):
    return psycopg.sql.Literal(value if not isinstance(value, dict | list) else psycopg.types.json.Jsonb(value)).as_string()


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()
