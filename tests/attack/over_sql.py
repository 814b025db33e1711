"""Attempts by raw SQL: each login of the product, in each state that it can be in, at everything in the catalogue.

Nothing stays: each attempt is a transaction that is rolled back. Beside each statement stands the superuser, who can do it.
"""

import contextlib
import uuid

import psycopg

from tests.attack import catalogue
from tests.attack.lines import State, begun, digest, ended, insert_of
from tests.attack.statements import BESIDE, DEEDS, EVERYWHERE, NEW, PROVES, READS, SPELT, VALUES, WRITES, like, unlike
from tests.factories import bare

DENIED = "42501"
FEW = 4  # states at each table of a short run


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
            self.lines = {login: stack.enter_context(self._line(login)) for login in catalogue.LOGINS}
            self._everything(self._states(leases))
        self.tally.close()

    def _everything(self, states):
        for table in self.tables:
            for state in states if self.share >= 1 else self.draw.sample(states, FEW):
                self._table(table, state)
        for state in states:
            self._each(state, EVERYWHERE, None)
            self._functions(state)
        known = next(table for table in self.tables if table.name == "django_migrations")
        self._pair("pg_stats", DEEDS["pg_stats"].format(**self._place(known)))
        self._estimates(states)

    def _estimates(self, states):
        """See what the planner's statistics tell of how much is theirs: it is PostgreSQL's own, and said in the threat model."""
        many = "INSERT INTO access_keyed_ask (id, tenant_id, person_id, key, ask, rows, created)"
        self.superuser.execute(
            f"{many} SELECT gen_random_uuid(), %s, gen_random_uuid(), n::text, '', '[]', now() FROM generate_series(1, 500) n",
            [self.victim],
        )
        self.superuser.execute("ANALYZE access_keyed_ask")
        for state in states:
            real, none = (self._estimate(state, tenant) for tenant in (self.victim, uuid.uuid4()))
            self.tally.declared["planner_estimates"] += real != none

    def _estimate(self, state, tenant):
        line = self.lines[state.login]
        try:
            with line.cursor() as cursor:
                cursor.execute(begun(state.settings))
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
            [uuid.uuid4(), self.victim, digest(lapsed)],
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
            State("worker with the digest of their lease", "worker", {"app.lease": digest(victims)}),
            State("integrator in their scope", "integrator", theirs),
            State("integrator with their lease", "integrator", {"app.lease": victims}),
            State("keeper in their scope", "keeper", theirs),
            State("keeper with their lease", "keeper", {"app.lease": victims}),
        ]

    # --- statements --------------------------------------------------------------------------------------------------

    def _table(self, table, state):
        if table.kind == "S":
            moved = "SELECT setval('{table}', extract(epoch FROM clock_timestamp())::bigint)"  # upwards: no rollback undoes it
            self._each(state, {"last value": "SELECT last_value FROM {table}", "set": moved}, table)
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
        for name, more in {
            "insert": "",
            "insert or nothing": " ON CONFLICT DO NOTHING",
            "insert returning": " RETURNING *",
        }.items():
            statement = insert_of(table, row) + more
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
                if not same:
                    continue
                real = self._tried(state, insert_of(table, own | same) + more)
                none = self._tried(state, insert_of(table, self._whole(table, self.mallory) | same | unlike(same)) + more)
                what = f"unique {index}{name} of {table.said}"
                if set(columns) - {"tenant_id"} == {"id"}:
                    # A primary key is checked across tenants: it tells of an id that was known beforehand, and of nothing else.
                    self.tally.declared["primary_key_probes"] += 1
                    continue
                asked = own | same | ({"id": uuid.uuid4()} if table.has_uuid else {})
                self._count(what, real, insert_of(table, asked))
                self._same(state, what, real, none)
        for constraint, columns, target in table.references:
            if target.split(".")[-1].strip('"') not in self.rows:
                continue
            known = self.rows[target.split(".")[-1].strip('"')][self.victim]
            for column in columns:
                if column == "tenant_id":
                    continue
                asked = [
                    insert_of(table, self._whole(table, self.mallory) | _with(table, column) | {column: one})
                    for one in (known, like(known))
                ]
                real, none = (self._tried(state, f"{one}; SET CONSTRAINTS ALL IMMEDIATE") for one in asked)
                self._count(f"reference {constraint} of {table.said}", real, asked[0])
                self._same(state, f"reference {constraint} of {table.said}", real, none)

    def _differ(self, table):
        """Let their row have other values than Mallory's own, so that only theirs can be in the way."""
        row = self.rows[table.name][self.victim]
        for name in {column for _, columns in table.unique for column in columns} - {"id", "tenant_id"}:
            new = {"integer": "4711", "smallint": "4711", "text": f"'theirs' || \"{name}\""}.get(table.types[name].split("(")[0])
            new = f"'theirs' || \"{name}\"" if table.types[name].startswith("character") else new
            if new is not None:
                with contextlib.suppress(psycopg.Error):
                    self.superuser.execute(f'UPDATE {table.said} SET "{name}" = {new} WHERE id = %s', [row])

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
                self._count(f"call {name}", outcome, asked)
                if not outcome.state and outcome.rows:
                    self.tally.found("leak", "sql", f"{state.name}: call {name}: {outcome.rows} rows")

    def _foreign_calls(self, ticket):
        """Return calls that return a row only when something of theirs was reached."""
        guess = uuid.uuid4().hex
        hit = "SELECT 1 FROM (SELECT {} AS hit) q WHERE hit > 0"
        return {
            "dispatch_stop by row": hit.format(f"public.dispatch_stop('{ticket}', NULL, NULL)"),
            "dispatch_hold": hit.format("public.dispatch_hold()"),
            "dispatch_release": hit.format("public.dispatch_release()"),
            "dispatch_queues": "SELECT 1 FROM public.dispatch_queues()",
            "dispatch_settle by a guess": hit.format(f"public.dispatch_settle('{guess}', '{ticket}', 'x')"),
            "dispatch_put_back by a guess": hit.format(f"public.dispatch_put_back('{guess}', '{ticket}', '0', true)"),
            "dispatch_renew by a guess": f"SELECT 1 FROM public.dispatch_renew('{guess}', 60)",
            "dispatch_renew by nothing": "SELECT 1 FROM public.dispatch_renew('', 60)",
            "lease_tenant": f"SELECT 1 WHERE public.lease_tenant() = '{self.victim}'",
        }

    # --- asking and judging ------------------------------------------------------------------------------------------

    def _tried(self, state, statement, contains=None):
        return ended(self.lines[state.login], state.settings, statement, contains=contains)

    def _judged(self, state, what, outcome, statement):
        """Count an attempt that must hit nothing."""
        self._count(what, outcome, statement)
        if not outcome.state and outcome.rows:
            self.tally.found("leak", "sql", f"{state.name}: {what}: {outcome.rows} rows")

    def _count(self, what, outcome, statement):
        self.tally.attempt("sql", pair=what)
        self.tally.refusal(f"sql_{outcome.state or 'nothing'}")
        self._pair(what, statement)

    def _same(self, state, what, real, none):
        """Count the attempt at what is not there, and compare."""
        self.tally.attempt("sql", pair=what)
        if (real.state, real.rows) != (none.state, none.rows):
            apart = f"{real.state or real.rows} for known, {none.state or none.rows} for unknown"
            self.tally.found("existence_oracle", "sql", f"{state.name}: {what}: {apart}")

    def _pair(self, what, statement):
        """See once that the superuser's statement is done, and hits something."""
        if ("sql", what) in self.tally.paired:
            return
        if ended(self.superuser, {}, statement).state in PROVES.get(what.split()[0], {""}):
            self.tally.succeeded("sql", what)

    # --- what is named -----------------------------------------------------------------------------------------------

    def _conditions(self, table):
        if table.is_of_tenants:
            lost = uuid.uuid4()
            for name, form in SPELT.items():
                yield f"of the tenant {name}", f"tenant_id = '{form(str(self.victim))}'", f"tenant_id = '{form(str(lost))}'"
        if table.name in self.rows:
            row = self.rows[table.name][self.victim]
            lost = like(row)
            for name, form in SPELT.items() if table.has_uuid else [("as it is", str)]:
                yield f"by id {name}", f"id = '{form(str(row))}'", f"id = '{form(str(lost))}'"

    def _place(self, table):
        common = {
            "prefix": self.postgres.prefix, "database": self.postgres.database, "victim": self.victim, "mallory": self.mallory,
            "marker": f"seen-{self.victim}",
        }  # fmt: skip
        if table is None:
            return common
        first = next((name for name, _ in table.columns if name not in {"id", "tenant_id"}), "id")
        return common | {"table": table.said, "bare": table.name, "schema": table.schema, "column": f'"{first}"'}

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
        """Put a row of theirs into each table that has a tenant and no id: what is found before one is known."""
        open_to_all = [one for one in self.tables if one.schema == "public" and one.is_of_tenants and "id" not in one.types]
        for table in open_to_all:
            self.superuser.execute(insert_of(table, self._whole(table, victim)))
        try:
            yield
        finally:
            for table in open_to_all:
                self.superuser.execute(f"DELETE FROM {table.said} WHERE tenant_id = %s", [victim])

    @contextlib.contextmanager
    def _working(self, victim):
        """Let another session of each login stand there, having just asked with a marker as a parameter."""
        with contextlib.ExitStack() as stack:
            for login in catalogue.LOGINS:
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


def _may(table, state, name):
    """Return whether a deed goes with what is granted: whoever changes rows may lock the table, and nothing takes that away."""
    if name == "lock":
        return bool(catalogue.granted(table)[state.login] & {"update", "delete"})
    return name == "pg_stats" and catalogue.reaches(table, state.login, "select")


def _with(table, column):
    """Return what else a row must have whose column refers to something."""
    return BESIDE.get((table.name, column), {})


def _has_rows(table):
    return (
        table.schema == "public"
        and table.kind == "r"
        and table.is_of_tenants
        and "id" in table.types
        and table.name != "dispatch_lease"
    )
