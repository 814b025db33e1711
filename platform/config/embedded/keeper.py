"""Starts the keeper and gives each process a token of its own, drawn anew at every start."""

import json
import os
import secrets
import select
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.embedded.bound import bound
from config.installation import ROOT, private_folder, token_digest, write_private

PROCESSES: Final = ("web", "worker", "device", "integrator", "command")
READY_SECONDS: Final = 45


class KeeperFailed(RuntimeError):
    """The keeper did not start; its log says why."""


@dataclass
class Tokens:
    """One random token per process; the keeper's file holds digests only."""

    folder: Path
    drawn: dict[str, str] = field(default_factory=dict)

    def draw(self) -> None:
        """Draw new tokens; the one for a person's commands lies in a file that only this user reads."""
        private_folder(self.folder)
        self.drawn = {process: secrets.token_hex(32) for process in PROCESSES}
        digests = {process: token_digest(token) for process, token in self.drawn.items()}
        write_private(self.folder / "tokens.json", json.dumps(digests))
        write_private(self.folder / "command.token", self.drawn["command"])


def start_keeper(environment: dict[str, str], *, log: Path) -> subprocess.Popen[bytes]:
    """Start the keeper and wait until it listens, at most READY_SECONDS. Raises KeeperFailed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as lines:
        running = subprocess.Popen(
            [*bound(), sys.executable, "-m", "keeper"], cwd=ROOT, env={**environment, "GUILDHALL_PROCESS": "keeper"},
            stdout=subprocess.PIPE, stderr=lines, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    if not _says_ready(running, seconds=READY_SECONDS):
        running.kill()
        running.wait()
        raise KeeperFailed(f"the keeper did not start; see {log}")
    return running


def _says_ready(running: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Wait for the keeper's word; one that ends, or says nothing in this time, is not ready."""
    if running.stdout is None:
        return False
    said, until = b"", time.monotonic() + seconds
    while b"ready" not in said:
        left = until - time.monotonic()
        if left <= 0 or not select.select([running.stdout], [], [], left)[0]:
            return False
        word = os.read(running.stdout.fileno(), 4096)
        if not word:
            return False
        said += word
    return True
