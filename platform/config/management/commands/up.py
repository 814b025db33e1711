"""Starts everything on the embedded default and keeps it running."""

import http.client
import logging
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.checks import refuse_unsafe_settings
from config.embedded.left import end_left, told_port
from config.embedded.supervisor import (
    FAILURES,
    AlreadyRunning,
    MigratingFailed,
    PortTaken,
    Supervisor,
    holder,
    refuse_taken,
)

READY_SECONDS = 90


class Command(BaseCommand):
    help = "Starts Postgres, broker, keeper, workers and the portal, and watches them. --detach returns when it is up."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="loopback port of the portal (8000)")
        parser.add_argument("--detach", action="store_true", help="return as soon as the portal answers")

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_unsafe_settings()
        try:
            if options["detach"]:
                self._detach(options["port"])
                return
            logging.basicConfig(level=logging.INFO)
            Supervisor(settings.HERE, port=options["port"]).run(on_ready=lambda: self.stdout.write("started"))
        except AlreadyRunning as running:
            raise CommandError(f"{running}; `make down` stops it") from None
        except (PortTaken, MigratingFailed, *FAILURES) as trouble:
            raise CommandError(str(trouble)) from None

    def _detach(self, port: int) -> None:
        if holder(settings.HERE) is None:
            end_left(settings.HERE)  # or the portal that answers might be the one of before
            refuse_taken(port)
            settings.HERE.logs.mkdir(parents=True, exist_ok=True)
            with (settings.HERE.logs / "supervisor.log").open("ab") as lines:
                child = subprocess.Popen(
                    [sys.executable, "manage.py", "up", "--port", str(port)], cwd=settings.ROOT,
                    stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, start_new_session=True,
                )  # fmt: skip
            self._wait(port, child)
        else:
            if (other := told_port(settings.HERE)) not in {None, port}:
                raise CommandError(f"it runs already, on port {other}: use that, or `make down` first")
            self._wait(port, None)
        self.stdout.write(f"up: http://localhost:{port}")

    def _wait(self, port: int, child: "subprocess.Popen[bytes] | None") -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if child is not None and child.poll() is not None:
                break
            if _is_ours(port):
                return
            time.sleep(0.2)
        raise CommandError(f"it did not come up; see {settings.HERE.logs}")


def _is_ours(port: int) -> bool:
    """Return whether this installation's portal answers there, and not somebody else's server."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.read(100).decode(errors="replace") == f"ok {settings.HERE.digest}")
    except (OSError, http.client.HTTPException):
        return False
