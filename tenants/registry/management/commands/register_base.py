"""Registers a base model in a studio: the operator's act, recorded as his, for whose server the folder lies on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access import services as access
from access.actor import Actor
from access.roles import Permission
from kernel.errors import GuildhallError
from tenants.registry import services as registry

OPERATOR = "operator"


class Command(BaseCommand):
    help = "Registers a folder in the diffusers layout as a base model that everyone of a studio may use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--studio", required=True, help="the studio's address, as `found_studio` was told")
        parser.add_argument("--folder", required=True, type=Path, help="a folder below GUILDHALL_MODEL_FOLDERS, or the starter's")
        parser.add_argument("--name", required=True, help="what people see")
        parser.add_argument("--licence", required=True, help="SPDX id or LicenseRef of the base model")

    def handle(self, *_args: Any, **options: Any) -> None:
        tenant = access.studio(options["studio"])
        if tenant is None:
            raise CommandError("no studio has this address")
        may = frozenset({Permission.PROJECT_CREATE})
        operator = Actor(person=tenant, pseudonym=OPERATOR, display=OPERATOR, tenant=tenant, permissions=may)
        try:
            made = registry.register_base(operator, folder=options["folder"], name=options["name"], licence=options["licence"])
        except GuildhallError as refused:
            raise CommandError(f"not registered: {refused}") from None
        self.stdout.write(f"model: {made.pk}\nfamily: {made.family}\ndigest: {made.digest}")
