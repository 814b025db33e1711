"""What a supervisor that was killed left running: found by what it told, known by its start, and ended.

A process id is used again by others, so a process is ours only when it started at the very tick that was told and its
command line still names what we started.
"""

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.installation import Installation, write_private

PATIENCE_SECONDS: Final = 20
_WORDS: Final = {"postgres": "postgres", "broker": "valkey", "keeper": "keeper", "integrator": "integrator", "worker": "celery",
                 "device": "celery", "beat": "celery", "web": "uvicorn"}  # fmt: skip
# To PostgreSQL SIGTERM means: wait until every client has gone.
_SIGNALS: Final = {"postgres": signal.SIGINT}


@dataclass(frozen=True)
class Told:
    """One process as the supervisor told of it; `started` counts the kernel's ticks since the machine's start."""

    name: str
    pid: int
    started: int

    def is_ours(self) -> bool:
        """Return whether this very process still runs."""
        try:
            said = Path(f"/proc/{self.pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return False
        return started(self.pid) == self.started and _WORDS[self.name] in said


def tell(here: Installation, *, port: int, processes: dict[str, int]) -> None:
    """Write what runs where the next supervisor, `doctor` and people find it."""
    ticks = {name: started(pid) for name, pid in processes.items()}
    write_private(here.run / "status.json", json.dumps({"port": port, "processes": processes, "started": ticks}))


def told(here: Installation) -> list[Told]:
    """Return what the supervisor told of, the last started first."""
    try:
        said = json.loads((here.run / "status.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    ticks = said.get("started", {})
    return [Told(name, pid, ticks.get(name) or 0) for name, pid in said["processes"].items() if name in _WORDS][::-1]


def told_port(here: Installation) -> int | None:
    """Return the port that the supervisor told of, if it did."""
    try:
        return int(json.loads((here.run / "status.json").read_text(encoding="utf-8"))["port"])
    except (OSError, ValueError, KeyError):
        return None


def end_left(here: Installation) -> list[str]:
    """End what a killed supervisor left and return its names. Only for who knows that no supervisor runs."""
    left = [one for one in told(here) if one.is_ours()]
    for one in left:
        _send(one, _SIGNALS.get(one.name, signal.SIGTERM))
    until = time.monotonic() + PATIENCE_SECONDS
    while any(one.is_ours() for one in left) and time.monotonic() < until:
        time.sleep(0.1)
    for one in left:
        _send(one, signal.SIGKILL)
    while any(one.is_ours() for one in left):
        time.sleep(0.1)
    return [one.name for one in left]


def started(pid: int) -> int | None:
    """Return the tick at which a process started, or None where it has ended."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return None if state in {"Z", "X"} else int(fields[18])


def _send(one: Told, number: signal.Signals) -> None:
    if one.is_ours():
        os.kill(one.pid, number)
