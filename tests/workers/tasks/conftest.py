"""A studio with a toy base, and a real device worker beside the tests: its own process, login, keeper token, engines."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
_WRITE_TOY = "import sys, pathlib; from workers.engine import toy; toy.write('sd1', pathlib.Path(sys.argv[1]))"


@dataclass(frozen=True)
class Studio:
    """The cast of one test: who asks, who decides, and what they ask with."""

    tenant: uuid.UUID
    project: uuid.UUID
    owner: Any
    alice: Any  # artist
    tara: Any  # trainer
    lea: Any  # lead
    base: Any


@pytest.fixture(scope="session")
def toy_folder() -> Iterator[Path]:
    """A tiny random model of the real architecture, written once."""
    with tempfile.TemporaryDirectory(prefix="toy-") as folder:
        subprocess.run(
            [sys.executable, "-c", _WRITE_TOY, folder],
            check=True, capture_output=True,
        )  # fmt: skip
        yield Path(folder)


@pytest.fixture
def studio(keeper: Any, toy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A new studio with a project, an artist, a trainer, a lead, and the toy as its base."""
    from django.conf import settings

    from access import services as access
    from access.roles import Role
    from tenants.registry import services as registry

    monkeypatch.setattr(settings, "MODEL_FOLDERS", [str(toy_folder)])
    word = uuid.uuid4().hex[:10]
    founded = access.found_studio(
        name=f"Studio {word}",
        slug=f"studio-{word}",
        owner_email=f"o-{word}@example.org",
        owner_name="Tom",
        password="x" * 16,
        second_factor=False,
    )
    project = access.create_project(founded.owner, name="Nightfall").pk
    people = {}
    for name, role in (("alice", Role.ARTIST), ("tara", Role.TRAINER), ("lea", Role.LEAD)):
        made = access.add_person(founded.owner, email=f"{name}-{word}@example.org", name=name)
        access.grant(founded.owner, person=made.pk, role=role, project=project)
        people[name] = access.actor_for(made.pk, tenant=founded.tenant, project=project)
    base = registry.register_base(founded.owner, folder=toy_folder, name="Toy", licence="Apache-2.0")
    return Studio(founded.tenant, project, founded.owner, people["alice"], people["tara"], people["lea"], base)


class DeviceProcess:
    """A device worker that takes turns until it is killed; started again, it is another worker."""

    def __init__(self, services: Any, log: Path) -> None:
        self.services, self.log = services, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> "DeviceProcess":
        given = {"GUILDHALL_LEASE_SECONDS": "4", "GUILDHALL_CHECKPOINT_SECONDS": "1"}
        environment = {**os.environ, **self.services.environment("device"), **given}
        with self.log.open("ab") as log:
            self.running = subprocess.Popen([sys.executable, str(HERE / "run_device.py")], env=environment, stdout=log, stderr=log)
        return self

    def kill(self) -> None:
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()

    def engines(self) -> list[int]:
        """Return the pids of the engines: the children of the worker's child."""
        parents = _children(self.running.pid)
        return [pid for parent in parents for pid in _children(parent)]


@pytest.fixture(scope="session")
def device(keeper: Any) -> Iterator[DeviceProcess]:
    """A running device worker, shared by the tests; one that kills it starts it again."""
    with tempfile.TemporaryDirectory(prefix="device-") as folder:
        process = DeviceProcess(keeper, Path(folder) / "log").start()
        yield process
        with contextlib.suppress(Exception):
            process.kill()
        sys.stderr.write(process.log.read_text()[-6000:])


@pytest.fixture
def until() -> Any:
    """Wait until something is so, or fail."""

    def wait(seen: Any, *, seconds: float = 60.0) -> Any:
        ends = time.monotonic() + seconds
        while not (found := seen()):
            assert time.monotonic() < ends, "it did not come to pass"
            time.sleep(0.1)
        return found

    return wait


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(one) for one in text.split()]


def acting_in(actor: Any, project: uuid.UUID) -> Any:
    """Return the actor in a project."""
    return replace(actor, project=project)
