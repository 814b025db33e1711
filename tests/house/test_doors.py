"""Every address that is not declared public answers 401 to nobody, and 404 to Mallory where it names an object."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver

PUBLIC = {"studio", "openapi", "docs", "health", "portal"}
UNSAFE = ("post", "put", "patch", "delete")


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route, pattern


def api_routes():
    found = [(route, pattern) for route, pattern in routes(get_resolver().url_patterns) if route.startswith("api/v1/")]
    return [(route, pattern) for route, pattern in found if pattern.name not in PUBLIC]


def filled(route, *, project):
    route = route.replace("<uuid:project>", str(project))
    route = re.sub(r"<uuid:\w+>", str(uuid.uuid4()), route)
    return "/" + re.sub(r"<path:\w+>", "000", re.sub(r"<(int|slug|str):\w+>", "0", route))


@pytest.mark.parametrize(("route", "pattern"), api_routes(), ids=lambda value: value if isinstance(value, str) else "")
def test_nobody_is_told_to_sign_in(route, pattern, studio):
    client = Client()
    address = filled(route, project=studio.project)
    for verb in ("get", *UNSAFE):
        assert getattr(client, verb)(address).status_code in {401, 405}, verb


@pytest.mark.parametrize(("route", "pattern"), api_routes(), ids=lambda value: value if isinstance(value, str) else "")
def test_mallory_finds_nothing_of_another_studio(route, pattern, studio, elsewhere, api):
    if "<uuid:project>" not in route:
        pytest.skip("names no project")
    address = filled(route, project=studio.project)
    mallory = api(elsewhere, "lena")
    for verb in ("get", *UNSAFE):
        assert getattr(mallory, verb)(address).status_code in {404, 405}, verb


def test_the_schema_is_current():
    from django.conf import settings

    from config.management.commands.openapi import schema

    assert (settings.ROOT / "frontend" / "openapi.json").read_text(encoding="utf-8") == schema()
