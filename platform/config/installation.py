"""Where this installation lies: its data folder, its run folder, its keeper's store, its own secrets.

The data folder holds Postgres, blobs and logs. The keeper's store lies elsewhere on purpose: who copies or steals the
data folder has no key. Sockets lie in a short run folder, because a unix socket's path may have 107 bytes at most.
"""

import hashlib
import json
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from psycopg.conninfo import conninfo_to_dict

from config import env

ROOT: Final = Path(__file__).resolve().parents[2]
LOGINS: Final = ("owner", "app", "worker", "integrator", "keeper")


@dataclass(frozen=True)
class Installation:
    """The folders of one installation; `name` is drawn once and never changes."""

    name: str
    data: Path
    run: Path
    keeper_store: Path

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    def database_url(self, login: str) -> str:
        """Return the stored URL of the embedded server for one login, or nothing."""
        path = self.secrets / f"database-{login}.url"
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""

    @property
    def digest(self) -> str:
        """Return what /health says, so that nobody takes another installation's portal for this one."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:16]

    def broker_url(self, *, cache: bool = False) -> str:
        """Return the URL of the embedded broker, or nothing before it was made."""
        if not (self.secrets / "broker-password").exists():
            return ""
        socket, password = self.run / "broker" / "broker.sock", self.secret("broker-password")
        if cache:
            return f"unix://:{password}@{socket}?db=1"
        return f"redis+socket://:{password}@{socket}?virtual_host=0"

    def keeper_token(self, process: str) -> str:
        """Return the keeper token of a person's command; a service gets its own by environment alone."""
        path = self.run / "keeper" / f"{process}.token"
        return path.read_text(encoding="utf-8").strip() if process == "command" and path.exists() else ""

    def secret(self, name: str) -> str:
        """Return a secret of this installation, drawn at first use and kept in a file that only we read."""
        path = self.secrets / name
        if not path.exists():
            write_private(path, secrets.token_hex(32))
        return path.read_text(encoding="utf-8").strip()


def find() -> Installation:
    """Return the installation of this checkout and environment; its name is written at first use."""
    data = env.folder("GUILDHALL_DATA", ROOT / "data")
    name = _name(data)
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return Installation(
        name=name,
        data=data,
        run=env.folder("GUILDHALL_RUN", Path(tempfile.gettempdir()) / f"guildhall-{os.getuid()}-{name}"),
        keeper_store=env.folder("GUILDHALL_KEEPER_STORE", state / "guildhall" / name / "keeper"),
    )


def write_private(path: Path, content: str) -> None:
    """Write a file that only this user reads, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(content, encoding="utf-8")
    draft.replace(path)


def private_folder(path: Path, *, mode: int = 0o700) -> Path:
    """Make a folder of ours, or refuse one that somebody else made."""
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), 0}:
        raise env.WrongSetting(f"{path} belongs to somebody else: remove it, or set GUILDHALL_RUN to another folder")
    path.chmod(mode)
    return path


_PARTS: Final = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def parts(url: str) -> dict[str, Any]:
    """Return Django's database parameters of a postgresql:// URL, its other words (`sslmode` …) as options."""
    said = dict(conninfo_to_dict(url))
    named = {name: str(said.pop(word, None) or "") for name, word in _PARTS.items()}
    return {**named, "OPTIONS": said}


def cache_url(broker: str) -> str:
    """Return a broker's URL as redis-py writes it: Celery has a way of its own to name a socket."""
    split = urlsplit(broker)
    if split.scheme != "redis+socket":
        return broker
    number = parse_qs(split.query).get("virtual_host", ["0"])[0]
    return f"unix://{split.netloc}{split.path}?db={number}"


def token_digest(token: str) -> str:
    """Return what the keeper keeps of a process's token."""
    return hashlib.sha256(bytes.fromhex(token)).hexdigest()


def _name(data: Path) -> str:
    path = data / "installation.json"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps({"name": f"gh{secrets.token_hex(4)}"}))
    name: str = json.loads(path.read_text(encoding="utf-8"))["name"]
    return name
