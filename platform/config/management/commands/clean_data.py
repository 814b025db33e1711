"""Forgets this installation, after asking; the keeper's store is asked for separately."""

import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import env, installation
from config.embedded.left import end_left
from config.embedded.supervisor import holder


class Command(BaseCommand):
    help = "Removes the data folder and, asked separately, the keeper's store: without it nothing sealed opens again."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="remove both without asking")

    def handle(self, *_args: Any, **options: Any) -> None:
        if holder(settings.HERE) is not None:
            raise CommandError("it is running: `make down` first")
        end_left(settings.HERE)
        here, sure = settings.HERE, bool(options["yes"])
        is_empty = self._remove(here.data, "the data folder with every picture, model and record", sure=sure)
        if is_empty:
            shutil.rmtree(here.run, ignore_errors=True)  # sockets of processes that have ended
        is_bare = self._remove(here.keeper_store, "the keeper's store with every key of this installation", sure=sure)
        self.stdout.write("done" if is_empty or is_bare else "nothing was removed")
        for line in _stays():
            self.stdout.write(line)

    def _remove(self, folder: Path, what: str, *, sure: bool) -> bool:
        if not folder.exists() or not (sure or _is_sure(f"Remove {what} ({folder})? Type yes: ")):
            return False
        shutil.rmtree(folder)
        return True


def _is_sure(question: str) -> bool:
    """Ask; whoever says nothing has not said yes."""
    try:
        return input(question).strip() == "yes"
    except EOFError:
        return False


def _stays() -> Iterator[str]:
    """Yield what is left and how it goes: services of others are not ours to empty."""
    here = settings.HERE
    if here.keeper_store.exists():
        yield f"the keeper's store stays in {here.keeper_store}: without the data that it opens, remove that folder by hand"
    if env.text("DATABASE_URL"):
        place = installation.parts(env.text("DATABASE_URL"))
        yield (
            f"the database {place['NAME']} on {place['HOST'] or 'this machine'} stays, with every record and name: drop it there "
            f"(DROP DATABASE), and the logins that begin with {settings.DB_PREFIX}_"
        )
    if env.text("BROKER_URL"):
        yield "the broker stays; what we left there goes within a minute"
    if where := settings.OBJECT_STORE_URL.partition("?")[0]:
        yield f"the objects below {where} stay: remove them there (aws s3 rm --recursive {where})"
