"""Forgets this installation, after asking; the keeper's store is asked for separately."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

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
        removed = [self._remove(folder, what, sure=options["yes"]) for folder, what in _folders()]
        self.stdout.write("done" if any(removed) else "nothing was removed")

    def _remove(self, folder: Path, what: str, *, sure: bool) -> bool:
        if not folder.exists():
            return False
        if not sure and input(f"Remove {what} ({folder})? Type yes: ").strip() != "yes":
            return False
        shutil.rmtree(folder)
        return True


def _folders() -> list[tuple[Path, str]]:
    here = settings.HERE
    return [
        (here.data, "the data folder with every picture, model and record"),
        (here.run, "the folder of sockets"),
        (here.keeper_store, "the keeper's store with every key of this installation"),
    ]
