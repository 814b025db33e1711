"""The keeper's keys: small files in a tree, each wrapped under the one above it, destroyed with a tombstone.

Guarantees: a key that was destroyed is never made again under the same name, so a late worker cannot bring a project
back; a file is there whole or not at all. Nothing here ever lies in PostgreSQL, whose log remembers deleted rows.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding, aes_key_wrap_with_padding

from keeper.certificates import Authority, Signer
from keeper.roots import Root, sync_folder, write_atomically
from kernel.errors import KeeperRefused

WRAPPED_BYTES: Final = 80
TOMB: Final = "destroyed"
ID_LENGTH: Final = 36


class Store:
    """All keys of one installation. Thread-safe."""

    def __init__(self, folder: Path, root: Root, *, installation: str) -> None:
        self.folder, self.root, self.installation = folder, root, installation
        self._held: dict[Path, bytes] = {}
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._alone = _only_keeper(folder)
        self.authority = Authority(folder / "ca", root, installation=installation)

    def found_tenant(self, tenant: UUID) -> None:
        """Make a tenant's keys, its log key and its signing keys; may be repeated."""
        with self._lock:
            home = self._tenant(tenant)
            above = self._key(home / "tenant.key", None)
            self._key(home / "secrets.key", above)
            self._key(home / "log.key", above)
            if not (home / "origin").exists():
                write_atomically(home / "origin", f"{self.installation}/log/{secrets.token_hex(8)}".encode())
            for purpose in ("claim", "bundle"):
                self.authority.found(home, purpose, above)

    def found_project(self, tenant: UUID, project: UUID) -> None:
        """Make a project's first key and its index key; may be repeated."""
        with self._lock:
            above = self._above(tenant)
            home = self._project(tenant, project)
            self._key(home / "v1.key", above)
            self._key(home / "index.key", above)

    def class_key(
        self, *, tenant: UUID, project: UUID | None, person: UUID | None, key_class: str, version: int | None
    ) -> tuple[bytes, int]:
        """Return the key that a data key lies under and its version. Raises KeeperRefused when destroyed."""
        with self._lock:
            above = self._above(tenant)
            if key_class == "secrets":
                return self._key(self._tenant(tenant) / "secrets.key", above), 1
            if key_class == "people" and person is not None:
                return self._key(self._tenant(tenant) / "people" / f"{person}.key", above), 1
            if project is None:
                raise KeeperRefused("key.no_project")
            home = self._project(tenant, project)
            newest = version or max((int(path.stem[1:]) for path in home.glob("v*.key")), default=1)
            of_project = self._key(home / f"v{newest}.key", above, make=False)
            if key_class == "project":
                return of_project, newest
            if key_class == "subject" and person is not None:
                return self._key(home / "subjects" / f"{person}.key", of_project), newest
            raise KeeperRefused("key.unknown_class")

    def index(self, *, tenant: UUID, project: UUID, values: Iterable[bytes]) -> list[bytes]:
        """Return keyed digests under the project's index key."""
        with self._lock:
            key = self._key(self._project(tenant, project) / "index.key", self._above(tenant), make=False)
        return [hmac.new(key, value, hashlib.sha256).digest() for value in values]

    def signer(self, tenant: UUID, purpose: str) -> Signer:
        """Return what signs for a tenant: its log key, or its claim or bundle key."""
        with self._lock:
            above = self._above(tenant)
            home = self._tenant(tenant)
            if purpose == "checkpoint":
                return Signer.log(self._key(home / "log.key", above, make=False))
            return self.authority.signer(home, "claim" if purpose == "claim" else "bundle", above)

    def public(self, tenant: UUID) -> dict[str, str]:
        """Return the public side of a tenant's keys."""
        home = self._tenant(tenant)
        if not (home / "origin").exists():
            raise KeeperRefused("tenant.unknown")
        origin = (home / "origin").read_text(encoding="utf-8")
        return {
            "origin": origin,
            "log_vkey": self.signer(tenant, "checkpoint").vkey(origin),
            "claim_chain": self.authority.chain(home, "claim"),
            "bundle_chain": self.authority.chain(home, "bundle"),
            "ca": self.authority.certificate_pem(),
        }

    def note_view(self, entry: UUID, objects: Iterable[str]) -> None:
        """Write down which objects are about to be opened under a view, before they are."""
        with self._lock:
            path = self.folder / "views" / str(entry)
            path.parent.mkdir(exist_ok=True, mode=0o700)
            known = set(path.read_text(encoding="utf-8").split()) if path.exists() else set()
            fresh = sorted(set(objects) - known)
            if fresh:
                with path.open("a", encoding="utf-8") as lines:
                    # A line that a crash cut short is ended here, and never read as an id.
                    lines.write("\n" + "".join(f"{one}\n" for one in fresh))
                    lines.flush()
                    os.fsync(lines.fileno())

    def viewed(self, entry: UUID) -> list[str]:
        """Return the objects that were opened under a view."""
        path = self.folder / "views" / str(entry)
        noted = set(path.read_text(encoding="utf-8").split()) if path.exists() else set()
        return sorted(one for one in noted if len(one) == ID_LENGTH)

    def destroy(self, *, tenant: UUID, project: UUID | None, person: UUID | None) -> dict[str, Any]:
        """Destroy the keys of a project, or of a person in it or in the tenant, leaving tombstones; may be repeated."""
        with self._lock:
            self._above(tenant)
            doomed = sorted(self._doomed(tenant, project, person))
            for path in doomed:
                _destroy(path)
                self._held.pop(path, None)
            return {
                "v": 1, "tenant": str(tenant), "project": str(project) if project else None,
                "person": str(person) if person else None, "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "keys": [path.relative_to(self.folder).with_suffix("").as_posix() for path in doomed],
                "copies": "none but backups of the keeper's store, for as long as they are kept",
            }  # fmt: skip

    def _doomed(self, tenant: UUID, project: UUID | None, person: UUID | None) -> set[Path]:
        """Return the keys to destroy with those already destroyed, so that a repeated certificate says the same."""
        if project is None and person is None:
            raise KeeperRefused("destroy.names_nothing")
        if project is None:
            return {self._tenant(tenant) / "people" / f"{person}.key"}
        home = self._project(tenant, project)
        if person is not None:
            return {home / "subjects" / f"{person}.key"}
        gone = {path.with_suffix(".key") for path in home.rglob(f"*.{TOMB}")}
        return {home / "v1.key", home / "index.key", *home.rglob("*.key"), *gone}

    def _tenant(self, tenant: UUID) -> Path:
        return self.folder / "tenants" / str(tenant)

    def _project(self, tenant: UUID, project: UUID) -> Path:
        return self._tenant(tenant) / "projects" / str(project)

    def _above(self, tenant: UUID) -> bytes:
        return self._key(self._tenant(tenant) / "tenant.key", None, make=False)

    def _key(self, path: Path, above: bytes | None, *, make: bool = True) -> bytes:
        held = self._held.get(path)
        if held is not None:
            return held
        if path.with_suffix(f".{TOMB}").exists():
            raise KeeperRefused("key.destroyed")
        if not path.exists():
            if not make:
                raise KeeperRefused("key.unknown")
            fresh = secrets.token_bytes(32)
            write_atomically(path, self.root.wrap(fresh) if above is None else aes_key_wrap_with_padding(above, fresh))
        wrapped = path.read_bytes()
        try:
            key = self.root.unwrap(wrapped) if above is None else aes_key_unwrap_with_padding(above, wrapped)
        except (InvalidUnwrap, ValueError, KeyError, IndexError):
            raise KeeperRefused("key.damaged") from None
        self._held[path] = key
        return key


