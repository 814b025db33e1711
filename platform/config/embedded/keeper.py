"""Starts the keeper and gives each process a token of its own, drawn anew at every start."""

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config.embedded.bound import bound
from config.installation import ROOT, private_folder, token_digest, write_private

PROCESSES: Final = ("web", "worker", "device", "integrator", "command")


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
    """Start the keeper and wait until it listens. Raises KeeperFailed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as lines:
        running = subprocess.Popen(
            [*bound(), sys.executable, "-m", "keeper"], cwd=ROOT, env={**environment, "GUILDHALL_PROCESS": "keeper"},
            stdout=subprocess.PIPE, stderr=lines, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    if running.stdout is None or b"ready" not in running.stdout.readline():
        running.kill()
        running.wait()
        raise KeeperFailed(f"the keeper did not start; see {log}")
    return running
