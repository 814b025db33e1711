"""Registers a studio that was founded before the platform kept a register."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access import services as access
from kernel.errors import GuildhallError


class Command(BaseCommand):
    help = "Puts a studio into the platform's register, so that operators can suspend it and set its quota; may be repeated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the studio's address")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            access.register_studio(slug=options["slug"])
        except GuildhallError as refused:
            raise CommandError(f"not registered: {refused}") from None
