"""Starts the whole tree, notices when a part of it dies, starts that part again, and stops everything cleanly.

One supervisor per data folder, by a lock that the kernel drops when it dies. Each process gets its own database login
and its own keeper token, and nobody else's. Services whose URL was given from outside are used and never started.
What it starts ends with it, also when it is killed; what a killed one left all the same is ended before the next starts.
"""

import fcntl
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Final

import psycopg
import redis

from config import env
from config.embedded.bound import bound
from config.embedded.broker import Broker, BrokerFailed
from config.embedded.keeper import KeeperFailed, Tokens, start_keeper
from config.embedded.left import end_left, tell
from config.embedded.postgres import Postgres, PostgresFailed
from config.installation import LOGINS, ROOT, Installation, private_folder, write_private

log = logging.getLogger("guildhall.supervisor")

LOOK_SECONDS: Final = 0.5
CALM_SECONDS: Final = 30
LONGEST_REST_SECONDS: Final = 30
# The timetable only rings: it has no login and no token.
LOGIN: Final = {"web": "app", "worker": "worker", "device": "worker", "integrator": "integrator", "keeper": "keeper",
                "admin": "owner", "beat": None}  # fmt: skip
URL_OF_LOGIN: Final = {"app": "DATABASE_URL", "worker": "DATABASE_WORKER_URL", "integrator": "DATABASE_INTEGRATOR_URL",
                       "keeper": "DATABASE_KEEPER_URL", "owner": "DATABASE_ADMIN_URL"}  # fmt: skip
_HANDED_OUT: Final = (*URL_OF_LOGIN.values(), "BROKER_URL", "CACHE_URL", "GUILDHALL_KEEPER_TOKEN", "GUILDHALL_PROCESS")
_OURS: Final = frozenset({*_HANDED_OUT, *(f"{name}_FILE" for name in _HANDED_OUT)})
_WITHOUT_STORE: Final = ("keeper", "integrator", "admin", "beat")
_STORE: Final = ("OBJECT_STORE_URL", "AWS_")
# What a start can end in when the world, and not our code, is to blame: it is tried again.
FAILURES: Final = (KeeperFailed, PostgresFailed, BrokerFailed, OSError, psycopg.Error, redis.RedisError)


class AlreadyRunning(RuntimeError):
    """Another supervisor holds this data folder."""


class PortTaken(RuntimeError):
    """Another program listens where the portal should."""


class MigratingFailed(RuntimeError):
    """The database could not be brought up to date; the log says why."""


