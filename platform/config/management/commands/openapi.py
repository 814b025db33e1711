"""Writes the API's schema to frontend/openapi.json, from which the portal's types are generated."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema


class Command(BaseCommand):
    help = "Writes frontend/openapi.json; with --check only says whether it is current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = settings.ROOT / "frontend" / "openapi.json"
        written = schema()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != written:
                raise CommandError("frontend/openapi.json is not current: run `make openapi`")
            return
        path.write_text(written, encoding="utf-8")
        self.stdout.write(f"wrote {path.relative_to(settings.ROOT)}")


def schema() -> str:
    """Return the schema as it is committed."""
    found = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(found)
    return json.dumps(found, indent=1, sort_keys=True) + "\n"