def wrap_data_key(over: bytes, *, key: bytes, aad: bytes, entry: UUID) -> bytes:
    """Return AES-KWP over data key ‖ SHA-256(AAD) ‖ entry id."""
    return aes_key_wrap_with_padding(over, key + hashlib.sha256(aad).digest() + entry.bytes)


def unwrap_data_key(over: bytes, *, wrapped: bytes, aad: bytes) -> tuple[bytes, UUID]:
    """Return the data key and the entry it was generated for. Raises KeeperRefused when anything differs."""
    try:
        inner = aes_key_unwrap_with_padding(over, wrapped)
    except (InvalidUnwrap, ValueError):
        raise KeeperRefused("key.does_not_open") from None
    if len(inner) != WRAPPED_BYTES or not hmac.compare_digest(inner[32:64], hashlib.sha256(aad).digest()):
        raise KeeperRefused("key.other_object")
    return inner[:32], UUID(bytes=inner[64:])


def _destroy(path: Path) -> None:
    """Leave the tombstone first: whatever happens after it, the key is never given out or made again."""
    tomb = path.with_suffix(f".{TOMB}")
    if not tomb.exists():
        write_atomically(tomb, json.dumps({"at": datetime.now(UTC).isoformat()}).encode())
    if not path.exists():
        return
    with path.open("r+b") as over:
        over.write(secrets.token_bytes(path.stat().st_size))
        over.flush()
        os.fsync(over.fileno())
    path.unlink()
    sync_folder(path.parent)


def _only_keeper(folder: Path) -> IO[bytes]:
    """Lock the store for this process's life. Raises BlockingIOError where another keeper has it."""
    lock = (folder / ".lock").open("ab")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock
