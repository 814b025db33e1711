"""The keeper's client: asks for keys over a unix socket, and holds none longer than its caller does.

The keeper alone has root, tenant, project and subject keys. It hands out data keys (sealing needs no permission) and
opens wrapped ones against a recorded entry. Frames are a u32 length and JSON, bytes in base64.
"""

import base64
import itertools
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from kernel.errors import KeeperRefused, KeeperUnavailable

LONGEST_FRAME: Final = 64 * 1024 * 1024
SECONDS: Final = 30
PATIENCE_SECONDS: Final = 5


class KeyClass(StrEnum):
    """Under which key a data key lies."""

    PROJECT = "project"
    SUBJECT = "subject"
    PEOPLE = "people"
    SECRETS = "secrets"


class SignPurpose(StrEnum):
    """What a signature is for; each purpose has its own key and its own asker."""

    CHECKPOINT = "checkpoint"
    CLAIM = "claim"
    MODEL = "model"
    BUNDLE = "bundle"


@dataclass(frozen=True)
class KeyAsk:
    """One new data key: for these associated data, under this class, generated for this entry."""

    aad: bytes
    tenant: UUID
    key_class: KeyClass
    entry: UUID
    project: UUID | None = None
    person: UUID | None = None


@dataclass(frozen=True)
class OpenAsk:
    """One wrapped data key to open; the keeper compares the associated data with those it was made for."""

    aad: bytes
    wrapped: bytes
    tenant: UUID
    key_class: KeyClass
    project: UUID | None = None
    person: UUID | None = None
    key_version: int = 1


@dataclass(frozen=True)
class DataKey:
    """A data key (32 bytes), its wrapped form for the row beside the object, and the project key's version."""

    key: bytes
    wrapped: bytes
    key_version: int


@dataclass(frozen=True)
class PublicKeys:
    """What anybody may know of a tenant's keys: the log's origin and verifier key, certificate chains in PEM."""

    origin: str
    log_vkey: str
    claim_chain_pem: bytes
    bundle_chain_pem: bytes
    installation_ca_pem: bytes


