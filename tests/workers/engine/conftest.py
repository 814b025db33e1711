import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Engine:
    """A test's line to one child of a real parent."""

    def __init__(self, line):
        self.line = line

    def ask(self, kind, head, body=b"", fds=()):
        from workers.engine import wire

        wire.send(self.line, wire.Message(kind, head, body, fds))

    def hear(self, *kinds):
        from workers.engine import wire

        heard = []
        while True:
            message = wire.receive(self.line)
            assert message is not None, "the engine ended"
            heard.append(message)
            if message.kind in kinds or message.kind == "failed":
                return message, heard


class Parent:
    def __init__(self):
        ours, theirs = socket.socketpair()
        environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "HOME": "/nonexistent"}
        self.running = subprocess.Popen(
            [sys.executable, "-m", "workers.engine", "--socket", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=environment,
            cwd=ROOT,
        )
        theirs.close()
        self.line = ours
        self.line.settimeout(120)
        self.ready = self.receive("ready")

    def receive(self, kind):
        from workers.engine import wire

        while (message := wire.receive(self.line)).kind != kind:
            pass
        return message

    def spawn(self):
        from workers.engine import wire

        ours, theirs = socket.socketpair()
        wire.send(self.line, wire.Message("spawn", {}, fds=(theirs.fileno(),)))
        theirs.close()
        pid = self.receive("spawned").head["pid"]
        ours.settimeout(120)
        engine = Engine(ours)
        engine.pid = pid
        return engine


@pytest.fixture(scope="session")
def parent():
    made = Parent()
    yield made
    made.line.close()
    made.running.wait(timeout=10)


@pytest.fixture(scope="session")
def toys(tmp_path_factory):
    from workers.engine import toy

    return {family: toy.write(family, tmp_path_factory.mktemp(family)) for family in ("sd1", "sd2", "sdxl")}


@pytest.fixture
def engine(parent, toys):
    made = parent.spawn()
    made.ask("load_base", {"path": str(toys["sd1"]), "family": "sd1"})
    loaded = made.hear("loaded")[0]
    assert loaded.kind == "loaded"
    assert loaded.head["is_confined"] is True
    yield made
    made.line.close()


@pytest.fixture
def sealed():
    """Seal content into a memory file: returns (fd, SealedInput head) for the n-th file."""
    from kernel import sealing

    def make(content, number):
        key, aad = secrets.token_bytes(32), f"test-{number}"
        fd = os.memfd_create("sealed")
        os.write(fd, sealing.seal_bytes(content, key=key, aad=aad.encode()))
        return fd, {"file": number, "key": key.hex(), "aad": aad, "media_type": ""}

    return make
