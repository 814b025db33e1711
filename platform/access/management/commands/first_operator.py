"""Names the platform's first operator: nobody can be asked for leave yet, so it takes the machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from access import services as access
from access.management.passwords import password_from
from kernel.errors import GuildhallError


class Command(BaseCommand):
    """Reads the password from a file or standard input, never from the command line, which others can see."""

    help = "Makes the platform's own tenant if need be, and its first operator, who enrols a second factor at her first sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--password-file", type=Path, help="a file that holds the password; else standard input")

    def handle(self, *_: Any, **options: Any) -> None:
        password = password_from(options["password_file"], asked_for="the operator")
        try:
            access.name_operator(email=options["email"], name=options["name"], password=password)
        except GuildhallError as refused:
            raise CommandError(f"not made: {refused}") from None
        self.stdout.write(f"address: /s/{settings.PLATFORM_ADDRESS}/")
