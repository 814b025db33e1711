"""Where the root key comes from. A keyring file is the default; a KMS or PKCS#11 token has the same two methods."""

import json
import os
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding, aes_key_wrap_with_padding


class Root(Protocol):
    """Wraps and unwraps what lies directly under the root."""

    def wrap(self, key: bytes) -> bytes:
        """Return the wrapped key."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the key."""


class KeyringFile:
    """Root keys in a file that only the keeper's user reads; the newest wraps, each unwraps its own."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            write_atomically(path, json.dumps({"1": secrets.token_hex(32)}).encode())
        if path.stat().st_mode & 0o077:
            raise PermissionError("the keyring can be read by others: chmod 600")
        found: dict[str, str] = json.loads(path.read_bytes())
        self._keys = {int(version): bytes.fromhex(key) for version, key in found.items()}

    def wrap(self, key: bytes) -> bytes:
        """Return version (one byte) ‖ AES-KWP under that root key."""
        newest = max(self._keys)
        return bytes([newest]) + aes_key_wrap_with_padding(self._keys[newest], key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the key. Raises InvalidUnwrap when it is not one of ours."""
        return aes_key_unwrap_with_padding(self._keys[wrapped[0]], wrapped[1:])


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that after a crash it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(descriptor)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make what was renamed or removed in a folder outlive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
