"""From asking the engines' parent for a child until that child answers."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.stage import median
from workers.engine import wire

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 15


def main() -> None:
    """Print the median of `spawn` → first answer, and what importing cost once."""
    ours, theirs = socket.socketpair()
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "HOME": "/nonexistent"}
    running = subprocess.Popen(
        [sys.executable, "-m", "workers.engine", "--socket", str(theirs.fileno())], pass_fds=[theirs.fileno()], env=environment,
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    theirs.close()
    ready = wire.receive(ours)
    print(f"engine.import_ms: {ready.head['import_ms']}")
    print(f"engine.start_ms: {median([_start(ours) for _ in range(ROUNDS)]):.1f}")
    ours.close()
    running.wait(timeout=10)


def _start(parent):
    mine, childs = socket.socketpair()
    began = time.perf_counter()
    wire.send(parent, wire.Message("spawn", {}, fds=(childs.fileno(),)))
    childs.close()
    # A request that is answered at once, so that ready means answering.
    wire.send(mine, wire.Message("generate", {"request": "r"}))
    wire.receive(mine)
    took = (time.perf_counter() - began) * 1000
    mine.close()
    return took