class Keeper:
    """One process's line to the keeper; a connection per thread, made anew when it broke."""

    def __init__(self, path: Path, token: bytes) -> None:
        self._path, self._token = path, token
        self.patience: float = PATIENCE_SECONDS
        self._lines = threading.local()
        self._numbers = itertools.count()

    def found(self, *, tenant: UUID, project: UUID | None = None) -> None:
        """Make a tenant's or a project's keys; may be repeated."""
        self._ask("found", tenant=str(tenant), project=_text(project))

    def generate(self, asks: Sequence[KeyAsk]) -> list[DataKey]:
        """Return new data keys. Raises KeeperRefused where the key above was destroyed."""
        answer = self._ask("generate", asks=[_ask_fields(ask) | {"entry": str(ask.entry)} for ask in asks])
        return [DataKey(_bytes(one["key"]), _bytes(one["wrapped"]), int(one["version"])) for one in answer["keys"]]

    def open(self, entry: UUID, asks: Sequence[OpenAsk], *, of: Sequence[UUID] | None = None) -> list[bytes]:
        """Return the data keys that this recorded entry allows. Raises KeeperRefused.

        `of`: all object ids whose digest the entry carries, when only some of them are opened now.
        """
        answer = self._ask("open", entry=str(entry), of=[str(one) for one in of] if of is not None else None, asks=_opens(asks))
        return [_bytes(key) for key in answer["keys"]]

    def secret(self, asks: Sequence[OpenAsk]) -> list[bytes]:
        """Return data keys of a tenant's machine secrets, which `web` uses without an entry."""
        return [_bytes(key) for key in self._ask("secret", asks=_opens(asks))["keys"]]

    def index(self, *, tenant: UUID, project: UUID, values: Sequence[bytes]) -> list[bytes]:
        """Return keyed digests (32 bytes each) under the project's index key."""
        answer = self._ask("index", tenant=str(tenant), project=str(project), values=[_base64(value) for value in values])
        return [_bytes(digest) for digest in answer["digests"]]

    def sign(self, *, tenant: UUID, purpose: SignPurpose, message: bytes, entry: UUID | None = None) -> bytes:
        """Return a signature: Ed25519 for checkpoints, else ECDSA P-256 with SHA-256 as raw r‖s."""
        answer = self._ask("sign", tenant=str(tenant), purpose=purpose.value, message=_base64(message), entry=_text(entry))
        return _bytes(answer["signature"])

    def public(self, *, tenant: UUID) -> PublicKeys:
        """Return the public side of a tenant's keys."""
        answer = self._ask("public", tenant=str(tenant))
        return PublicKeys(
            origin=answer["origin"], log_vkey=answer["log_vkey"], claim_chain_pem=answer["claim_chain"].encode(),
            bundle_chain_pem=answer["bundle_chain"].encode(), installation_ca_pem=answer["ca"].encode(),
        )  # fmt: skip

    def viewed(self, *, entry: UUID) -> list[UUID]:
        """Return the objects that were opened under a view."""
        return [UUID(one) for one in self._ask("viewed", entry=str(entry))["objects"]]

    def destroy(self, *, tenant: UUID, entry: UUID, project: UUID | None = None, person: UUID | None = None) -> dict[str, Any]:
        """Destroy the keys of a project, or of a person in it, and return the shred certificate; may be repeated."""
        answer = self._ask("destroy", tenant=str(tenant), entry=str(entry), project=_text(project), person=_text(person))
        certificate: dict[str, Any] = answer["certificate"]
        return certificate

    def _ask(self, verb: str, **fields: Any) -> dict[str, Any]:
        """Ask, and ask again for a while when the keeper is gone: every verb may be repeated."""
        until = time.monotonic() + self.patience
        pause = 0.0
        while True:
            try:
                answer = self._exchange(verb, fields)
                break
            except TimeoutError:
                raise KeeperUnavailable from None
            except (OSError, EOFError):
                if time.monotonic() > until:
                    raise KeeperUnavailable from None
            time.sleep(pause)
            pause = min(2 * pause + 0.02, 0.5)
        if "unavailable" in answer:
            raise KeeperUnavailable
        if "refused" in answer:
            raise KeeperRefused(answer["refused"])
        return answer

    def _exchange(self, verb: str, fields: dict[str, Any]) -> dict[str, Any]:
        try:
            line, number = self._line(), next(self._numbers)
            send_frame(line, {"verb": verb, "n": number, **fields})
            answer = receive_frame(line)
            _check(answer.pop("n", number) == number)
        except BaseException:
            # Whatever interrupted us, an unread answer would be taken for the next one's: a foreign key.
            self._hang_up()
            raise
        return answer

    def _line(self) -> socket.socket:
        line: socket.socket | None = getattr(self._lines, "line", None)
        if line is None or self._lines.process != os.getpid():
            # A forked child must not share its parent's line: answers would go to either.
            self._lines.process = os.getpid()
            line = self._lines.line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(SECONDS)
            line.connect(str(self._path))
            send_frame(line, {"token": self._token.hex()})
        return line

    def _hang_up(self) -> None:
        line: socket.socket | None = getattr(self._lines, "line", None)
        if line is not None:
            line.close()
        self._lines.line = None


_known: dict[tuple[str, bytes], Keeper] = {}


def keeper() -> Keeper:
    """Return this process's line to the keeper."""
    from django.conf import settings  # noqa: PLC0415  # the client itself needs no framework

    name = (str(settings.KEEPER_SOCKET), settings.KEEPER_TOKEN)
    if name not in _known:
        _known[name] = Keeper(settings.KEEPER_SOCKET, settings.KEEPER_TOKEN)
    return _known[name]


def send_frame(line: socket.socket, message: dict[str, Any]) -> None:
    """Send one frame."""
    body = json.dumps(message).encode()
    line.sendall(struct.pack(">I", len(body)) + body)


def receive_frame(line: socket.socket, *, longest: int = LONGEST_FRAME) -> dict[str, Any]:
    """Return one frame. Raises EOFError when the other side hung up or says too much."""
    size = struct.unpack(">I", _exactly(line, 4))[0]
    if size > longest:
        raise EOFError
    frame: dict[str, Any] = json.loads(_exactly(line, size))
    return frame


def _check(is_ours: bool) -> None:  # noqa: FBT001  # one assertion
    if not is_ours:
        raise EOFError


def _exactly(line: socket.socket, size: int) -> bytes:
    held = bytearray()
    while len(held) < size:
        part = line.recv(min(size - len(held), 1 << 20))
        if not part:
            raise EOFError
        held += part
    return bytes(held)


def _ask_fields(ask: KeyAsk | OpenAsk) -> dict[str, Any]:
    named = {"tenant": str(ask.tenant), "project": _text(ask.project), "person": _text(ask.person)}
    return {**named, "aad": _base64(ask.aad), "class": ask.key_class.value}


def _opens(asks: Sequence[OpenAsk]) -> list[dict[str, Any]]:
    return [_ask_fields(ask) | {"wrapped": _base64(ask.wrapped), "version": ask.key_version} for ask in asks]


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value)
