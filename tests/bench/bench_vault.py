"""Opening against a plain read of the same file into the same kind of buffer, and sealing, in megabytes a second."""

import io
import os
import secrets
import tempfile
import time

from kernel import sealing

SIZE = 256 << 20
ROUNDS = 7


def main() -> None:
    """Print the medians."""
    key, aad = secrets.token_bytes(32), b"bench"
    plain = os.urandom(SIZE)
    sealed = sealing.seal_bytes(plain, key=key, aad=aad)
    with tempfile.NamedTemporaryFile() as file:
        file.write(sealed)
        file.flush()
        pairs = [(_read(file.name), _open(file.name, key, aad)) for _ in range(ROUNDS)]
    ratios = sorted(read / opened for read, opened in pairs)
    print(f"vault.open_vs_plain_read: {ratios[len(ratios) // 2]:.3f}")
    print(f"vault.open_mb_s: {SIZE / 1e6 / sorted(opened for _, opened in pairs)[ROUNDS // 2]:.0f}")
    times = sorted(_seal(plain, key, aad) for _ in range(ROUNDS))
    print(f"vault.seal_mb_s: {SIZE / 1e6 / times[ROUNDS // 2]:.0f}")


def _read(path: str) -> float:
    buffer = bytearray(sealing.SEGMENT)
    began = time.perf_counter()
    with open(path, "rb") as file:
        while file.readinto(buffer):
            pass
    return time.perf_counter() - began


def _open(path: str, key: bytes, aad: bytes) -> float:
    began = time.perf_counter()
    with open(path, "rb", buffering=0) as file:
        for _piece in sealing.open_chunks(file, key=key, aad=aad):
            pass
    return time.perf_counter() - began


def _seal(plain: bytes, key: bytes, aad: bytes) -> float:
    out = io.BytesIO()
    view = memoryview(plain)
    began = time.perf_counter()
    for chunk in sealing.seal((bytes(view[at : at + (1 << 20)]) for at in range(0, len(plain), 1 << 20)), key=key, aad=aad):
        out.write(chunk)
        out.seek(0)
    return time.perf_counter() - began
