"""One part that cannot start never takes the others down, and each process is told of nothing that is not its own."""

import subprocess
import sys
import time

import pytest

from config.embedded import keeper as keeper_of
from config.embedded.broker import BrokerFailed
from config.embedded.keeper import KeeperFailed
from config.embedded.postgres import PostgresFailed
from config.embedded.supervisor import Part, PortTaken, Supervisor, refuse_taken
from config.env import WrongSetting
from config.installation import Installation
from tests.journeys.conftest import free_port

URLS = {
    "DATABASE_URL": "app", "DATABASE_WORKER_URL": "worker", "DATABASE_INTEGRATOR_URL": "integrator",
    "DATABASE_KEEPER_URL": "keeper", "DATABASE_ADMIN_URL": "owner",
}  # fmt: skip


@pytest.fixture
def here(tmp_path):
    return Installation("here", tmp_path / "data", tmp_path / "run", tmp_path / "keeper")


@pytest.fixture
def bare(monkeypatch):
    """An environment that gives no service."""
    for name in (*URLS, "BROKER_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return monkeypatch


@pytest.fixture
def sleeper():
    """Starts processes that do nothing, and ends them."""
    made = []

    def start():
        made.append(subprocess.Popen(["sleep", "600"]))
        return made[-1]

    yield start
    for one in made:
        one.kill()
        one.wait()


def look_until(supervisor, seen):
    until = time.monotonic() + 20
    while not seen():
        assert time.monotonic() < until, "it did not come to pass"
        supervisor.look()
        time.sleep(0.05)


@pytest.mark.parametrize("trouble", [KeeperFailed("no"), PostgresFailed("no"), BrokerFailed("no"), OSError(12, "no memory")])
def test_a_part_that_fails_to_start_is_tried_again_while_the_others_go_on(here, bare, sleeper, trouble):
    tries = []

    def fails_twice():
        tries.append(time.monotonic())
        if len(tries) <= 2:
            raise trouble
        return sleeper()

    broken, other = Part("keeper", fails_twice), Part("web", sleeper)
    supervisor = Supervisor(here, services=[], parts=[broken, other])
    look_until(supervisor, lambda: len(tries) == 1 and other.is_alive())
    assert not broken.is_alive()
    first = other.running
    first.kill()
    first.wait()
    look_until(supervisor, lambda: other.is_alive() and other.running is not first)
    look_until(supervisor, broken.is_alive)
    assert len(tries) == 3
    assert tries[2] - tries[1] > tries[1] - tries[0] > 0.9, "each wait is longer than the one before"


def test_what_fails_for_long_goes_on_resting_for_long(here, bare, monkeypatch):
    part = Part("keeper", lambda: None, deaths=9, started=time.monotonic() - 29)
    supervisor = Supervisor(here, parts=[part])
    supervisor.look()
    assert part.deaths == 9, "it rests for half a minute"
    part.started = time.monotonic() - 31
    part.start = lambda: (_ for _ in ()).throw(KeeperFailed("no"))
    supervisor.look()
    assert part.deaths == 10, "having failed for long is not having been calm"


def test_a_fault_of_our_own_is_not_hidden(here, bare):
    def faulty():
        raise TypeError

    with pytest.raises(TypeError):
        Supervisor(here, parts=[Part("web", faulty)]).look()


@pytest.mark.parametrize("code", ["import time; time.sleep(600)", "print('starting', flush=True); import time; time.sleep(600)"])
def test_a_keeper_that_says_nothing_is_given_up(code):
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    began = time.monotonic()
    assert not keeper_of._says_ready(running, seconds=0.7)
    assert time.monotonic() - began < 5
    running.kill()
    running.wait()


def test_a_keeper_that_ends_is_not_ready_and_one_that_says_so_is():
    ended = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert not keeper_of._says_ready(ended, seconds=20)
    code = "import time; print('keeper: re', end='', flush=True); time.sleep(0.2); print('ady', flush=True); time.sleep(600)"
    ready = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert keeper_of._says_ready(ready, seconds=20)
    for one in (ended, ready):
        one.kill()
        one.wait()


@pytest.fixture
def in_files(bare, tmp_path):
    """All services given, each by the name of a file."""
    for name, login in URLS.items():
        (tmp_path / login).write_text(f"postgresql://x_{login}:word@server/studio\n")
        bare.setenv(f"{name}_FILE", str(tmp_path / login))
    (tmp_path / "broker").write_text("redis+socket://:word@/run/b.sock?virtual_host=3\n")
    bare.setenv("BROKER_URL_FILE", str(tmp_path / "broker"))


def test_services_given_by_files_are_used_and_the_files_named_to_nobody(here, in_files):
    supervisor = Supervisor(here)
    assert supervisor.postgres is None
    assert supervisor.broker is None
    logins = {"web": "app", "worker": "worker", "device": "worker", "integrator": "integrator"}
    logins |= {"keeper": "keeper", "admin": "owner"}
    for process, login in logins.items():
        told = supervisor.environment(process)
        assert told["DATABASE_URL"] == f"postgresql://x_{login}:word@server/studio"
        assert told["BROKER_URL"] == "redis+socket://:word@/run/b.sock?virtual_host=3"
        assert not {f"{name}_FILE" for name in (*URLS, "BROKER_URL", "CACHE_URL")} & set(told)
        assert not {name for name in told if name.startswith("DATABASE_")} - {"DATABASE_URL", "DATABASE_ROLE_PREFIX"}


def test_the_timetable_has_no_login_and_no_token(here, in_files):
    supervisor = Supervisor(here)
    supervisor.tokens.draw()
    told = supervisor.environment("beat")
    assert told["DATABASE_URL"] == ""
    assert told["GUILDHALL_KEEPER_TOKEN"] == ""
    assert supervisor.environment("web")["GUILDHALL_KEEPER_TOKEN"]


def test_a_login_that_was_forgotten_is_named(here, in_files, monkeypatch):
    monkeypatch.delenv("DATABASE_KEEPER_URL_FILE")
    with pytest.raises(WrongSetting, match="DATABASE_KEEPER_URL"):
        Supervisor(here).environment("keeper")


def test_a_taken_port_is_refused_with_a_sentence():
    import socket

    with socket.socket() as theirs:
        theirs.bind(("127.0.0.1", 0))
        theirs.listen()
        port = theirs.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} cannot be used"):
            refuse_taken(port)
    refuse_taken(free_port())
