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
    "command": [
        "manage.py",
        "found_studio",
        "odd",
        "--name",
        "Odd",
        "--owner-email",
        "t@example.com",
        "--owner-name",
        "Tom",
        "--password-file",
        "/dev/null",
    ],
}
REFUSED = dict.fromkeys(DOORS, "Guildhall does not start") | {"command": "SystemCheckError"}

WAYS = [
    ("SUPERUSER", "", "is a superuser"),
    ("BYPASSRLS", "", "passes by row-level security"),
    ("CREATEROLE", "", "may make roles"),
    ("REPLICATION", "", "may replicate"),
    ("", "ghtest_app", "is a member of another role"),
    ("NOINHERIT", "ghtest_owner", "is a member of another role"),
    ("NOINHERIT", "ghtest_app", "is a member of another role"),
    ("", "pg_read_all_data", "is a member of another role"),
]


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
    assert REFUSED[process] in done.stderr
    assert "is a superuser" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("words", "grant", "said"), WAYS)
def test_every_door_is_closed_to_every_way_round(services, login, words, grant, said):
    """One way and one door at a time would start forty processes; which way a door refuses does not depend on the door."""
    door = list(DOORS)[WAYS.index((words, grant, said)) % len(DOORS)]
    done = start(services, door, DATABASE_URL=login.url(words, grant))
    assert done.returncode
    assert REFUSED[door] in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize("process", list(DOORS))
def test_no_door_is_entered_by_the_owner(services, process):
    done = start(services, process, DATABASE_URL=services.postgres.url("owner"))
    assert done.returncode
    assert "owns tables" in done.stderr


def test_a_command_of_the_right_login_is_run(services, keeper):
    """It is let past the check, and then refuses an empty password; `doctor` runs with any login, to tell what is wrong."""
    done = start(services, "command")
    assert "not founded" in done.stderr
    assert "SystemCheckError" not in done.stderr
    environment = {**os.environ, **services.environment("command"), "DATABASE_URL": services.postgres.url("owner")}
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )  # fmt: skip
    assert done.stdout.count("owns tables") == 1


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


class Logins:
    """Makes logins with some words and grants, and takes them away."""

    def __init__(self, services, superuser):
        self.services, self.superuser, self.made = services, superuser, []

    def url(self, words="", grant=""):
        """Return the URL of a new login."""
        name, postgres = f"odd_{len(self.made)}", self.services.postgres
        self.made.append(name)
        self.superuser.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'word' {words}")
        if grant:
            self.superuser.execute(f"GRANT {grant} TO {name}")
        self.superuser.execute(f'GRANT CONNECT ON DATABASE "{postgres.database}" TO {name}')
        return f"postgresql://{name}:word@/{postgres.database}?host={postgres.run}"

    def faults(self, words="", grant="", then=""):
        """Return what is wrong with a new login, after a statement of the superuser's."""
        url = self.url(words, grant)
        if then:
            with self.services.postgres.superuser(self.services.postgres.database) as superuser:
                superuser.execute(then.format(login=self.made[-1]))
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            return checks.login_faults(cursor)

    def forget(self):
        for name in self.made:
            self.superuser.execute(f'REVOKE ALL ON DATABASE "{self.services.postgres.database}" FROM {name}')
            self.superuser.execute(f"DROP ROLE {name}")


@pytest.fixture
def login(services):
    with services.postgres.superuser() as superuser:
        logins = Logins(services, superuser)
        yield logins
        logins.forget()


def test_each_way_round_the_walls_is_seen(login):
    assert login.faults() == []
    for words, grant, said in WAYS:
        [fault] = login.faults(words, grant)
        assert said in fault


def test_who_owns_a_table_or_the_database_is_seen(login, services):
    [fault] = login.faults(then="CREATE TABLE odd_table (); ALTER TABLE odd_table OWNER TO {login}")
    assert "owns tables" in fault
    with services.postgres.superuser(services.postgres.database) as superuser:
        superuser.execute("DROP TABLE odd_table")
    name = services.postgres.database
    try:
        [fault] = login.faults(then=f'ALTER DATABASE "{name}" OWNER TO {{login}}')
        assert "owns the database" in fault
    finally:
        with services.postgres.superuser() as superuser:
            superuser.execute(f'ALTER DATABASE "{name}" OWNER TO ghtest_owner')


@pytest.mark.parametrize("name", ["app", "worker", "integrator", "keeper"])
def test_our_own_logins_are_safe(services, name):
    with psycopg.connect(services.postgres.url(name)) as connection, connection.cursor() as cursor:
        assert checks.login_faults(cursor) == []


class OtherServer:
    """A cursor on a server of another version, with a login that is otherwise fine."""

    def __init__(self, number):
        self.number = number

    def execute(self, query, _params=None):
        said = f"{self.number // 10_000}.{self.number % 10_000}"
        self.answer = (self.number, said) if "server_version" in query else (False,) * len(checks._FAULTS)

    def fetchone(self):
        return self.answer


@pytest.mark.parametrize(("old", "least", "instead"), [
    (150_019, 150_020, "15.20"), (160_015, 160_016, "16.16"), (170_011, 170_012, "17.12"), (180_005, 180_006, "18.6"),
    (140_030, 190_000, "15.20"), (90_624, 190_001, "15.20"),
])  # fmt: skip
def test_a_server_that_is_too_old_is_refused(old, least, instead):
    [fault] = checks.login_faults(OtherServer(old))
    assert f"is too old: take {instead} or newer" in fault
    assert checks.login_faults(OtherServer(least)) == []


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