@dataclass
class Part:
    """One process of the tree: how to start it, and how often it died or failed to start lately."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    running: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def rests(self) -> bool:
        """Return whether it is too early to start it again: the wait doubles with each death."""
        return time.monotonic() - self.started < min(0.5 * 2.0**self.deaths, LONGEST_REST_SECONDS)


@dataclass
class Supervisor:
    """The tree of one installation."""

    here: Installation
    port: int = 8000
    services: list[Part] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    stopping: bool = False
    lock: "IO[str] | None" = None

    def __post_init__(self) -> None:
        self.given = {login: env.text(name) for login, name in URL_OF_LOGIN.items()}
        self.given_broker, self.given_cache = env.text("BROKER_URL"), env.text("CACHE_URL")
        self.postgres = None if self.given["app"] else Postgres(
            folder=self.here.data / "postgres", run=self.here.run / "pg", secrets=self.here.secrets,
            log=self.here.logs / "postgres.log", prefix=self.here.name,
        )  # fmt: skip
        self.broker = (
            None
            if self.given_broker
            else Broker(
                run=self.here.run / "broker", password=self.here.secret("broker-password"), log=self.here.logs / "broker.log"
            )
        )
        self.tokens = Tokens(folder=self.here.run / "keeper")

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Start everything, call `on_ready`, and watch until SIGTERM or SIGINT. Raises AlreadyRunning."""
        self.take_lock()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_soon)
        try:
            self.start()
            on_ready()
            while not self.stopping:
                self.look()
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop()

    def take_lock(self) -> None:
        """Hold this data folder. Raises AlreadyRunning."""
        self.here.data.mkdir(parents=True, exist_ok=True)
        self.lock = (self.here.data / "supervisor.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"something already runs on {self.here.data}") from None
        self.lock.truncate(0)
        self.lock.write(str(os.getpid()))
        self.lock.flush()

    def start(self) -> None:
        """Start services first, then our processes, each when what it needs answers. Raises PortTaken and FAILURES."""
        private_folder(self.here.run, mode=0o711)
        private_folder(self.here.logs)
        for name in end_left(self.here):
            log.warning("%s still ran from a start before; it was ended", name)
        refuse_taken(self.port)
        starts = [("postgres", self.postgres, self._start_postgres), ("broker", self.broker, self._start_broker)]
        self.services = [Part(name, start) for name, service, start in starts if service is not None]
        for part in self.services:
            self._start(part)
        self.tokens.draw()
        self._migrate()
        self.parts = [Part("keeper", self._start_keeper), *(Part(name, self._starter(name)) for name in self._commands())]
        for part in self.parts:
            self._start(part)

    def look(self) -> None:
        """Start again what has died; what keeps dying or cannot start waits longer each time, and the rest goes on."""
        for part in [*self.services, *self.parts]:
            if part.is_alive():
                part.deaths = 0 if time.monotonic() - part.started > CALM_SECONDS else part.deaths
            elif not self.stopping and not part.rests():
                self._revive(part)

    def stop(self) -> None:
        """Stop our processes in reverse order, then the services."""
        self.stopping = True
        for part in reversed(self.parts):
            if part.is_alive() and part.running is not None:
                part.running.send_signal(signal.SIGTERM)
        for part in reversed(self.parts):
            _end(part)
        if self.broker is not None:
            self.broker.stop()
        if self.postgres is not None:
            self.postgres.stop()
        (self.here.run / "status.json").unlink(missing_ok=True)

    def environment(self, process: str) -> dict[str, str]:
        """Return the environment of one process: its own login, its own token, nobody else's."""
        clean = {name: value for name, value in os.environ.items() if name not in _OURS}
        if process in _WITHOUT_STORE:
            clean = {name: value for name, value in clean.items() if not name.startswith(_STORE)}
        return {
            # A passkey belongs to a name and never to a number, so the address that people use is this machine's name.
            "GUILDHALL_URL": f"http://localhost:{self.port}",
            **clean,
            "GUILDHALL_PROCESS": process,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self._database_url(LOGIN[process]),
            "BROKER_URL": self.broker.url() if self.broker is not None else self.given_broker,
            "CACHE_URL": self.broker.cache_url() if self.broker is not None else self.given_cache,
            "GUILDHALL_KEEPER_TOKEN": self.tokens.drawn.get(process, ""),
            "PYTHONUNBUFFERED": "1",
        }

    def _database_url(self, login: str | None) -> str:
        if login is None:
            return ""
        url = self.postgres.url(login) if self.postgres is not None else self.given[login]
        if not url:
            raise env.WrongSetting(f"{URL_OF_LOGIN[login]} is not set, but DATABASE_URL is: give all five of them")
        return url

    def _commands(self) -> dict[str, list[str]]:
        python = sys.executable
        celery = [python, "-m", "celery", "-A", "config"]
        worker = [*celery, "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        device = env.text("GUILDHALL_DEVICE", "cpu0")
        timetable = str(self.here.run / "timetable")
        return {
            "integrator": [python, "manage.py", "integrator"],
            "worker": [*worker, "-P", "threads", "-c", "2", "-Q", "cpu", "-n", "cpu@%h"],
            "device": [*worker, "-P", "solo", "-c", "1", "-Q", f"device,device.{device}", "-n", f"device-{device}@%h"],
            # A process of its own: started inside the worker it outlives a killed one.
            "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", timetable, "--pidfile="],
            "web": [python, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(self.port),
                    "--lifespan", "off", "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3",
                    # Who asks is read from a header by us alone, and only behind proxies that the operator names.
                    "--no-proxy-headers"],
        }  # fmt: skip

    def _starter(self, name: str) -> Callable[[], "subprocess.Popen[bytes]"]:
        def start() -> "subprocess.Popen[bytes]":
            with (self.here.logs / f"{name}.log").open("ab") as lines:
                return subprocess.Popen(
                    [*bound(), *self._commands()[name]], cwd=ROOT, env=self.environment(name), stdin=subprocess.DEVNULL,
                    stdout=lines, stderr=lines, start_new_session=True,
                )  # fmt: skip

        return start

    def _start_keeper(self) -> "subprocess.Popen[bytes]":
        return start_keeper(self.environment("keeper"), log=self.here.logs / "keeper.log")

    def _start_postgres(self) -> "subprocess.Popen[bytes]":
        if self.postgres is None:
            raise PostgresFailed("PostgreSQL was given by its URL")
        self.postgres.stop()  # a start that failed half-way may have left it running
        self.postgres.start()
        for login in LOGINS:
            write_private(self.here.secrets / f"database-{login}.url", self.postgres.url(login))
        return _running(self.postgres.running)

    def _start_broker(self) -> "subprocess.Popen[bytes]":
        if self.broker is None:
            raise BrokerFailed("the broker was given by its URL")
        self.broker.start()
        return _running(self.broker.running)

    def _start(self, part: Part) -> None:
        part.started = time.monotonic()
        part.running = part.start()
        part.started = time.monotonic()
        self._tell()

    def _revive(self, part: Part) -> None:
        """Start a part again. A start that fails counts as a death: one part never takes the others down."""
        part.deaths += 1
        status = part.running.returncode if part.running is not None else None
        log.warning("%s ended with status %s; starting it again (%s times lately)", part.name, status, part.deaths)
        part.running = None
        try:
            self._start(part)
        except FAILURES as trouble:
            log.warning("%s did not start (%s: %s); it is tried again", part.name, type(trouble).__name__, trouble)

    def _migrate(self) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT, env=self.environment("admin"), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            (self.here.logs / "migrate.log").write_text(done.stderr, encoding="utf-8")
            raise MigratingFailed(f"migrating failed; see {self.here.logs / 'migrate.log'}")

    def _tell(self) -> None:
        processes = {part.name: part.running.pid for part in [*self.services, *self.parts] if part.running is not None}
        tell(self.here, port=self.port, processes=processes)

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.stopping = True


def holder(here: Installation) -> int | None:
    """Return the process id of the supervisor that holds this data folder, or None."""
    path = here.data / "supervisor.lock"
    if not path.exists():
        return None
    with path.open("r", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
        return None


def status(here: Installation) -> dict[str, int]:
    """Return name → process id of what the supervisor said it runs, or nothing."""
    path = here.run / "status.json"
    if not path.exists():
        return {}
    processes: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))["processes"]
    return processes


def refuse_taken(port: int) -> None:
    """Raise PortTaken when something listens on this loopback port."""
    with socket.socket() as probe:
        # What the portal's server does too: only one that listens stands in the way, not a connection that has ended.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as trouble:
            raise PortTaken(f"port {port} cannot be used ({trouble.strerror}): free it, or make … PORT=8001") from None


def _running(started: "subprocess.Popen[bytes] | None") -> "subprocess.Popen[bytes]":
    if started is None:
        raise RuntimeError("a service that has started has a process")
    return started


def _end(part: Part) -> None:
    if part.running is None:
        return
    try:
        part.running.wait(timeout=15)
    except subprocess.TimeoutExpired:
        part.running.kill()
        part.running.wait()
