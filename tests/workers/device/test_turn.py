"""Turns of a device with clockwork engines: real tickets, leases, processes and signals."""

import importlib.util
import os
import signal
import sys
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from dispatch import services as dispatch
from dispatch.models import Ticket
from kernel.scope import tenant_scope

HERE = Path(__file__).parent


def _stage_module():
    spec = importlib.util.spec_from_file_location("stage", HERE / "stage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def stage(tmp_path):
    return _stage_module().Stage(tmp_path)


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
def order(stage, put):
    def one(tenant=None, **given):
        row = uuid4()
        kind = given.pop("kind", "generate")
        stage.order(row, **({"steps": 3} | given))
        put(tenant or uuid4(), row=row, kind=kind, person=None)
        return row

    return one


def meanwhile(do, *, after: float) -> threading.Thread:
    """Do something from another thread, with its own connection, while the turn runs here."""

    def run() -> None:
        from django.db import connection

        time.sleep(after)
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def state_of(owner, row):
    return owner.execute("SELECT state, outcome, attempts FROM dispatch_ticket WHERE row = %s", [row]).fetchone()


def lines(stage, row, start):
    return [word for word in stage.words(row) if word.startswith(start)]


def until(seen, *, seconds: float = 15.0) -> None:
    ends = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.02)


def test_nothing_waits_and_the_turn_ends_at_once(device):
    started = time.monotonic()
    device.turn()
    assert time.monotonic() - started < 3


def test_a_ticket_is_done_and_settled(device, stage, order, owner):
    row = order()
    device.turn()
    assert stage.words(row)[-1] == "done"
    assert state_of(owner, row) == ("settled", "done", 1)


def test_many_tickets_of_many_tenants(device, stage, order, owner):
    tenants = [uuid4() for _ in range(3)]
    rows = [order(tenants[n % 3], steps=1) for n in range(12)]
    device.turn()
    assert all(lines(stage, row, "done") == ["done"] for row in rows)
    assert device.leases.held() == []


def test_an_engine_serves_one_tenant(device, stage, order):
    first, second = uuid4(), uuid4()
    rows = {tenant: [order(tenant, steps=1) for _ in range(3)] for tenant in (first, second)}
    device.turn()
    pids = {tenant: {lines(stage, row, "began")[0].split()[1] for row in rows[tenant]} for tenant in rows}
    assert len(pids[first]) == len(pids[second]) == 1
    assert pids[first].isdisjoint(pids[second])


def test_a_killed_engine_costs_an_attempt_and_no_ticket(device, stage, order, owner):
    row = order(steps=200)

    def kill() -> None:
        until(lambda: lines(stage, row, "began"))
        stage.order(row, steps=2)
        os.kill(int(lines(stage, row, "began")[0].split()[1]), signal.SIGKILL)

    thread = meanwhile(kill, after=0.3)
    device.turn()
    thread.join()
    owner.execute("UPDATE dispatch_ticket SET ready = now()")
    device.turn()
    assert lines(stage, row, "done") == ["done"]
    assert state_of(owner, row) == ("settled", "done", 2)


def test_the_engines_parent_may_be_killed_too(device, stage, order, owner):
    row = order(steps=200)

    def kill() -> None:
        until(lambda: lines(stage, row, "began"))
        stage.order(row, steps=2)
        os.kill(device.engines.zygote.running.pid, signal.SIGKILL)

    thread = meanwhile(kill, after=0.3)
    device.turn()
    thread.join()
    owner.execute("UPDATE dispatch_ticket SET ready = now()")
    device.turn()
    assert lines(stage, row, "done") == ["done"]


def test_an_engine_that_always_falls_is_recorded_after_three_attempts(device, stage, order, owner):
    row = order(fall=2)
    other = order()
    for _ in range(4):
        device.turn()
        owner.execute("UPDATE dispatch_ticket SET ready = now()")
    assert lines(stage, row, "failed") == ["failed engine.lost"]
    assert state_of(owner, row) == ("settled", "failed", 3)
    assert lines(stage, other, "done") == ["done"]


def test_what_the_engine_foresaw_is_recorded_at_once(device, stage, order, owner):
    row = order(fail=2)
    device.turn()
    assert lines(stage, row, "failed") == ["failed engine.not_finite"]
    assert state_of(owner, row) == ("settled", "failed", 1)


def test_a_poisoned_ticket_stops_nobody(device, stage, order, owner):
    row, good = order(**{"raise": True}), order()
    device.turn()
    assert lines(stage, good, "done") == ["done"]
    for _ in range(3):
        owner.execute("UPDATE dispatch_ticket SET ready = now()")
        device.turn()
    assert lines(stage, row, "failed") == ["failed ValueError"]


def test_a_worker_that_died_three_times_over_it_records_it(device, stage, order, owner):
    row = order()
    owner.execute("UPDATE dispatch_ticket SET attempts = 3 WHERE row = %s", [row])
    device.turn()
    assert stage.words(row) == ["failed worn_out"]


