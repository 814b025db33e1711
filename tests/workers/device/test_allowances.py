"""What a device counts for its people, and what it stops: real tickets, leases and processes, clockwork engines."""

import importlib.util
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from access import services as access
from access.models import Allowance, Usage
from access.services import Feature, Limits, Role, To
from tests.factories.studio import found

HERE = Path(__file__).parent


@pytest.fixture
def stage(tmp_path):
    spec = importlib.util.spec_from_file_location("stage", HERE / "stage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Stage(tmp_path)


@pytest.fixture(scope="module")
def studio(keeper):
    return found("Clocked")


@pytest.fixture
def place(studio, as_login):
    yield studio
    with as_login("app"), studio.actor("tom").writing():
        Allowance.objects.all().delete()
        Usage.objects.update(device_milliseconds=0)


@pytest.fixture
def allow(place, as_login):
    """Say what everybody may, as the web: the test itself speaks as the worker."""

    def one(**limits):
        with as_login("app"):
            access.set_allowance(place.actor("tom"), to=To(), limits=Limits(features=frozenset(Feature), **limits))

    return one


@pytest.fixture
def device(stage, as_login):
    from workers.device import Device
    from workers.device.engines import Engines

    with as_login("worker"):
        engines = Engines(command=(sys.executable, str(HERE / "clockwork.py")))
        made = Device("test", dict.fromkeys(("generate", "replay", "evaluate", "train"), stage), engines)
        yield made
        made.close()


@pytest.fixture
def order(stage, put, place):
    def one(who="tina", kind="generate", **given):
        row = uuid4()
        stage.order(row, **({"steps": 3} | given))
        put(place.tenant, project=place.project, person=place.people[who], row=row, kind=kind)
        return row

    return one


def meanwhile(stage, row, as_app, do):
    """Do something as the web, from another thread, once a work has begun."""

    def run():
        ends = time.monotonic() + 15
        while not stage.words(row):
            assert time.monotonic() < ends
            time.sleep(0.02)
        as_app(do)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def as_app(services, place):
    """Change rows as login `app`, by a connection of its own: the test's own speaks as the worker."""
    import psycopg

    def do(statement, *values):
        with psycopg.connect(services.postgres.url("app")) as app:
            app.execute("SELECT set_config('app.tenant', %s, true)", [str(place.tenant)])
            app.execute(statement, values)

    return do


@pytest.fixture
def seen(services, place):
    """Milliseconds counted for a person, read past the walls."""

    def one(who="tina"):
        with services.postgres.superuser(services.postgres.database) as connection:
            return connection.execute(
                "SELECT coalesce(sum(device_milliseconds), 0)::bigint FROM access_usage WHERE person_id = %s", [place.people[who]]
            ).fetchone()[0]

    return one


def test_what_the_engine_computes_is_counted_for_who_asked(device, stage, order, seen):
    row, other = order(steps=30), order("alice", steps=10)
    started = time.monotonic()
    device.turn()
    took = (time.monotonic() - started) * 1000
    assert stage.words(row)[-1] == stage.words(other)[-1] == "done"
    assert seen("tina") >= 30 * 20
    assert seen("alice") >= 10 * 20
    # They computed one after the other: no second is counted for both.
    assert seen("tina") + seen("alice") <= took


def test_what_was_computed_in_vain_is_counted_too(device, stage, order, seen):
    row = order(steps=30, fail=25)
    device.turn()
    assert stage.words(row)[-1] == "failed engine.not_finite"
    assert seen() >= 24 * 20


def test_a_training_that_has_used_up_its_persons_time_rests_with_its_state(device, stage, order, owner, allow, seen):
    allow(device_seconds_a_day=3)
    row = order(kind="train", steps=3000, use="training")
    device.turn()
    assert stage.words(row)[-1].startswith("paused")
    assert 3000 <= seen() < 12_000  # asked anew every five seconds
    state, attempts, rest = owner.execute(
        "SELECT state, attempts, extract(epoch FROM ready - clock_timestamp()) FROM dispatch_ticket WHERE row = %s", [row]
    ).fetchone()
    assert (state, attempts) == ("waiting", 0)
    assert 0 < rest <= 300


def test_a_picture_under_way_is_finished_beyond_the_time(device, stage, order, allow, seen):
    allow(device_seconds_a_day=1)
    row = order(steps=320, use="text_to_image")
    device.turn()
    assert stage.words(row)[-1] == "done"
    assert seen() >= 320 * 20


@pytest.mark.parametrize(("kind", "use"), [("generate", "text_to_image"), ("train", "training")])
def test_what_is_no_longer_allowed_ends_within_seconds(device, stage, order, allow, as_app, kind, use):
    allow()
    row = order(kind=kind, steps=3000, use=use)
    thread = meanwhile(stage, row, as_app, "UPDATE access_allowance SET features = '[]'")
    started = time.monotonic()
    device.turn()
    thread.join()
    assert stage.words(row)[-1] == "failed allowance.feature"
    assert time.monotonic() - started < 15


@pytest.fixture
def gus(place, as_login):
    with as_login("app"):
        tom = place.actor("tom", project=False)
        made = access.add_person(tom, email=f"{uuid4().hex}@example.com", name="Gus").pk
        access.grant(tom, person=made, role=Role.GUEST_ARTIST, project=place.project, expires=timezone.now() + timedelta(days=1))
    place.people["gus"] = made
    return made


def test_a_guests_running_work_ends_with_her_day(device, stage, order, gus, as_app):
    row, other = order("gus", steps=3000), order("alice", steps=20)
    ended = f"UPDATE access_grant SET expires = now() - interval '1 second' WHERE user_id = '{gus}'"
    thread = meanwhile(stage, row, as_app, ended)
    started = time.monotonic()
    device.turn()
    thread.join()
    assert stage.words(row)[-1] == "failed project.unknown"
    assert stage.words(other)[-1] == "done"
    assert time.monotonic() - started < 18
    late = order("gus")
    device.turn()
    assert stage.words(late) == ["failed project.unknown"]
