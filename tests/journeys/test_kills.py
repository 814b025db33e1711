"""`kill -9` of the device worker, an engine, the keeper and Postgres while people ask and train: nothing lost or doubled.

An accepted request (201) ends once; one that met a dead service is asked again with its own key, as the portal does.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, ORDERS, MOST = 3, 2, 24  # each sends two orders at once, then one now and then until the last kill is over
STEPS = 10
PAUSE_SECONDS = 8.0

_FOUND = """
import json, uuid
import django; django.setup()
from pathlib import Path
from django.conf import settings
from access import services as access
from tenants.registry import services as registry
word = uuid.uuid4().hex[:8]
made = access.found_studio(name="Kills", slug=f"kills-{word}", owner_email=f"{word}@example.com", owner_name="Tom",
                           password="correct horse battery")
project = access.create_project(made.owner, name="Kills").pk
person = access.add_person(made.owner, email=f"a{word}@example.com", name="Lena", password="correct horse battery").pk
for role in (access.Role.LEAD, access.Role.TRAINER):
    access.grant(made.owner, person=person, role=role, project=project)
lena = access.actor_for(person, tenant=made.tenant, project=project, is_stepped_up=True)
base = registry.register_base(made.owner, folder=Path(settings.STARTER_MODEL), name="Starter", licence="Apache-2.0")
print(json.dumps({"token": access.issue_token(lena, name="kills"), "project": str(project), "base": str(base.pk),
                  "tenant": str(made.tenant)}))
"""

_KINDS = """
import collections, json, sys
import django; django.setup()
from uuid import UUID
from governance.audit import services as audit
from kernel.scope import tenant_scope
with tenant_scope(UUID(sys.argv[1]), read_only=True):
    found = audit.entries(audit.Filter(limit=1000))
names = ("generation", "run", "model", "asset")
print(json.dumps(collections.Counter(
    f"{one.kind} {one.facts[name]}" for one in found for name in names if name in one.facts
)))
"""

_EXPORT = """
import sys
import django; django.setup()
from pathlib import Path
from uuid import UUID
from governance.audit import services as audit
from kernel.scope import tenant_scope
with tenant_scope(UUID(sys.argv[1]), read_only=True):
    print(audit.export_log(Path(sys.argv[2])).size)
