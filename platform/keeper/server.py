"""Answers on a unix socket: who asks is told by its token and its user, what it may ask by the rules.

Entries are read in autocommit, so only committed ones count. Nothing that is asked or answered is ever logged.
"""

import base64
import hashlib
import json
import logging
import os
import secrets
import socket
import socketserver
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

from keeper import rules
from keeper.store import Store, unwrap_data_key, wrap_data_key
from kernel.errors import GuildhallError, KeeperRefused, KeeperUnavailable
from kernel.keys import receive_frame, send_frame

log = logging.getLogger("guildhall.keeper")
_CREDENTIALS: Final = struct.Struct("3i")
LONGEST_GREETING: Final = 4096


class Ledger(Protocol):
    """What the keeper reads: committed entries, and which tickets are held for one of them."""

    def find(self, entry: UUID) -> rules.Recorded | None:
        """Return a committed entry, or None. Raises KeeperUnavailable."""

    def held_for(self, entry: UUID) -> Sequence[rules.Held]:
        """Return the tickets of this intent that are held under a live lease. Raises KeeperUnavailable."""


class Server(socketserver.ThreadingUnixStreamServer):
    """The listening keeper."""

    daemon_threads = True
    # A full queue refuses at once on a unix socket, and a busy web server's threads all come together.
    request_queue_size = 128

    def __init__(self, path: Path, *, store: Store, ledger: Ledger, tokens: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        self.store, self.ledger = store, ledger
        digests: dict[str, str] = json.loads(tokens.read_bytes())
        self.processes = {digest: process for process, digest in digests.items()}
        before = os.umask(0o177)
        try:
            super().__init__(str(path), Line)
        finally:
            os.umask(before)


class Line(socketserver.BaseRequestHandler):
    """One process's connection, for as long as it keeps it."""

    server: Server

    def handle(self) -> None:
        """Answer until the other side hangs up, or says what is no frame."""
        try:
            process = self._who()
            while True:
                asked = receive_frame(self.request)
                send_frame(self.request, {**self._answer(process, asked), "n": asked.get("n")})
        except (EOFError, OSError, ValueError, AttributeError, KeeperRefused):
            return

    def _who(self) -> str:
        packed = self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _pid, uid, _gid = _CREDENTIALS.unpack(packed)
        if uid != os.getuid():
            raise KeeperRefused("user.other")
        token = bytes.fromhex(str(receive_frame(self.request, longest=LONGEST_GREETING).get("token", "")))
        process = self.server.processes.get(hashlib.sha256(token).hexdigest())
        if process is None:
            send_frame(self.request, {"refused": "token.unknown"})
            raise KeeperRefused("token.unknown")
        return process

    def _answer(self, process: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            verb = str(asked.get("verb"))
            rules.may_ask(process, verb)
            answer: dict[str, Any] = getattr(Verbs(self.server, process), verb)(asked)
        except KeeperUnavailable:
            return {"unavailable": True}
        except GuildhallError as refused:
            return {"refused": refused.code}
        except (KeyError, ValueError, TypeError, AttributeError):
            return {"refused": "request.malformed"}
        except Exception as trouble:  # noqa: BLE001  # one ask must not end the line; the kind says enough, a text might say a key
            log.error("failed on %s", type(trouble).__name__)  # noqa: TRY400  # without the traceback
            return {"refused": "keeper.failed"}
        return answer


class Verbs:
    """What can be asked; each returns the fields of its answer."""

    def __init__(self, server: Server, process: str) -> None:
        self.store, self.ledger, self.process = server.store, server.ledger, process
        self._above: dict[tuple[Any, ...], tuple[bytes, int]] = {}

    def found(self, asked: dict[str, Any]) -> dict[str, Any]:
        tenant, project = UUID(asked["tenant"]), _id(asked["project"])
        self.store.found_tenant(tenant)
        if project is not None:
            self.store.found_project(tenant, project)
        return {}

    def generate(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"keys": [self._new(one) for one in asked["asks"]]}

    def open(self, asked: dict[str, Any]) -> dict[str, Any]:
        if any(one["class"] == "secrets" for one in asked["asks"]):
            raise KeeperRefused("class.secrets")
        opened = [self._unwrapped(one) for one in asked["asks"]]
        named = [rules.wanted(_bytes(one["aad"]), made_for) for one, (_, made_for) in zip(asked["asks"], opened, strict=True)]
        for one, want in zip(asked["asks"], named, strict=True):
            if UUID(one["tenant"]) != want.tenant or _id(one["project"]) != want.project:
                raise KeeperRefused("key.other_object")
        entry = UUID(asked["entry"])
        of = [UUID(one) for one in asked["of"]] if asked.get("of") is not None else None
        if self.process not in rules.PEOPLES:
            rules.may_open_for_work(self.process, self.ledger.find(entry), named, of=of, held=self.ledger.held_for(entry))
        elif rules.may_open_for_people(self.ledger.find(entry), named, of=of, now=datetime.now(UTC)):
            self.store.note_view(entry, [str(one.object) for one in named])
        return {"keys": [_base64(key) for key, _ in opened]}

    def secret(self, asked: dict[str, Any]) -> dict[str, Any]:
        if any(one["class"] != "secrets" for one in asked["asks"]):
            raise KeeperRefused("class.not_secrets")
        return {"keys": [_base64(self._unwrapped(one)[0]) for one in asked["asks"]]}

    def index(self, asked: dict[str, Any]) -> dict[str, Any]:
        values = [_bytes(value) for value in asked["values"]]
        digests = self.store.index(tenant=UUID(asked["tenant"]), project=UUID(asked["project"]), values=values)
        return {"digests": [_base64(digest) for digest in digests]}

    def sign(self, asked: dict[str, Any]) -> dict[str, Any]:
        tenant, purpose, entry = UUID(asked["tenant"]), str(asked["purpose"]), _id(asked["entry"])
        found, held = (self.ledger.find(entry), self.ledger.held_for(entry)) if entry is not None else (None, ())
        rules.may_sign(self.process, purpose, found, tenant=tenant, held=held)
        return {"signature": _base64(self.store.signer(tenant, purpose).sign(_bytes(asked["message"])))}

    def public(self, asked: dict[str, Any]) -> dict[str, Any]:
        return dict(self.store.public(UUID(asked["tenant"])))

    def viewed(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"objects": self.store.viewed(UUID(asked["entry"]))}

    def destroy(self, asked: dict[str, Any]) -> dict[str, Any]:
        tenant, entry = UUID(asked["tenant"]), self.ledger.find(UUID(asked["entry"]))
        project, person = _id(asked["project"]), _id(asked["person"])
        held = self.ledger.held_for(UUID(asked["entry"]))
        rules.may_destroy(self.process, entry, tenant=tenant, project=project, person=person, held=held)
        return {"certificate": self.store.destroy(tenant=tenant, project=project, person=person)}

    def _new(self, one: dict[str, Any]) -> dict[str, Any]:
        over, version = self._over(one, version=None)
        key, aad = secrets.token_bytes(32), _bytes(one["aad"])
        wrapped = wrap_data_key(over, key=key, aad=aad, entry=UUID(one["entry"]))
        return {"key": _base64(key), "wrapped": _base64(wrapped), "version": version}

    def _unwrapped(self, one: dict[str, Any]) -> tuple[bytes, UUID]:
        over, _ = self._over(one, version=int(one["version"]))
        return unwrap_data_key(over, wrapped=_bytes(one["wrapped"]), aad=_bytes(one["aad"]))

    def _over(self, one: dict[str, Any], *, version: int | None) -> tuple[bytes, int]:
        """Return the key above and its version, looked up once for all asks of one request."""
        named = (str(one["tenant"]), one["project"], one["person"], str(one["class"]), version)
        if named not in self._above:
            self._above[named] = self.store.class_key(
                tenant=UUID(named[0]), project=_id(named[1]), person=_id(named[2]), key_class=named[3], version=version
            )
        return self._above[named]


def serve(path: Path, *, store: Store, ledger: Ledger, tokens: Path, on_ready: Callable[[], None]) -> None:
    """Answer until the process is ended."""
    with Server(path, store=store, ledger=ledger, tokens=tokens) as server:
        on_ready()
        server.serve_forever(poll_interval=0.2)


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value)
