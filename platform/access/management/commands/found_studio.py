"""Founds a studio: the operator's act, for which no person of the studio can be asked yet."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access import services as access
from access.management.passwords import password_from
from kernel.errors import GuildhallError


class Command(BaseCommand):
    """Reads the password from a file or standard input, never from the command line, which others can see."""

    help = "Founds a studio with its keys and its first owner, and prints the owner's first token, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the studio's address: small letters, digits and hyphens")
        parser.add_argument("--name", required=True, help="the studio's name")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-name", required=True)
        parser.add_argument("--password-file", type=Path, help="a file that holds the owner's password; else standard input")
        parser.add_argument(
            "--no-second-factor",
            action="store_true",
            help="let people in by a password alone, until the security policy says otherwise",
        )
        parser.add_argument("--project", help="also makes a first project of this name")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            founded = access.found_studio(
                name=options["name"],
                slug=options["slug"],
                owner_email=options["owner_email"],
                owner_name=options["owner_name"],
                password=password_from(options["password_file"], asked_for="the owner"),
                second_factor=not options["no_second_factor"],
            )
            token = access.issue_token(founded.owner, name="first", scope=access.carriable(founded.owner))
            project = access.create_project(founded.owner, name=options["project"]) if options["project"] else None
        except GuildhallError as refused:
            raise CommandError(f"not founded: {refused}") from None
        self.stdout.write(f"address: /s/{founded.slug}/")
        if project is not None:
            self.stdout.write(f"project: {project.pk}")
        self.stdout.write(f"token (shown this once): {token}")
