"""Segmented authenticated encryption in Tink's published wire format AES256_GCM_HKDF_1MB; needs no framework.

Guarantees: a changed, cut, reordered or foreign segment is refused; a file opens only under the associated data it was
sealed with (tenant, project, object, version, media type), which enters the key derivation; any stretch can be opened
without what lies before it. Wire format: header ``0x28 ‖ salt[32] ‖ nonce prefix[7]``, then segments of 1,048,576 bytes
of ciphertext including a 16-byte tag, the first shorter by the header; nonce ``prefix ‖ u32 index ‖ last``.
Source: the Tink streaming AEAD specification (https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming).
"""

import hmac
import io
import mmap
import os
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import BinaryIO, Final

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
SALT_BYTES: Final = 32
PREFIX_BYTES: Final = 7
TAG_BYTES: Final = 16
HEADER_BYTES: Final = 1 + SALT_BYTES + PREFIX_BYTES
SEGMENT: Final = 1 << 20
PLAIN_SEGMENT: Final = SEGMENT - TAG_BYTES
FIRST_PLAIN: Final = PLAIN_SEGMENT - HEADER_BYTES
WORTH_A_THREAD: Final = 32 << 20

Sealed = bytes | bytearray | memoryview | mmap.mmap


class SealBroken(Exception):  # reads as what happened
    """What was sealed is damaged, cut, foreign, or the key is another one. Says no more on purpose."""


@dataclass(frozen=True)
class Aad:
    """What a sealed file is bound to. Ids as text; no digest or size of the plaintext, which would outlive erasure."""

    tenant: str
    project: str
    object: str
    version: int
    media_type: str

    def encode(self) -> bytes:
        """Return the bytes that enter the key derivation: RFC 8785 JSON."""
        return rfc8785.dumps({"product": "guildhall", "v": 1, **asdict(self)})


def seal(plain: Iterable[bytes], *, key: bytes, aad: bytes) -> Iterator[bytes]:
    """Yield the sealed form of a stream of any chunk sizes, holding one segment in memory."""
    salt, prefix = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(PREFIX_BYTES)
    cipher = _cipher(key, salt, aad)
    yield bytes([HEADER_BYTES]) + salt + prefix
    held, room, index = memoryview(bytearray(PLAIN_SEGMENT)), FIRST_PLAIN, 0
    used = 0
    for chunk in plain:
        rest = memoryview(chunk)
        while rest:
            if used == room:
                yield cipher.encrypt(_nonce(prefix, index, last=False), held[:used], None)
                used, room, index = 0, PLAIN_SEGMENT, index + 1
            taken = min(room - used, len(rest))
            held[used : used + taken] = rest[:taken]
            used, rest = used + taken, rest[taken:]
    yield cipher.encrypt(_nonce(prefix, index, last=True), held[:used], None)


def seal_bytes(plain: bytes, *, key: bytes, aad: bytes) -> bytes:
    """Return the sealed form of bytes in memory, segment by segment into one buffer."""
    salt, prefix = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(PREFIX_BYTES)
    cipher = _cipher(key, salt, aad)
    out = bytearray(sealed_size(len(plain)))
    out[:HEADER_BYTES] = bytes([HEADER_BYTES]) + salt + prefix
    source, target, at = memoryview(plain), memoryview(out), HEADER_BYTES
    parts = list(_plain_parts(len(plain)))
    for index, (start, end) in enumerate(parts):
        size, nonce = end - start + TAG_BYTES, _nonce(prefix, index, last=index == len(parts) - 1)
        cipher.encrypt_into(nonce, source[start:end], None, target[at : at + size])
        at += size
    return bytes(out)


def open_bytes(sealed: Sealed, *, key: bytes, aad: bytes) -> bytes:
    """Return the plaintext. Raises SealBroken."""
    out = bytearray(plain_size(len(sealed)))
    open_into(sealed, out, key=key, aad=aad)
    return bytes(out)


