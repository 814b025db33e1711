"""Sealed files that came by descriptor, opened in memory with the keys of the job."""

import os

from kernel import sealing
from workers.engine.errors import EngineError
from workers.engine.specs import SealedInput


class Files:
    """The descriptors of one request, in the order they came."""

    def __init__(self) -> None:
        self._fds: list[int] = []

    def add(self, fds: tuple[int, ...]) -> None:
        """Take over descriptors."""
        self._fds.extend(fds)

    def open(self, sealed: SealedInput) -> bytes:
        """Return a file's plaintext. Raises EngineError where it does not open."""
        if not 0 <= sealed.file < len(self._fds):
            raise EngineError("file.missing", number=sealed.file)
        with os.fdopen(os.dup(self._fds[sealed.file]), "rb") as file:
            file.seek(0)
            content = file.read()
        try:
            return sealing.open_bytes(content, key=bytes.fromhex(sealed.key), aad=sealed.aad.encode())
        except sealing.SealBroken:
            raise EngineError("file.does_not_open", number=sealed.file) from None

    def close(self) -> None:
        """Close what came."""
        for fd in self._fds:
            os.close(fd)
        self._fds.clear()
