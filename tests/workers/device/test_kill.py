"""`kill -9` of a whole device worker: its engines fall with it, its lease lapses, another ends the job, once."""

import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def stage(tmp_path):
    spec = importlib.util.spec_from_file_location("stage", HERE / "stage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Stage(tmp_path)


@pytest.fixture
def start_worker(services, tmp_path):
    running = []

    def start() -> subprocess.Popen:
        environment = {**os.environ, **services.environment("device"), "GUILDHALL_LEASE_SECONDS": "3"}
        worker = subprocess.Popen([sys.executable, str(HERE / "play.py"), str(tmp_path)], env=environment)
        running.append(worker)
        return worker

    yield start
    for worker in running:
        worker.kill()
        worker.wait()


def until(seen, *, seconds: float = 30.0) -> None:
    ends = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    path = Path(f"/proc/{pid}/stat")
    try:
        return path.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def began(stage, row):
    return [word.split()[1:] for word in stage.words(row) if word.startswith("began")]


@pytest.mark.parametrize("kind", ["generate", "train"])
def test_a_killed_worker_loses_no_ticket(stage, start_worker, put, owner, kind):
    row = uuid4()
    stage.order(row, steps=400)
    put(uuid4(), row=row, kind=kind, person=None)
    first = start_worker()
    until(lambda: began(stage, row))
    stage.order(row, steps=3)
    engine = int(began(stage, row)[0][0])
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    until(lambda: not is_running(engine), seconds=3)
    start_worker()
    until(lambda: "done" in stage.words(row))
    assert stage.words(row).count("done") == 1
    assert owner.execute("SELECT state, outcome, attempts FROM dispatch_ticket").fetchall() == [("settled", "done", 2)]


def test_random_kills_of_two_workers_end_every_ticket_once(stage, start_worker, put, owner):
    chance = random.Random(8)
    rows = [uuid4() for _ in range(30)]
    tenants = [uuid4() for _ in range(3)]
    for number, row in enumerate(rows):
        stage.order(row, steps=10)
        put(tenants[number % 3], row=row, person=None)
    workers = [start_worker(), start_worker()]
    for _ in range(4):
        time.sleep(chance.uniform(1.0, 2.0))
        if chance.random() < 0.5:
            victims = [int(words[0]) for row in rows for words in began(stage, row)]
            alive = [pid for pid in victims if is_running(pid)]
            for pid in alive[:1]:
                os.kill(pid, signal.SIGKILL)
        else:
            victim = workers.pop(0)
            os.kill(victim.pid, signal.SIGKILL)
            workers.append(start_worker())
    over = "SELECT count(*) FROM dispatch_ticket WHERE state = 'settled'"
    until(lambda: owner.execute(over).fetchone()[0] == len(rows), seconds=60)
    for row in rows:
        assert [word.split()[0] for word in stage.words(row)].count("done") <= 1
    outcomes = owner.execute("SELECT outcome, count(*) FROM dispatch_ticket GROUP BY 1").fetchall()
    assert outcomes == [("done", len(rows))]
