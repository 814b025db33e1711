"""The integrator: recorded entries become leaves, tiles and signed checkpoints, until it is ended."""

import logging
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from governance.audit import services as audit
from kernel.errors import KeeperUnavailable

log = logging.getLogger("guildhall.integrator")
PAUSE_SECONDS = 0.5
SWEEP_SECONDS = 600


class Command(BaseCommand):
    help = "Gives recorded entries their place in the tree and signs checkpoints."
    requires_system_checks = ()
    ended = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits and return")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            audit.integrate_once()
            return
        signal.signal(signal.SIGTERM, self._end)
        swept = float("-inf")
        while not self.ended:
            everything = time.monotonic() - swept > SWEEP_SECONDS
            swept = time.monotonic() if everything else swept
            if not self._turn(everything=everything):
                time.sleep(PAUSE_SECONDS)

    def _turn(self, *, everything: bool) -> int:
        connection.close_if_unusable_or_obsolete()
        try:
            return audit.integrate_once(everything=everything)
        except (OperationalError, KeeperUnavailable) as trouble:
            log.warning("the integrator waits: %s", type(trouble).__name__)
            time.sleep(1)
            return 0

    def _end(self, _number: int, _frame: object) -> None:
        self.ended = True
