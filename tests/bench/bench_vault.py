"""Opening a sealed file against a plain read of a file of the same size, both into the same buffer; and sealing.

Rounds are interleaved and the best of each counts, as whatever else this machine does only ever adds time.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kernel import sealing

SIZE = 256 << 20
ROUNDS = 11
CHUNK = 1 << 20


def main() -> None:
    """Print the rates."""
    key, aad = secrets.token_bytes(32), b"bench"
    plain = os.urandom(SIZE)
    target = bytearray(SIZE)
    with tempfile.NamedTemporaryFile() as file, tempfile.NamedTemporaryFile() as sealed:
        file.write(plain)
        file.flush()
        sealed.writelines(sealing.seal(_chunks(plain), key=key, aad=aad))
        sealed.flush()
        ways: list[Callable[[], None]] = [
            lambda: _read(Path(file.name), target), lambda: _open(Path(sealed.name), target, key, aad),
            lambda: _stream(Path(sealed.name), key, aad), lambda: _seal(plain, key, aad),
        ]  # fmt: skip
        best = [float("inf")] * len(ways)
        for _ in range(ROUNDS):
            best = [min(known, _timed(way)) for known, way in zip(best, ways, strict=True)]
    read, opened, streamed, sealing_took = best
    print(f"vault.open_vs_plain_read: {read / opened:.3f}")
    print(f"vault.open_mb_s: {SIZE / 1e6 / opened:.0f}")
    print(f"vault.open_stream_mb_s: {SIZE / 1e6 / streamed:.0f}")
    print(f"vault.seal_mb_s: {SIZE / 1e6 / sealing_took:.0f}")


def _timed(way: Callable[[], None]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def _chunks(plain: bytes):  # slices of a buffer
    view = memoryview(plain)
    return (view[at : at + CHUNK] for at in range(0, len(plain), CHUNK))


def _read(path: Path, target: bytearray) -> None:
    with path.open("rb", buffering=0) as file:
        file.readinto(target)


def _open(path: Path, target: bytearray, key: bytes, aad: bytes) -> None:
    with path.open("rb", buffering=0) as file:
        sealing.open_into(sealing.mapped(file), target, key=key, aad=aad)


def _stream(path: Path, key: bytes, aad: bytes) -> None:
    with path.open("rb", buffering=0) as file:
        for _piece in sealing.open_chunks(file, key=key, aad=aad):
            pass


def _seal(plain: bytes, key: bytes, aad: bytes) -> None:
    for _piece in sealing.seal(_chunks(plain), key=key, aad=aad):
        pass


if __name__ == "__main__":
    main()
