"""Messages between a device worker and its engines: one frame, framed by lengths, with file descriptors beside it.

A frame is u32 length of the head, u64 length of the body, the head as JSON (with its `kind`), the body. Descriptors
travel with the frame's first byte (SCM_RIGHTS, at most 200 a frame; more files come in several `files` messages).
Secrets travel in heads and bodies, never in arguments, environments or files. Standard library only.
"""

import array
import json
import socket
import struct
from dataclasses import dataclass
from typing import Any, Final

_LENGTHS: Final = struct.Struct(">IQ")
MOST_FDS: Final = 200
LONGEST_HEAD: Final = 64 << 20
LONGEST_BODY: Final = 8 << 30
_INT_BYTES: Final = array.array("i").itemsize


@dataclass(frozen=True)
class Message:
    """One message; whoever receives one owns its descriptors."""

    kind: str
    head: dict[str, Any]
    body: bytes = b""
    fds: tuple[int, ...] = ()


def send(sock: socket.socket, message: Message) -> None:
    """Send a message whole; the sender keeps its own descriptors. Raises OSError when the other side is gone."""
    if len(message.fds) > MOST_FDS:
        raise ValueError("too many descriptors for one frame")
    head = json.dumps({"kind": message.kind, **message.head}).encode()
    prefix = _LENGTHS.pack(len(head), len(message.body))
    if message.fds:
        rights = array.array("i", message.fds)
        sent = sock.sendmsg([prefix], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        sock.sendall(prefix[sent:])
    else:
        sock.sendall(prefix)
    sock.sendall(head)
    if message.body:
        sock.sendall(message.body)


def receive(sock: socket.socket) -> Message | None:
    """Return the next message, or None when the other side has ended. Raises ValueError for a frame that is none."""
    first, ancillary, _flags, _address = sock.recvmsg(_LENGTHS.size, socket.CMSG_SPACE(MOST_FDS * _INT_BYTES))
    if not first:
        return None
    fds = _descriptors(ancillary)
    prefix = first + _exactly(sock, _LENGTHS.size - len(first))
    head_size, body_size = _LENGTHS.unpack(prefix)
    if head_size > LONGEST_HEAD or body_size > LONGEST_BODY:
        raise ValueError("the frame is too long")
    head: dict[str, Any] = json.loads(_exactly(sock, head_size))
    kind = str(head.pop("kind"))
    return Message(kind, head, bytes(_exactly(sock, body_size)), fds)


def _exactly(sock: socket.socket, size: int) -> bytearray:
    held = bytearray(size)
    view, at = memoryview(held), 0
    while at < size:
        got = sock.recv_into(view[at:], min(size - at, 1 << 20))
        if not got:
            raise ConnectionResetError("the other side ended in the middle of a frame")
        at += got
    return held


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> tuple[int, ...]:
    found = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(content[: len(content) - len(content) % _INT_BYTES])
    return tuple(found)
