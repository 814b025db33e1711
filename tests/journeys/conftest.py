"""A whole installation of its own for the journeys: the real supervisor, workers, engines, starter model, no patching."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.fixtures import oidc_peer, peers_authority, saml_peer

__all__ = ["oidc_peer", "peers_authority", "saml_peer"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class House:
    """A running installation."""

    home: Path
    port: int
    environment: dict

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/s/demo-studio/"

    def manage(self, *arguments, timeout=900):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False, timeout=timeout,
        )  # fmt: skip

    def demo(self):
        return json.loads((self.home / "data" / "demo.json").read_text())

    def logs(self):
        return {path.name: path.read_text(errors="replace") for path in (self.home / "data" / "logs").glob("*.log")}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def house(tmp_path_factory, peers_authority):
    """An installation that is up."""
    home = tmp_path_factory.mktemp("house")
    dropped = ("DATABASE_", "BROKER_", "CACHE_", "GUILDHALL_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    environment |= {
        "GUILDHALL_DATA": str(home / "data"), "GUILDHALL_RUN": f"/tmp/ghj-{os.getpid()}", "XDG_STATE_HOME": str(home / "state"),
        "GUILDHALL_ALLOWED_ADDRESSES": "127.0.0.1", "GUILDHALL_OUTWARD_CA": str(peers_authority.file),
        "PYTHONWARNINGS": "ignore", "TMPDIR": str(home / "tmp"),
    }  # fmt: skip
    (home / "tmp").mkdir(mode=0o1777)
    (home / "tmp").chmod(0o1777)
    made = House(home, free_port(), environment)
    up = made.manage("up", "--detach", "--port", str(made.port))
    assert up.returncode == 0, up.stderr + str(made.logs())
    yield made
    made.manage("down")