def open_into(sealed: Sealed, target: bytearray, *, key: bytes, aad: bytes) -> None:
    """Open into a buffer of exactly `plain_size(len(sealed))` bytes, copying nothing in between. Raises SealBroken.

    When it raises, the buffer holds what was opened until then, which the caller must not use.
    """
    if len(target) != plain_size(len(sealed)):
        raise SealBroken
    with memoryview(sealed) as source, memoryview(target) as out:
        header = bytes(source[:HEADER_BYTES])
        if header[0] != HEADER_BYTES:
            raise SealBroken
        count = _segments(len(source))
        derive = partial(_cipher, key, header[1 : 1 + SALT_BYTES], aad)
        opened = partial(_open_segments, derive, header[1 + SALT_BYTES :], source, out)
        if len(source) < WORTH_A_THREAD:
            opened(range(count))
            return
        # The cipher works without the interpreter's lock, so a second core halves the time of a large file.
        with ThreadPoolExecutor(max_workers=1) as pool:
            first = pool.submit(opened, range(count // 2))
            opened(range(count // 2, count))
            first.result()


def mapped(sealed: BinaryIO) -> Sealed:
    """Return a whole sealed file as one buffer: mapped where it is a file on this machine, else read.

    The mapping ends with the last reference to it; closing it by hand fails while a raised error still holds a part.
    """
    try:
        descriptor = sealed.fileno()
    except (OSError, AttributeError):
        sealed.seek(0)
        return sealed.read()
    if os.fstat(descriptor).st_size == 0:
        raise SealBroken
    held = mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)
    held.madvise(mmap.MADV_SEQUENTIAL)
    return held


def open_chunks(sealed: BinaryIO, *, key: bytes, aad: bytes) -> Iterator[memoryview]:
    """Yield the plaintext segment by segment; each piece is valid until the next is asked for. Raises SealBroken."""
    cipher, prefix = _opened_header(sealed, key, aad)
    buffers = [bytearray(SEGMENT), bytearray(SEGMENT)]
    plain = memoryview(bytearray(PLAIN_SEGMENT))
    room = SEGMENT - HEADER_BYTES
    size, index = _fill(sealed, buffers[0], room), 0
    while True:
        following = _fill(sealed, buffers[(index + 1) % 2], SEGMENT) if size == room else 0
        last = following == 0
        yield _opened(cipher, prefix, index, memoryview(buffers[index % 2])[:size], plain, last=last)
        if last:
            return
        size, room, index = following, SEGMENT, index + 1


def open_range(sealed: BinaryIO, *, key: bytes, aad: bytes, offset: int, length: int) -> bytes:
    """Return `length` bytes of plaintext from `offset`, opening only the segments that hold them. Raises SealBroken.

    A file that was cut short is noticed when the stretch reaches its end; what is returned is always what was sealed.
    """
    cipher, prefix = _opened_header(sealed, key, aad)
    total = sealed.seek(0, io.SEEK_END)
    final = _segments(total) - 1
    plain, out, index = memoryview(bytearray(PLAIN_SEGMENT)), bytearray(), _segment_of(offset)
    while len(out) < length and index <= final:
        start = 0 if index == 0 else FIRST_PLAIN + (index - 1) * PLAIN_SEGMENT
        sealed.seek(HEADER_BYTES if index == 0 else index * SEGMENT)
        held = sealed.read(SEGMENT - HEADER_BYTES if index == 0 else SEGMENT)
        piece = _opened(cipher, prefix, index, memoryview(held), plain, last=index == final)
        skip = max(0, offset - start)
        out += piece[skip : skip + length - len(out)]
        index += 1
    return bytes(out)


def key_commitment(key: bytes, aad: bytes) -> bytes:
    """Return what binds a data key to its file: plain GCM does not commit to its key."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"commit").derive(key)
    return hmac.new(derived, aad, "sha256").digest()


def sealed_size(plain: int) -> int:
    """Return how many bytes `plain` bytes take once sealed."""
    return HEADER_BYTES + plain + TAG_BYTES * len(list(_plain_parts(plain)))


def plain_size(sealed: int) -> int:
    """Return how many bytes a sealed file holds. Raises SealBroken when it is too short to be one."""
    if sealed < HEADER_BYTES + TAG_BYTES:
        raise SealBroken
    return sealed - HEADER_BYTES - TAG_BYTES * _segments(sealed)


def _segments(sealed: int) -> int:
    return max(1, -(-sealed // SEGMENT))


def _segment_of(offset: int) -> int:
    return 0 if offset < FIRST_PLAIN else 1 + (offset - FIRST_PLAIN) // PLAIN_SEGMENT


def _plain_parts(plain: int) -> Iterator[tuple[int, int]]:
    start, room = 0, FIRST_PLAIN
    while plain - start > room:
        yield start, start + room
        start, room = start + room, PLAIN_SEGMENT
    yield start, plain


def _cipher(key: bytes, salt: bytes, aad: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=aad).derive(key))


def _nonce(prefix: bytes, index: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", index, int(last))


def _opened_header(sealed: BinaryIO, key: bytes, aad: bytes) -> tuple[AESGCM, bytes]:
    sealed.seek(0) if sealed.seekable() else None
    header = sealed.read(HEADER_BYTES)
    if len(header) != HEADER_BYTES or header[0] != HEADER_BYTES:
        raise SealBroken
    return _cipher(key, header[1 : 1 + SALT_BYTES], aad), header[1 + SALT_BYTES :]


def _open_segments(  # bound by partial
    derive: Callable[[], AESGCM], prefix: bytes, source: memoryview, out: memoryview, indices: range
) -> None:
    cipher = derive()
    final = _segments(len(source)) - 1
    for index in indices:
        start = HEADER_BYTES if index == 0 else index * SEGMENT
        at = start - HEADER_BYTES - index * TAG_BYTES
        _opened(cipher, prefix, index, source[start : (index + 1) * SEGMENT], out[at:], last=index == final)


def _fill(source: BinaryIO, buffer: bytearray, room: int) -> int:
    size = 0
    with memoryview(buffer) as view:
        while size < room:
            got = source.readinto(view[size:room])  # type: ignore[attr-defined]  # every binary file has it
            if not got:
                break
            size += got
    return size


def _opened(  # the parts of one segment
    cipher: AESGCM, prefix: bytes, index: int, held: memoryview, plain: memoryview, *, last: bool
) -> memoryview:
    if len(held) < TAG_BYTES:
        raise SealBroken
    out = plain[: len(held) - TAG_BYTES]
    try:
        cipher.decrypt_into(_nonce(prefix, index, last=last), held, None, out)
    except InvalidTag:
        raise SealBroken from None
    return out
