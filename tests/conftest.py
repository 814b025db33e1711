"""Real services for the tests: one embedded Postgres, one broker, one keeper per run, each test a tenant of its own.

Nothing is rolled back or flushed (the ledger refuses TRUNCATE): a test commits under a fresh tenant, as people do.
The run's database is migrated by the owner; tests speak as login `app` unless `as_login` says otherwise.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
HOME = Path(tempfile.mkdtemp(prefix="ghtest-"))

os.environ.update(
    GUILDHALL_DATA=str(HOME / "data"),
    GUILDHALL_RUN=str(HOME / "run"),
    GUILDHALL_KEEPER_STORE=str(HOME / "keeper"),
    DJANGO_SETTINGS_MODULE="config.settings",
    OMP_NUM_THREADS="1",
    HF_HUB_OFFLINE="1",
)

from config.embedded.broker import Broker  # the environment above must stand before settings are read
from config.embedded.keeper import Tokens, start_keeper
from config.embedded.postgres import Postgres


class Services:
    """What runs beside the tests; `environment(process)` is what the supervisor would give that process."""

    def __init__(self) -> None:
        self.postgres = Postgres(
            folder=HOME / "pg", run=HOME / "run" / "pg", secrets=HOME / "secrets", log=HOME / "logs" / "pg.log", prefix="ghtest"
        )
        self.broker = Broker(run=HOME / "run" / "broker", password=secrets.token_hex(8), log=HOME / "logs" / "broker.log")
        self.tokens = Tokens(folder=HOME / "run" / "keeper")
        self.keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (HOME / "run").mkdir(mode=0o711, exist_ok=True)
        self.postgres.start()
        self.broker.start()
        self.tokens.draw()
        migrate = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env={**os.environ, **self.environment("admin")},
            capture_output=True,
            text=True,
            check=False,
        )
        if migrate.returncode:
            raise RuntimeError(migrate.stderr[-3000:])

    def start_keeper(self) -> None:
        if self.keeper is None or self.keeper.poll() is not None:
            self.keeper = start_keeper({**os.environ, **self.environment("keeper")}, log=HOME / "logs" / "keeper.log")

    def stop(self) -> None:
        if self.keeper is not None and self.keeper.poll() is None:
            self.keeper.terminate()
            self.keeper.wait(timeout=10)
        self.broker.stop()
        self.postgres.stop()

    def environment(self, process: str) -> dict[str, str]:
        login = {"web": "app", "command": "app", "worker": "worker", "device": "worker", "admin": "owner"}.get(process, process)
        return {
            "GUILDHALL_PROCESS": process,
            "DATABASE_ROLE_PREFIX": "ghtest",
            "DATABASE_URL": self.postgres.url(login),
            "BROKER_URL": self.broker.url(),
            "CACHE_URL": self.broker.cache_url(),
            "GUILDHALL_KEEPER_TOKEN": self.tokens.drawn.get(process, ""),
        }


SERVICES = Services()


def pytest_configure(config: pytest.Config) -> None:
    """Start the services before Django reads its settings, once per run, unless only pure tests are asked for.

    Each of several processes starts its own; the one that gives tests out starts none.
    """
    is_giving_out = bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
    if config.option.collectonly or is_giving_out or os.environ.get("GUILDHALL_TESTS") == "pure":
        return
    try:
        SERVICES.start()
        os.environ.update(SERVICES.environment("command"))
        import django

        django.setup()
    except BaseException:
        SERVICES.stop()
        raise


def pytest_unconfigure() -> None:
    with contextlib.suppress(Exception):
        from django.db import connections

        connections.close_all()
    SERVICES.stop()
    if os.environ.get("GUILDHALL_TESTS_KEEP") != "1":
        shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def services() -> Services:
    """The running Postgres and broker."""
    return SERVICES


@pytest.fixture(scope="session")
def keeper(services: Services) -> Services:
    """A running keeper beside them."""
    services.start_keeper()
    return services


@pytest.fixture
def as_the_web_asks(services: Services) -> Iterator[None]:
    """Ask the keeper as `web` does, which alone opens machine secrets."""
    from django.test import override_settings

    with override_settings(KEEPER_TOKEN=bytes.fromhex(services.tokens.drawn.get("web", ""))):
        yield


@pytest.fixture(scope="session")
def as_login(services: Services) -> Callable[[str], contextlib.AbstractContextManager[None]]:
    """Run a block as another login: `with as_login("worker"): …`."""

    @contextlib.contextmanager
    def swapped(login: str) -> Iterator[None]:
        from django.db import connection

        from config.installation import parts

        before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
        new = parts(services.postgres.url(login))
        connection.close()
        connection.settings_dict.update(USER=new["USER"], PASSWORD=new["PASSWORD"])
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)

    return swapped


@pytest.fixture(scope="session")
def studio(keeper: Services):
    """The cast's studio, made once per run; tests that count rows make their own."""
    from tests.factories.studio import found

    return found("Atelier")


@pytest.fixture(scope="session")
def elsewhere(keeper: Services):
    """Mallory's studio."""
    from tests.factories.studio import found

    return found("Elsewhere")


@pytest.fixture
def api():
    """An API client of a person: `api(studio, "alice").get("/api/v1/…")`."""
    from django.test import Client

    def client(of, who):
        return Client(headers={"Authorization": f"Bearer {of.token(who)}"})

    return client


@pytest.fixture
def hold(as_login):
    """Hold a ticket of an intent under a lease, as a worker that has just taken it."""

    def held(place, intent, kind="generate", *, seconds=60):
        from django.db import connection

        lease, ticket = uuid4(), uuid4()
        with as_login("owner"), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO dispatch_lease (id, tenant_id, worker, token_digest, ends) VALUES (%s, %s, 'test', %s,"
                " clock_timestamp() + make_interval(secs => %s::float))",
                [lease, place[0], lease.hex, seconds],
            )
            cursor.execute(
                "INSERT INTO dispatch_ticket (id, tenant_id, project_id, kind, row, intent, shape_key, needs, cost, priority,"
                " state, outcome, attempts, lease_id, taken) VALUES (%s, %s, %s, %s, %s, %s, '', '[]', 1, 0, 'taken', '', 1, %s,"
                " clock_timestamp())",
                [ticket, *place, kind, ticket, intent, lease],
            )
        return lease, ticket

    return held
