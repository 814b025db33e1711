"""Fixtures that start the peers, one process of each per run: `from tests.peers.fixtures import oidc_peer, saml_peer, …`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.peers.certificates import Authority

ROOT = Path(__file__).resolve().parents[2]


class Peer:
    """A running peer: `url`, the `authority` file that vouches for it, and `control` to tell it what to do next."""

    def __init__(self, module: str, folder: Path, authority: Authority) -> None:
        leaf = authority.issue("127.0.0.1", "localhost")
        folder.mkdir(parents=True, exist_ok=True)
        self.authority, self.folder = str(authority.file), folder
        command = [sys.executable, "-m", f"tests.peers.{module}", "--folder", str(folder)]
        # A peer is a stranger: nothing of our own settings reaches it.
        ours = ("GUILDHALL_", "DATABASE_", "BROKER_", "CACHE_", "DJANGO_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._log = (folder / "log.txt").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [*command, "--certificate", str(leaf.certificate), "--key", str(leaf.key)],
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.url = ""

    def wait(self) -> "Peer":
        """Return when it answers."""
        if not self.url:
            said = self._process.stdout.readline()
            if not said:
                raise RuntimeError((self.folder / "log.txt").read_text(encoding="utf-8")[-3000:])
            self.url = json.loads(said)["url"]
        return self

    def control(self, what: str, **told):
        """Tell it what to do; return what it answers."""
        answer = requests.post(f"{self.url}/control/{what}", json=told, verify=self.authority, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def get(self, path: str, **more) -> requests.Response:
        return requests.get(f"{self.url}{path}", verify=self.authority, timeout=20, **more)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        self._process.stdout.close()
        self._process.stdin.close()
        self._log.close()


def running(module, factory, authority):
    peer = Peer(module, factory.mktemp(module), authority)
    try:
        yield peer.wait()
    finally:
        peer.stop()


@pytest.fixture(scope="session")
def peers_authority(tmp_path_factory):
    """The authority that the peers' certificates come from: `.file` is what GUILDHALL_OUTWARD_CA names."""
    return Authority(tmp_path_factory.mktemp("authority"), "Peers")


@pytest.fixture(scope="session")
def oidc_peer(tmp_path_factory, peers_authority):
    """An honest OpenID provider."""
    yield from running("oidc", tmp_path_factory, peers_authority)


@pytest.fixture(scope="session")
def oidc_evil(tmp_path_factory, peers_authority):
    """An OpenID provider that lies as it is told."""
    yield from running("oidc_evil", tmp_path_factory, peers_authority)


@pytest.fixture(scope="session")
def saml_peer(tmp_path_factory, peers_authority):
    """An honest SAML identity provider."""
    yield from running("saml", tmp_path_factory, peers_authority)
