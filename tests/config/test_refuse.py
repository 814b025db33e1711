"""No process works with a login, a server or settings that would not be safe: it ends, and says why."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import override_settings

from config import checks
from config.env import WrongSetting

ROOT = Path(__file__).resolve().parents[2]
DOORS = {
    "web": ["-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", "0", "--lifespan", "off"],
    "worker": ["-m", "celery", "-A", "config", "worker", "-P", "solo", "-Q", "nobody"],
    "device": ["-m", "celery", "-A", "config", "worker", "-P", "solo", "-Q", "nobody"],
    "integrator": ["manage.py", "integrator", "--once"],
    "keeper": ["-m", "keeper"],
}


@pytest.fixture
def superuser_url(services):
    postgres = services.postgres
    return f"postgresql://postgres:{postgres._password('superuser')}@/{postgres.database}?host={postgres.run}"


def start(services, process, **given):
    environment = {**os.environ, **services.environment(process), **given}
    return subprocess.run(
        [sys.executable, *DOORS[process]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("process", list(DOORS))
def test_no_door_is_entered_by_a_superuser(services, superuser_url, process):
    done = start(services, process, DATABASE_URL=superuser_url)
    assert done.returncode
    assert "Guildhall does not start" in done.stderr
    assert "is a superuser" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_owner_does_not_integrate_and_the_integrator_does(services, keeper):
    refused = start(services, "integrator", DATABASE_URL=services.postgres.url("owner"))
    assert refused.returncode
    assert "owns tables" in refused.stderr
    assert start(services, "integrator").returncode == 0


def test_an_unsafe_production_does_not_start(services):
    done = start(services, "integrator", GUILDHALL_PRODUCTION="yes", GUILDHALL_DEBUG="yes")
    assert done.returncode
    assert "GUILDHALL_DEBUG is on" in done.stderr
    assert "GUILDHALL_SECRET_KEY" in done.stderr


@pytest.fixture
def login(services):
    """Makes a login with some words, and looks at it: returns what is wrong with it."""
    made = []
    with services.postgres.superuser() as superuser:

        def look(words="", grant=""):
            name = f"odd_{len(made)}"
            made.append(name)
            superuser.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'word' {words}")
            if grant:
                superuser.execute(f"GRANT {grant} TO {name}")
            superuser.execute(f'GRANT CONNECT ON DATABASE "{services.postgres.database}" TO {name}')
            with psycopg.connect(
                host=str(services.postgres.run), dbname=services.postgres.database, user=name, password="word"
            ) as connection, connection.cursor() as cursor:  # fmt: skip
                return checks.login_faults(cursor)

        yield look
        for name in made:
            superuser.execute(f'REVOKE ALL ON DATABASE "{services.postgres.database}" FROM {name}')
            superuser.execute(f"DROP ROLE {name}")


def test_each_way_round_the_walls_is_seen(login):
    assert login() == []
    for words, grant, said in (
        ("SUPERUSER", "", "is a superuser"),
        ("BYPASSRLS", "", "passes by row-level security"),
        ("CREATEROLE", "", "may make roles"),
        ("REPLICATION", "", "may replicate"),
        ("", "ghtest_app", "is a member of another role"),
        ("", "pg_read_all_data", "is a member of another role"),
    ):
        [fault] = login(words, grant)
        assert said in fault


@pytest.mark.parametrize("name", ["app", "worker", "integrator", "keeper"])
def test_our_own_logins_are_safe(services, name):
    with psycopg.connect(services.postgres.url(name)) as connection, connection.cursor() as cursor:
        assert checks.login_faults(cursor) == []


class OldServer:
    """A cursor on a server of before the mending, with a login that is otherwise fine."""

    def execute(self, query, _params=None):
        self.answer = (150_019, "15.19") if "server_version" in query else (False,) * len(checks._FAULTS)

    def fetchone(self):
        return self.answer


def test_a_server_that_is_too_old_is_refused():
    [fault] = checks.login_faults(OldServer())
    assert "15.19 is too old" in fault


SAFE = {
    "PRODUCTION": True, "DEBUG": False, "PUBLIC_URL": "https://studio.example", "SECRET_KEY_GIVEN": "x" * 32,
    "DATABASE_URL": "postgresql://server/studio",
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "said"), [
    ({"DEBUG": True}, "GUILDHALL_DEBUG"),
    ({"PUBLIC_URL": "http://studio.example"}, "https://"),
    ({"SECRET_KEY_GIVEN": ""}, "GUILDHALL_SECRET_KEY"),
    ({"SECRET_KEY_GIVEN": "short"}, "GUILDHALL_SECRET_KEY"),
    ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ({"KEEPER_STORE": settings.HERE.data / "keeper"}, "keeper's store lies in the data folder"),
])  # fmt: skip
def test_unsafe_settings_are_named(wrong, said):
    with override_settings(**SAFE):
        checks.refuse_unsafe_settings()
    with override_settings(**SAFE | wrong), pytest.raises(WrongSetting, match=said):
        checks.refuse_unsafe_settings()


def test_a_database_that_stays_away_ends_the_process(monkeypatch):
    monkeypatch.setattr(checks, "PATIENCE_SECONDS", 0.5)
    away = override_settings(DATABASE_URL="postgresql://x:word@/x?host=/nowhere", PROCESS="web")
    with away, pytest.raises(WrongSetting, match="does not answer") as ended:
        checks.refuse_unsafe()
    assert "word" not in str(ended.value)


@pytest.mark.parametrize(("process", "open_to_others"), [
    ("web", 0), ("worker", 0), ("device", 0), ("integrator", 0), ("keeper", 0), ("command", 1),
])  # fmt: skip
def test_a_process_with_secrets_is_closed_to_its_own_user(process, open_to_others):
    asked = (
        "import ctypes, os, resource; from django.conf import settings; settings.DEBUG;"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), 'GUILDHALL_KEEPER_TOKEN' in os.environ)"
    )
    environment = {**os.environ, "GUILDHALL_PROCESS": process, "GUILDHALL_KEEPER_TOKEN": "00" * 32}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.split() == [str(open_to_others), "False"]
