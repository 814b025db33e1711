"""Make a picture again from its record, and say whether every pixel is the same."""

import os
import time
from argparse import ArgumentParser
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from access import services as access
from access.actor import Actor
from kernel.errors import GuildhallError
from tenants.generations import services as generations

_OVER: Final = {"finished", "failed"}
_LOOK_SECONDS: Final = 0.3


class Command(BaseCommand):
    """Asks as a person (GUILDHALL_TOKEN), waits for the ticket, drives no engine itself."""

    help = "Makes ASSET again and compares the raw pixels. Needs GUILDHALL_TOKEN, an API token that may ask for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("asset", type=UUID)
        parser.add_argument("--project", type=UUID, help="the asset's project, where the token is not bound to one")
        parser.add_argument("--wait", type=float, default=300.0, help="seconds to wait at most")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            actor = access.actor_from_token(_token(), project=options["project"])
            run = generations.replay(actor, asset=options["asset"])
            self._report(_when_over(actor, run.id, seconds=options["wait"]))
        except GuildhallError as trouble:
            raise CommandError(f"not replayed: {trouble}") from trouble

    def _report(self, run: Any) -> None:
        if run.state == "failed":
            raise CommandError(f"not replayed: {run.code or 'the run failed'}")
        if run.equal:
            self.stdout.write(self.style.SUCCESS("replayed: bit-equal"))
            return
        self.stdout.write(f"replayed: not equal; the largest difference of a channel is {run.largest_difference} of 255")
        for fact in run.differing_facts:
            self.stdout.write(f"  differs on this machine: {fact}")
        raise CommandError("the pixels differ", returncode=2)


def _token() -> str:
    token = os.environ.get("GUILDHALL_TOKEN", "")
    if not token:
        raise CommandError("set GUILDHALL_TOKEN to an API token (ghl_pat_…) of somebody who may ask for a replay")
    return token


def _when_over(actor: Actor, run: UUID, *, seconds: float) -> Any:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with actor.reading():
            found = generations.find_replay(actor, replay=run)
        if found.state in _OVER:
            return found
        time.sleep(_LOOK_SECONDS)
    raise CommandError("the replay still waits; is a device worker running?")
