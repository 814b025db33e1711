"""Stops what `up` started."""

import os
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded.left import end_left
from config.embedded.supervisor import holder

PATIENCE_SECONDS = 60


class Command(BaseCommand):
    help = "Stops the processes of this installation, cleanly."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        pid = holder(settings.HERE)
        if pid is None:
            left = end_left(settings.HERE)
            self.stdout.write(f"ended what was left: {', '.join(left)}" if left else "nothing runs on this data folder")
            return
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if holder(settings.HERE) is None:
                self.stdout.write("stopped")
                return
            time.sleep(0.1)
        raise CommandError(f"process {pid} did not stop within {PATIENCE_SECONDS} seconds")
