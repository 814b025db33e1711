"""Makes the database logins of an installation that brings its own PostgreSQL, and prints their URLs once."""

import secrets
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.checks import is_too_old, newer_than
from config.embedded.postgres import make_database, make_logins
from config.embedded.supervisor import URL_OF_LOGIN
from config.installation import LOGINS


class Command(BaseCommand):
    help = "Makes the five logins and the database with a superuser's URL, once; prints what to set."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("superuser_url", help="postgresql://… of a superuser; used now and kept nowhere")
        parser.add_argument("--database", default="guildhall")

    def handle(self, *_args: Any, **options: Any) -> None:
        prefix = settings.DB_PREFIX
        passwords = {login: secrets.token_hex(24) for login in LOGINS}
        try:
            with psycopg.connect(options["superuser_url"], autocommit=True) as connection:
                if is_too_old(number := connection.info.server_version):
                    raise CommandError(f"this PostgreSQL is too old: row-level security was mended in {newer_than(number)}")
                make_logins(connection, prefix=prefix, passwords=passwords)
                make_database(connection, name=options["database"], owner=f"{prefix}_owner")
        except psycopg.OperationalError as trouble:
            raise CommandError(f"the server does not answer: {type(trouble).__name__}") from None
        self.stdout.write("# Set these, each where its process reads it; they are not shown again.")
        self.stdout.write(f"DATABASE_ROLE_PREFIX={prefix}")
        for login, name in URL_OF_LOGIN.items():
            self.stdout.write(f"{name}={_url(options, f'{prefix}_{login}', passwords[login])}")


def _url(options: dict[str, Any], user: str, password: str) -> str:
    split = urlsplit(options["superuser_url"])
    host = split.netloc.rpartition("@")[2]
    return str(urlunsplit((split.scheme, f"{user}:{password}@{host}", f"/{options['database']}", split.query, "")))