def test_a_lost_lease_records_nothing(device, stage, order, owner):
    row = order(steps=150)

    def lapse() -> None:
        until(lambda: lines(stage, row, "began"))
        owner.execute("UPDATE dispatch_lease SET ends = clock_timestamp()")
        owner.execute("UPDATE dispatch_ticket SET ready = now() + interval '1 hour' WHERE row = %s", [row])

    thread = meanwhile(lapse, after=0.2)
    device.turn()
    thread.join()
    assert stage.words(row)[1:] == []
    assert state_of(owner, row)[0] == "taken"


def test_a_stopped_ticket_frees_the_engine(device, stage, put, owner, as_login, services):
    tenant, row = uuid4(), uuid4()
    stage.order(row, steps=2000)
    put(tenant, row=row, person=None)

    def stop() -> None:
        until(lambda: lines(stage, row, "began"))
        import psycopg

        with psycopg.connect(services.postgres.url("app")) as app:
            app.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
            app.execute("SELECT dispatch_stop(%s::uuid, NULL::uuid, NULL::uuid)", [row])

    started = time.monotonic()
    thread = meanwhile(stop, after=0.2)
    device.turn()
    thread.join()
    assert time.monotonic() - started < 10
    assert state_of(owner, row)[0] == "stopped"
    assert device.works == {}


def test_training_gives_way_to_a_picture_and_goes_on(device, stage, order, owner):
    tenant = uuid4()
    training = order(tenant, kind="train", steps=250)
    pictures = []
    first = threading.Event()

    def ask() -> None:
        until(lambda: lines(stage, training, "began"))
        first.wait(2.5)
        row = uuid4()
        stage.order(row, steps=2)
        _insert(owner, tenant, row)
        pictures.append(row)

    thread = meanwhile(ask, after=0)
    for _ in range(3):
        device.turn()
    thread.join()
    words = [(name, word.split()[0]) for name, word in stage.log()]
    order_of = [entry for entry in words if entry[1] in {"paused", "done"}]
    assert order_of == [(str(training), "paused"), (str(pictures[0]), "done"), (str(training), "done")]
    assert state_of(owner, training) == ("settled", "done", 1)


def _insert(owner, tenant, row) -> None:
    owner.execute(
        "INSERT INTO dispatch_ticket (id, tenant_id, project_id, person_id, kind, row, intent, shape_key, needs, cost,"
        " priority, state, outcome, attempts) VALUES (gen_random_uuid(), %s, gen_random_uuid(), NULL,"
        " 'generate', %s, gen_random_uuid(), '', '[]', 1, 0, 'waiting', '', 0)",
        [tenant, row],
    )


def test_a_turn_is_short_and_the_device_rings_itself(device, stage, order, monkeypatch):
    import redis

    from dispatch.services import telling

    row = order(steps=100)
    monkeypatch.setattr(settings, "DEVICE_TURN_SECONDS", 1)
    with redis.Redis.from_url(telling.broker_url()) as broker:
        broker.delete("device.test")
        device.turn()
        assert lines(stage, row, "done") == []
        assert broker.llen("device.test") == 1
        broker.delete("device.test")
    monkeypatch.setattr(settings, "DEVICE_TURN_SECONDS", 20)
    device.turn()
    assert lines(stage, row, "done") == ["done"]


def test_a_peaceful_end_puts_back_without_counting(device, stage, order, owner, monkeypatch):
    row = order(steps=500)
    monkeypatch.setattr(settings, "DEVICE_TURN_SECONDS", 1)
    device.turn()
    device.close()
    assert state_of(owner, row) == ("waiting", "", 0)


def test_idle_engines_end(device, stage, order, monkeypatch):
    order()
    device.turn()
    (engine,) = device.engines.standing
    monkeypatch.setattr(settings, "DEVICE_IDLE_SECONDS", 0)
    device.turn()
    assert device.engines.standing == []
    until(lambda: not Path(f"/proc/{engine.pid}").exists() or "Z" in Path(f"/proc/{engine.pid}/stat").read_text().split()[2])


def test_a_small_device_makes_room(device, stage, order, monkeypatch):
    monkeypatch.setattr(settings, "DEVICE_MEMORY_MB", 150)
    rows = [order(uuid4(), steps=1) for _ in range(3)]
    for _ in range(3):
        device.turn()
    assert all(lines(stage, row, "done") == ["done"] for row in rows)
    assert len(device.engines.standing) == 1


def test_a_dead_backend_heals(device, stage, order, owner):
    row = order(steps=100)

    def cut() -> None:
        until(lambda: lines(stage, row, "began"))
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ghtest_worker'")

    thread = meanwhile(cut, after=0.2)
    device.turn()
    thread.join()
    for _ in range(3):
        owner.execute("UPDATE dispatch_ticket SET ready = now() WHERE state = 'waiting'")
        device.turn()
    assert lines(stage, row, "done") == ["done"]


def test_tickets_stay_readable_to_the_studio(device, order, put, stage, as_login):
    tenant, row = uuid4(), uuid4()
    stage.order(row, steps=1)
    put(tenant, row=row, person=None)
    device.turn()
    with as_login("app"), tenant_scope(tenant):
        assert [ticket.state for ticket in Ticket.objects.all()] == ["settled"]
    assert dispatch.waiting(["generate"]) == 0
