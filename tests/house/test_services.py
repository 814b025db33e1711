"""Whoever asks over HTTP asks as an Actor; whatever is rung for is done by exactly one job."""

import ast
import importlib
import inspect
import sys
from collections import Counter
from pathlib import Path

import pytest

from access.actor import Actor
from dispatch.rules import CPU_KINDS, DEVICE_KINDS, Kind, queue_of

ROOT = Path(__file__).resolve().parents[2]
# What views call that takes no Actor, each with its reason; a name that no view calls any more is an error too.
WITHOUT_ACTOR = {
    "access.services.find_studio": "asked before anybody signs in: which studio a name or an address means",
    "access.services.studio_name": "asked before anybody signs in: what the studio of an address is called",
    "access.services.revoke_leaked": "whoever holds a token's value may end it; the value itself is what is shown",
    "access.services.offered": "asked before anybody signs in: by which providers people sign in at the studio of the address",
    "access.services.names_of": "names of people in rows that the Actor was shown, in the scope of that reading",
    "dispatch.services.shown": "dispatch lies below access and knows no Actor; the view asks the room for the row first",
    "dispatch.services.alisten": "as above: the stream is opened for a row that the Actor was shown",
    "tenants.registry.services.side_of": "reads the folder of a base model that the Actor was shown, and no row",
    "tenants.registry.services.habits_of": "decides by the folder of a base model that the Actor was shown",
    "tenants.training.services.samples": "what hangs on a run that the Actor was shown",
}


def views():
    folders = [folder for tree in ("platform", "governance", "tenants") for folder in sorted((ROOT / tree).glob("*/api"))]
    return [path for folder in folders for path in sorted(folder.rglob("*.py")) if path.name not in {"__init__.py", "urls.py"}]


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "platform" else parts)


def called(path):
    """Yield name and function of every service that a module of views calls, by `room.verb(…)` or by a name that it imported."""
    module = importlib.import_module(name_of(path))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            room = getattr(module, node.func.value.id, None)
            if inspect.ismodule(room) and room.__name__.endswith(".services"):
                yield f"{room.__name__}.{node.func.attr}", getattr(room, node.func.attr)
        elif isinstance(node.func, ast.Name):
            found = getattr(module, node.func.id, None)
            if inspect.isfunction(found) and ".services" in found.__module__:
                yield f"{found.__module__.partition('.services')[0]}.services.{node.func.id}", found


def takes_an_actor(service):
    first = next(iter(inspect.signature(service).parameters.values()), None)
    annotation = first.annotation if first is not None else None
    return annotation is Actor or annotation == "Actor"


def deeds():
    found = {name: service for path in views() for name, service in called(path)}
    return {name: service for name, service in found.items() if inspect.isfunction(service)}


@pytest.mark.parametrize(("name", "service"), sorted(deeds().items()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_service_that_views_call_takes_an_actor_first(name, service):
    assert takes_an_actor(service) or name in WITHOUT_ACTOR


def test_the_services_without_an_actor_are_still_called():
    assert len(deeds()) > 40  # or the search above has gone blind
    assert not {name for name in WITHOUT_ACTOR if name not in deeds() or takes_an_actor(deeds()[name])}


def test_every_job_that_is_routed_or_timed_is_one_task():
    from django.conf import settings

    tasks = Counter(
        keyword.value.value
        for path in sorted((ROOT / "workers").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"shared_task", "app.task"}
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    )
    timed = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert set(tasks) == set(settings.CELERY_TASK_ROUTES)
    assert timed <= set(tasks)
    assert set(tasks.values()) == {1}


def test_what_rings_names_a_task_that_listens_on_its_queue():
    from celery import current_app
    from django.conf import settings

    importlib.import_module("workers.tasks")
    services = importlib.import_module("dispatch.services")
    rung = {
        node.value
        for path in sorted(Path(services.__file__).parent.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and str(node.value).startswith("workers.tasks.")
    }
    assert rung
    assert rung <= set(current_app.tasks)
    assert {settings.CELERY_TASK_ROUTES[name]["queue"] for name in rung} == {queue_of(kind) for kind in Kind}


def test_every_kind_of_ticket_is_done_by_exactly_one_performer():
    module = importlib.import_module("workers.tasks")
    tree = ast.parse(Path(sys.modules[module.__name__].__file__).read_text(encoding="utf-8"))
    done = {
        function.name: [ast.unparse(key) for node in ast.walk(function) if isinstance(node, ast.Dict) for key in node.keys]
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.name in {"device", "errands"}
    }
    assert Counter(done["device"]) == Counter(f"Kind.{kind.name}" for kind in DEVICE_KINDS)
    assert Counter(done["errands"]) == Counter(f"Kind.{kind.name}" for kind in CPU_KINDS)
    assert {*DEVICE_KINDS, *CPU_KINDS} == set(Kind)
