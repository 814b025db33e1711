"""What the walls cost: list queries as login `app` under its policies against the same ones past them, and an Actor's rights.

Each list is asked for the first page and for all rows, in a project of 6,000 rows beside another studio's 6,000. The peer is a
login that passes by row-level security and names the tenant in the query, as one would without policies, so that both may use
the same index. Only the statement and its rows are timed, not Django, which would hide the difference. Rounds are interleaved: each
asks both ways, in turns the one first or the other, so that whatever else the machine does falls on both. Of each way the median
counts, and in the lines that end in `_quiet` the upper end of the least disturbed tenth; of the lists the median counts again.
"""

import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench.stage import stage

ROWS, PAGE = 6000, 51
ROUNDS, OF_ALL_ROWS = 1001, 31
TABLES = {"gallery_asset": "'shown'", "generations_generation": "'refused'", "training_run": "'failed'"}


@dataclass(frozen=True)
class Overhead:
    """How many times as long a list takes under its policies: by the medians, and by the quietest tenths."""

    median: float
    quiet: float


def main() -> None:
    """Print the ratios and the time."""
    with stage() as services:
        from tests.factories.studio import found

        ours, theirs = found("Ours"), found("Theirs")
        for studio in (ours, theirs):
            _fill(services, studio)
        pages = _ratios(services, ours, _lists(ours, PAGE), rounds=ROUNDS)
        scans = _ratios(services, ours, _lists(ours, ROWS), rounds=OF_ALL_ROWS)
        checks = _checks(ours)
    print(f"rls.list_overhead: {statistics.median(one.median for one in pages):.3f}")
    print(f"rls.list_overhead_worst: {max(one.median for one in pages):.3f}")
    print(f"rls.list_overhead_quiet: {statistics.median(one.quiet for one in pages):.3f}")
    print(f"rls.scan_overhead: {statistics.median(one.median for one in scans):.3f}")
    print(f"access.check_us: {statistics.median(checks) * 1e6:.0f}")
    print(f"access.check_us_quiet: {_quiet(checks) * 1e6:.0f}")


def _fill(services: Any, studio: Any) -> None:
    """Put rows into each table, past references, as only their number and size matter."""
    with services.postgres.superuser(services.postgres.database) as superuser:
        superuser.execute("SET session_replication_role = replica")
        for table, state in TABLES.items():
            columns = _columns(superuser, table, studio, state)
            names, values = ", ".join(columns), ", ".join(columns.values())
            superuser.execute(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM generate_series(1, {ROWS}) n')
            superuser.execute(f'ANALYZE "{table}"')


def _columns(superuser: Any, table: str, studio: Any, state: str) -> dict[str, str]:
    said = {
        "tenant_id": f"'{studio.tenant}'", "project_id": f"'{studio.project}'", "person_id": f"'{studio.people['alice']}'",
        "state": state, "standing": state, "purpose": "'picture'", "created": "now() - n * interval '1 second'",
    }  # fmt: skip
    plain = {
        "uuid": "gen_random_uuid()", "text": "'x'", "character varying": "'x'", "integer": "64", "bigint": "n", "smallint": "1",
        "double precision": "1", "boolean": "false", "timestamp with time zone": "now()", "jsonb": "'{}'",
    }  # fmt: skip
    needed = superuser.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
        " AND (is_nullable = 'NO' OR column_name = 'state')",
        [table],
    ).fetchall()
    return {f'"{name}"': said.get(name, plain[kind]) for name, kind in needed}


def _lists(studio: Any, most: int) -> list[tuple[str, str, tuple[Any, ...]]]:
    """Return each list as the app asks it, as one would ask it without policies, and its values."""
    from tenants.gallery import services as gallery
    from tenants.generations import services as generations
    from tenants.training import services as training

    lena = studio.actor("lena")
    found = [gallery.find(lena), generations.of_project(lena), training.of_project(lena)]
    queries = []
    for rows in found:
        ordered = rows.order_by("-created", "id")
        asked, values = ordered[:most].query.sql_with_params()
        named, more = ordered.filter(tenant_id=studio.tenant)[:most].query.sql_with_params()
        queries.append((asked, values, named, more))
    return queries  # type: ignore[return-value]


def _ratios(services: Any, studio: Any, lists: list[Any], *, rounds: int) -> list[Overhead]:
    import psycopg

    with (
        psycopg.connect(services.postgres.url("app")) as app,
        services.postgres.superuser(services.postgres.database) as past,
    ):
        app.prepare_threshold = past.prepare_threshold = None  # Django prepares none: planning counts
        past.execute("BEGIN")
        app.execute("SELECT set_config('app.tenant', %s, true)", [str(studio.tenant)])
        ratios: list[Overhead] = []
        for asked, values, named, more in lists:
            walled, bare = (lambda: app.execute(asked, values).fetchall()), (lambda: past.execute(named, more).fetchall())  # noqa: B023  # asked at once
            assert len(walled()) == len(bare()) >= PAGE
            ratios.append(_ratio(walled, bare, rounds))
    return ratios


def _ratio(walled: Callable[[], Any], bare: Callable[[], Any], rounds: int) -> Overhead:
    times: tuple[list[float], list[float]] = ([], [])
    pairs = list(zip((walled, bare), times, strict=True))
    for _ in range(rounds):
        for ask, took in pairs:
            took.append(_timed(ask))
        pairs.reverse()
    (typical, peers), (quiet, quiet_peers) = map(statistics.median, times), map(_quiet, times)
    return Overhead(median=typical / peers, quiet=quiet / quiet_peers)


def _quiet(times: list[float]) -> float:
    """Return the tenth that was least disturbed, at its upper end: whatever else this machine does only ever adds time."""
    return statistics.quantiles(times, n=10)[0]


def _checks(studio: Any) -> list[float]:
    """Return the seconds in which a person's rights in a project are read, one transaction included."""
    from access import services as access

    person: uuid.UUID = studio.people["alice"]
    ask = lambda: access.actor_for(person, tenant=studio.tenant, project=studio.project)  # noqa: E731  # said once
    ask()
    return [_timed(ask) for _ in range(ROUNDS)]


def _timed(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