"""


def run(house, code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=house.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def processes(house):
    try:
        return json.loads((Path(house.environment["GUILDHALL_RUN"]) / "status.json").read_text())["processes"]
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def postmaster(house):
    return int((house.home / "data" / "postgres" / "postmaster.pid").read_text().split()[0])


def children(pid):
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def engines(house):
    return [engine for parent in children(processes(house)["device"]) for engine in children(parent)]


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def until(seen, *, seconds, every=0.3):
    ends = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(every)
    return found


@dataclass(frozen=True)
class Try:
    """One submit: with which key, from when to when, and the request that it was answered with, if it was."""

    key: str
    began: float
    ended: float
    row: str | None


class Person:
    """Asks for pictures one after another; asks again with the same key until there is an answer."""

    def __init__(self, house, cast):
        self.cast, self.accepted, self.tries, self.waits = cast, {}, [], False
        self.where = f"http://127.0.0.1:{house.port}/api/v1/projects/{cast['project']}/"
        self.sent = {"Authorization": f"Bearer {cast['token']}"}

    def ask(self, rush, over):
        """Two orders, then one now and then, without a pause in a rush, until it is over."""
        for seed in range(MOST):
            if seed >= ORDERS and over.is_set():
                return
            key = uuid.uuid4().hex
            order = {"prompt": "a red apple", "base": self.cast["base"], "steps": STEPS, "seed": seed, "width": 64, "height": 64}
            self.accepted[key] = until(lambda key=key, order=order: self.answered(key, order), seconds=90)
            if seed >= ORDERS - 1:
                rush.wait(PAUSE_SECONDS)

    def answered(self, key, order):
        began, self.waits = time.monotonic(), True
        row = self.submitted(key, order)
        self.waits = False
        self.tries.append(Try(key, began, time.monotonic(), row))
        return row

    def submitted(self, key, order):
        try:
            answer = httpx.post(self.where + "generations", json=order, headers=self.sent | {"Idempotency-Key": key}, timeout=20)
        except httpx.HTTPError:
            return None
        return answer.json()["results"][0]["id"] if answer.status_code == 201 else None

    def post(self, path, body=None, *, data=None, files=None):
        answer = httpx.post(self.where + path, json=body, data=data, files=files, headers=self.sent, timeout=60)
        assert answer.is_success, answer.text
        return answer.json()

    def run_ended(self, row):
        found = self.get(f"training-runs/{row}")
        return found if found and found["state"] not in {"queued", "running", "paused"} else None

    def get(self, path):
        try:
            answer = httpx.get(self.where + path, headers=self.sent, timeout=20)
        except httpx.HTTPError:
            return None
        return answer.json() if answer.status_code == 200 else None

    def is_any(self, state):
        found = self.get(f"generations?state={state}")
        return bool(found and found["results"])

    def ended(self, row):
        found = self.get(f"generations/{row}")
        return found if found and found["state"] not in {"queued", "running"} else None


def exported(house, cast, folder, *, least):
    """Return the folder of the exported log once everything that must be there is published."""
    return folder if int(run(house, _EXPORT, cast["tenant"], str(folder))) >= least else None


def tries(people):
    return [one for person in people for one in list(person.tries)]


def accepted_since(people, moment):
    """Return when the first submit that began after this moment was accepted, or None."""
    return min((one.ended for one in tries(people) if one.row and one.began > moment), default=None)


def hurry(rush):
    """Let everybody who pauses ask now, once."""
    rush.set()
    rush.clear()


def struck(people, rush, victims):
    """Kill while everybody submits, wait until submits are accepted again; return the tries in vain: cut off, and all."""
    begun = time.monotonic()
    hurry(rush)
    until(lambda: accepted_since(people, begun), seconds=90)
    pids = victims()
    rush.set()
    until(lambda: all(person.waits for person in people), seconds=20, every=0.002)
    killed = time.monotonic()
    kill(pids)
    back = until(lambda: accepted_since(people, killed), seconds=90, every=0.02)
    rush.clear()
    vain = [one for one in tries(people) if one.row is None and one.ended > killed and one.began < back]
    return [one for one in vain if one.began < killed], vain


def all_killed(house, people, rush):
    """Kill one after another; return the tries in vain at each kill of Postgres."""
    until(lambda: sum(len(person.accepted) for person in people) >= 2, seconds=60)
    kill([processes(house)["keeper"]])
    time.sleep(4)
    first = struck(people, rush, lambda: [postmaster(house)])
    for victims in (lambda: engines(house), lambda: [processes(house)["device"]]):
        hurry(rush)
        kill(until(lambda victims=victims: people[0].is_any("running") and victims(), seconds=60))
        time.sleep(4)
    return first, struck(people, rush, lambda: [postmaster(house), processes(house)["keeper"]])


@pytest.mark.slow
def test_kills_of_everything_lose_and_double_nothing(house, tmp_path):
    cast = json.loads(run(house, _FOUND))
    people = [Person(house, cast) for _ in range(PEOPLE)]
    rush, over = threading.Event(), threading.Event()
    with ThreadPoolExecutor(PEOPLE) as pool:
        asking = [pool.submit(person.ask, rush, over) for person in people]
        try:
            strikes = all_killed(house, people, rush)
        finally:
            over.set()
            rush.set()
    for one in asking:
        one.result()
    accepted = {key: row for person in people for key, row in person.accepted.items()}
    rows = list(accepted.values())
    assert len(set(rows)) == len(rows) == len({one.key for one in tries(people)})
    for cut, vain in strikes:  # of Postgres alone, and of Postgres with the keeper
        assert cut
        assert {one.key for one in vain} <= accepted.keys()
    found = [until(lambda row=row: people[0].ended(row), seconds=180) for row in rows]
    assert {one["state"] for one in found} == {"completed"}, [(one["state"], one["code"]) for one in found]
    assert len({one["asset"] for one in found}) == len(rows)
    listed = people[0].get("assets?limit=200")["results"]
    assert len(listed) == len(rows)
    counted = json.loads(run(house, _KINDS, cast["tenant"]))
    begun = {kind for kind in counted if kind.startswith("generation.submitted")}
    assert begun == {f"generation.submitted {row}" for row in rows}
    for row in rows:
        ends = {
            kind: count for kind, count in counted.items() if kind.endswith(row) and not kind.startswith("generation.submitted")
        }
        assert ends == {f"generation.completed {row}": 1}
        assert counted[f"generation.submitted {row}"] == 1
    verified(house, cast, tmp_path, least=2 * len(rows))


@pytest.mark.slow
def test_a_killed_training_is_taken_up_and_ends_once(house, tmp_path):
    cast = json.loads(run(house, _FOUND))
    lena = Person(house, cast)
    dataset = lena.post("datasets", {"name": "Kills"})["id"]
    for path in sorted((ROOT / "workers" / "demo_pictures").glob("*.png"))[:8]:
        lena.post(
            f"datasets/{dataset}/items",
            data={"rights": "open_licence"},
            files={"file": (path.name, path.read_bytes(), "image/png")},
        )
    lena.post(f"datasets/{dataset}/freeze", {})
    config = {"steps": 120, "sample_every": 0}
    row = lena.post("training-runs", {"dataset": dataset, "base": cast["base"], "name": "Kills", "config": config})["id"]

    def is_under_way():
        found = lena.get(f"training-runs/{row}")
        return found and found["state"] == "running" and found["step"] >= 1 and engines(house)

    kill(until(is_under_way, seconds=120))
    time.sleep(2)
    until(is_under_way, seconds=120)
    kill([processes(house)["device"]])
    found = until(lambda: lena.run_ended(row), seconds=300)
    assert (found["state"], found["code"]) == ("finished", "")
    models = lena.get("models?kind=adapter")["results"]
    assert [one["id"] for one in models] == [found["model"]]
    counted = json.loads(run(house, _KINDS, cast["tenant"]))
    assert counted[f"training.finished {row}"] == 1 and counted[f"training.finished {found['model']}"] == 1
    assert f"training.failed {row}" not in counted
    verified(house, cast, tmp_path, least=12)


def verified(house, cast, folder, *, least):
    """Export the log once it is long enough, and let the stand-alone verifier read it."""
    log = until(lambda: exported(house, cast, folder / uuid.uuid4().hex, least=least), seconds=90)
    verify = [sys.executable, "-m", "governance.audit.verify", str(log)]
    done = subprocess.run(verify, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
