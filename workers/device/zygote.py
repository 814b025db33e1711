"""The parent of all engines: started once from the main thread, it imports torch and forks a child per tenant.

It ends with this process (it asks the kernel to be killed when the thread that forked it dies, hence the main thread).
Its environment is made from nothing, so that no URL, token or password of ours reaches an engine; what it and its
children print goes nowhere, because a traceback can hold a prompt.
"""

import logging
import os
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings

from kernel.errors import GuildhallError
from workers.engine import wire

# What a child needs to find its libraries and its device, and nothing that could name a service or a secret.
_PASSED: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "TZ")
_START_SECONDS: Final = 120.0
logger = logging.getLogger(__name__)


class ZygoteLost(GuildhallError):
    """The parent of the engines ended; the next turn starts another."""

    default_code = "engine.zygote_lost"


@dataclass(frozen=True)
class Ended:
    """One child that is no more, and how it ended."""

    pid: int
    reason: str
    status: int


@dataclass
class Zygote:
    """One running parent. `ended` collects children's ends that arrived while waiting for something else."""

    running: subprocess.Popen[bytes]
    line: socket.socket
    ended: list[Ended] = field(default_factory=list)

    @classmethod
    def start(cls, command: Sequence[str]) -> "Zygote":
        """Start the parent and wait until it has imported everything. Main thread only."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("engines are forked from the main thread, or they die with another")
        ours, theirs = socket.socketpair()
        with theirs:
            running = subprocess.Popen(
                [*command, "--socket", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env=clean_environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        zygote = cls(running, ours)
        ours.settimeout(_START_SECONDS)
        head = zygote._await("ready")
        logger.info("device: the engines' parent is ready after %s ms", head.get("import_ms"))
        return zygote

    def spawn(self) -> tuple[socket.socket, int]:
        """Fork a child; return our end of its socket and its pid."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                wire.send(self.line, wire.Message("spawn", {}, fds=(theirs.fileno(),)))
            except OSError as trouble:
                raise ZygoteLost from trouble
        return ours, int(self._await("spawned")["pid"])

    def attend(self) -> None:
        """Read one message that waits: the end of a child, or of the parent itself."""
        self._take(self._receive())

    def end(self) -> None:
        """End the parent and with it all its children."""
        self.line.close()
        self.running.kill()
        self.running.wait(timeout=10)

    def _await(self, kind: str) -> dict[str, Any]:
        while (message := self._receive()).kind != kind:
            self._take(message)
        return dict(message.head)

    def _receive(self) -> wire.Message:
        try:
            message = wire.receive(self.line)
        except OSError as trouble:
            raise ZygoteLost from trouble
        if message is None:
            raise ZygoteLost
        return message

    def _take(self, message: wire.Message) -> None:
        if message.kind == "ended":
            head = message.head
            status = head.get("signal") or head.get("exit") or 0
            self.ended.append(Ended(int(head["pid"]), str(head.get("reason", "exit")), int(status)))


def clean_environment() -> dict[str, str]:
    """Return the environment of the engines' parent."""
    threads = str(settings.ENGINE_THREADS)
    return {name: os.environ[name] for name in _PASSED if name in os.environ} | {
        "HOME": "/nonexistent",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # without it CUDA's products are not repeatable
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
