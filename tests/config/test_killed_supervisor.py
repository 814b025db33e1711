"""A supervisor that is killed leaves nothing that stands in the way of the next."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import pytest

from config.embedded import left
from config.embedded.bound import bound
from config.installation import Installation
from tests.journeys.conftest import House, free_port


def lines_of_commands():
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and (said := (folder / "cmdline").read_bytes()):
                yield int(folder.name), said.decode(errors="replace").split("\0")
        except OSError:
            continue


def until(seen, *, seconds):
    ends = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.1)
    return found


@pytest.fixture
def house(tmp_path):
    """An installation that is up."""
    dropped = ("DATABASE_", "BROKER_", "CACHE_", "GUILDHALL_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    run = Path(f"/tmp/ghk-{uuid.uuid4().hex[:8]}")
    environment |= {"GUILDHALL_DATA": str(tmp_path / "data"), "GUILDHALL_RUN": str(run), "XDG_STATE_HOME": str(tmp_path / "state")}
    made = House(tmp_path, free_port(), environment | {"PYTHONWARNINGS": "ignore"})
    up = made.manage("up", "--detach", "--port", str(made.port))
    assert up.returncode == 0, up.stderr + str(made.logs())
    yield made
    made.manage("down")
    shutil.rmtree(run, ignore_errors=True)


def processes(house):
    return json.loads(Path(house.environment["GUILDHALL_RUN"], "status.json").read_text())["processes"]


def postmasters(house):
    return [pid for pid, said in lines_of_commands() if "-D" in said and str(house.home / "data" / "postgres") in said]


def kill_supervisor(house):
    os.kill(int((house.home / "data" / "supervisor.lock").read_text()), signal.SIGKILL)


@pytest.mark.slow
def test_after_a_kill_the_next_start_comes_up_and_a_kill_alone_ends_everything(house):
    before = processes(house)
    assert set(before) == {"postgres", "broker", "keeper", "integrator", "worker", "device", "beat", "web"}
    kill_supervisor(house)
    up = house.manage("up", "--detach", "--port", str(house.port))
    assert up.returncode == 0, up.stderr + str(house.logs())
    after = until(lambda: len(processes(house)) == len(before) and processes(house), seconds=30)
    assert not set(before.values()) & set(after.values())
    assert all(left.started(pid) is None for pid in before.values())
    assert postmasters(house) == [after["postgres"]]
    kill_supervisor(house)
    until(lambda: all(left.started(pid) is None for pid in after.values()), seconds=60)
    assert house.manage("down").stdout.strip() == "nothing runs on this data folder"


def of_sessions(sessions):
    """Return the processes of these sessions: each part begins one, and what it starts stays in it."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            state, _parent, _group, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if folder.name.isdigit() and state not in {"Z", "X"} and int(session) in sessions:
            found[int(folder.name)] = int(session)
    return found


def answers(house):
    try:
        return httpx.get(f"http://127.0.0.1:{house.port}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.slow
def test_whatever_is_killed_comes_back_and_nothing_is_left_behind(house):
    seen = set(processes(house).values())
    for names in (["worker"], ["beat", "web"], ["broker", "integrator"], ["keeper"], ["worker", "device", "broker"]):
        before = processes(house)
        for name in names:
            os.kill(before[name], signal.SIGKILL)
        after = until(lambda before=before, names=names: came_back(before, processes(house), names), seconds=60)
        seen |= set(after.values())
        assert {name for name in before if before[name] != after[name]} == set(names), "the others are left alone"
        killed = {before[name] for name in names}
        until(lambda killed=killed: not of_sessions(killed), seconds=20)
    until(lambda: answers(house), seconds=30)
    assert house.manage("down").stdout.strip() == "stopped"
    until(lambda: not of_sessions(seen), seconds=20)


def came_back(before, after, names):
    return after if set(after) == set(before) and all(after[name] != before[name] for name in names) else None


@pytest.mark.slow
def test_a_keeper_that_cannot_start_waits_and_the_house_stands(house):
    tokens = Path(house.environment["GUILDHALL_RUN"], "keeper", "tokens.json")
    away = tokens.rename(tokens.with_suffix(".away"))
    before = processes(house)
    os.kill(before["keeper"], signal.SIGKILL)
    until(lambda: "keeper did not start" in house.logs()["supervisor.log"], seconds=60)
    os.kill(before["web"], signal.SIGKILL)
    until(lambda: processes(house).get("web", before["web"]) != before["web"] and answers(house), seconds=60)
    away.rename(tokens)
    until(lambda: processes(house).get("keeper", before["keeper"]) != before["keeper"], seconds=60)


@pytest.mark.slow
def test_up_says_who_is_in_the_way(house):
    again = house.manage("up", "--detach", "--port", str(house.port))
    assert again.returncode == 0, again.stderr
    elsewhere = house.manage("up", "--detach", "--port", str(free_port()))
    assert elsewhere.returncode
    assert f"it runs already, on port {house.port}" in elsewhere.stderr
    another = {"GUILDHALL_DATA": str(house.home / "data2"), "GUILDHALL_RUN": house.environment["GUILDHALL_RUN"] + "2"}
    stranger = House(house.home, house.port, house.environment | another)
    refused = stranger.manage("up", "--detach", "--port", str(house.port))
    assert refused.returncode
    assert f"port {house.port} cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.fixture
def here(tmp_path):
    return Installation("here", tmp_path / "data", tmp_path / "run", tmp_path / "keeper")


@pytest.fixture
def keeper_like():
    """A process whose command line reads like a keeper's."""
    running = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "keeper"])
    yield running
    running.kill()
    running.wait()


def test_what_was_told_of_and_still_runs_is_ended(here, keeper_like):
    left.tell(here, port=1, processes={"keeper": keeper_like.pid})
    assert left.end_left(here) == ["keeper"]
    assert keeper_like.wait(timeout=5) == -signal.SIGTERM


@pytest.mark.parametrize("changed", [{"started": {"keeper": 1}}, {"started": {}}])
def test_another_process_with_the_same_number_is_left_alone(here, keeper_like, changed):
    left.tell(here, port=1, processes={"keeper": keeper_like.pid})
    told = json.loads((here.run / "status.json").read_text())
    (here.run / "status.json").write_text(json.dumps(told | changed))
    assert left.end_left(here) == []
    assert keeper_like.poll() is None


def test_a_process_with_another_command_is_left_alone(here, keeper_like):
    left.tell(here, port=1, processes={"web": keeper_like.pid})
    assert left.end_left(here) == []
    assert keeper_like.poll() is None


def test_a_bound_process_ends_with_the_one_that_started_it():
    code = (
        "import subprocess, sys, time; from config.embedded.bound import bound;"
        "print(subprocess.Popen([*bound(), 'sleep', '600']).pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    until(lambda: ["sleep", "600", ""] in [said for pid, said in lines_of_commands() if pid == child], seconds=10)
    parent.kill()
    parent.wait()
    until(lambda: left.started(child) is None, seconds=10)


def test_a_bound_program_does_not_inherit_what_python_ignores():
    done = subprocess.run([*bound(), "grep", "SigIgn", "/proc/self/status"], capture_output=True, text=True, check=True)
    assert not int(done.stdout.split()[1], 16) & (1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1))
