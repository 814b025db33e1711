"""Services of their own for one benchmark: `with stage() as services:` gives Postgres, broker, keeper and Django as `app`."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def stage() -> Iterator[Any]:
    """Start what the tests start, and stop it."""
    from tests import conftest

    services = conftest.SERVICES
    services.start()
    try:
        os.environ.update(services.environment("command"))
        import django

        django.setup()
        services.start_keeper()
        yield services
    finally:
        conftest.pytest_unconfigure()


def median(values: list[float]) -> float:
    """Return the middle value."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


@contextlib.contextmanager
def installation() -> Iterator[tuple[str, dict[str, str]]]:
    """An installation of its own, started as a person would, and gone afterwards."""
    home, port = Path(tempfile.mkdtemp(prefix="ghbench-")), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GUILDHALL_", "DATABASE_", "BROKER_"))},
        "GUILDHALL_DATA": str(home / "data"), "GUILDHALL_RUN": str(home / "run"), "GUILDHALL_KEEPER_STORE": str(home / "keeper"),
        "GUILDHALL_URL": f"http://127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    try:
        run([sys.executable, "manage.py", "up", "--detach", "--port", str(port)], environment)
        yield f"http://127.0.0.1:{port}", environment
    finally:
        subprocess.run([sys.executable, "manage.py", "down"], cwd=ROOT, env=environment, check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """Return a port that nobody holds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run(command: list[str], environment: dict[str, str]) -> str:
    """Run a command in the root and return what it prints."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout
