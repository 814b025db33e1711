"""Signed notes and checkpoints of C2SP. Standard library and `cryptography` only.

Strict: text is split from signatures at the last empty line; signatures of unknown (name, id) are ignored; a known key
whose signature fails refuses the whole note.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519: Final = 0x01
ED25519_COSIGNATURE: Final = 0x04
_DASH: Final = "\u2014"


class NoteError(ValueError):
    """The note is malformed, or a known key did not sign it."""


@dataclass(frozen=True)
class Verifier:
    """A key that a verifier trusts: its name, its 4-byte id, its Ed25519 public key."""

    name: str
    key_id: bytes
    key: bytes
    kind: int = ED25519

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read `<name>+<8 hex>+<base64(type ‖ key)>`. Raises NoteError."""
        try:
            name, short, encoded = vkey.strip().split("+", 2)
            typed = base64.b64decode(encoded, validate=True)
            key_id = bytes.fromhex(short)
        except (ValueError, binascii.Error):
            raise NoteError("the verifier key is malformed") from None
        if not typed or typed[0] not in {ED25519, ED25519_COSIGNATURE} or len(typed) != 33 or key_id != _key_id(name, typed):
            raise NoteError("the verifier key is malformed")
        return cls(name, key_id, typed[1:], typed[0])

    def check(self, text: bytes, signature: bytes) -> None:
        """Raise NoteError unless this key signed the text."""
        signed = text
        if self.kind == ED25519_COSIGNATURE:
            moment = int.from_bytes(signature[:8], "big")
            signed, signature = b"cosignature/v1\n" + f"time {moment}\n".encode() + text, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, signed)
        except InvalidSignature:
            raise NoteError(f"the signature of {self.name} does not verify") from None


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, its size, its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the note's text."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text. Raises NoteError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise NoteError("the checkpoint is malformed")
        origin, size, encoded = lines[:3]
        try:
            root = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise NoteError("the checkpoint is malformed") from None
        if not origin or not size.isascii() or not size.isdigit() or (size != "0" and size.startswith("0")) or len(root) != 32:
            raise NoteError("the checkpoint is malformed")
        return cls(origin, int(size), root)


def sign_line(name: str, public_key: bytes, signature: bytes, *, kind: int = ED25519) -> str:
    """Return one signature line."""
    return f"{_DASH} {name} {base64.b64encode(_key_id(name, bytes([kind]) + public_key) + signature).decode()}\n"


def note(text: str, lines: Iterable[str]) -> str:
    """Return a note of a text and its signature lines."""
    if not text.endswith("\n"):
        raise NoteError("a note's text ends with a line end")
    return f"{text}\n{''.join(lines)}"


def vkey(name: str, public_key: bytes, *, kind: int = ED25519) -> str:
    """Return the verifier key of an Ed25519 public key."""
    typed = bytes([kind]) + public_key
    return f"{name}+{_key_id(name, typed).hex()}+{base64.b64encode(typed).decode()}"


def verified(signed: str, verifiers: Iterable[Verifier]) -> str:
    """Return the text of a note that at least one of these keys signed and none failed. Raises NoteError."""
    text, signatures = _parts(signed)
    known = {(one.name, one.key_id): one for one in verifiers}
    good = 0
    for name, blob in signatures:
        verifier = known.get((name, blob[:4]))
        if verifier is not None:
            verifier.check(text.encode(), blob[4:])
            good += 1
    if not good:
        raise NoteError("no known key signed this note")
    return text


def _parts(signed: str) -> tuple[str, list[tuple[str, bytes]]]:
    at = signed.rfind("\n\n")
    if at < 0 or not signed.endswith("\n"):
        raise NoteError("the note has no signatures")
    text, lines = signed[: at + 1], signed[at + 2 :].split("\n")[:-1]
    if not lines:
        raise NoteError("the note has no signatures")
    return text, [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH or not parts[1] or "+" in parts[1]:
        raise NoteError("a signature line is malformed")
    try:
        blob = base64.b64decode(parts[2], validate=True)
    except binascii.Error:
        raise NoteError("a signature line is malformed") from None
    if len(blob) < 5:
        raise NoteError("a signature line is malformed")
    return parts[1], blob


def _key_id(name: str, typed: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
