"""Shuts an engine in as far as the machine allows: no core files, no ptrace, no new sockets, programs or connections.

A short seccomp filter, because a network namespace does not hide unix sockets that are reached by path. torch runs
under it on a CPU. An engine says whether the filter stands (`is_confined` when its base is loaded), and the worker warns;
`python -m workers.engine.confine` tries it on this machine and ends with 0 where it holds, which `doctor` reports.
"""

import ctypes
import os
import platform
import resource
import signal
import socket
import struct
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
PR_SET_SECCOMP: Final = 22
SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_EPERM: Final = 0x00050000 | 1
_KILL: Final = 0x80000000
_ARCH_X86_64: Final = 0xC000003E
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
# socket, connect, accept, bind, listen, execve, ptrace, accept4, process_vm_readv, process_vm_writev, execveat,
# io_uring_setup, io_uring_enter, io_uring_register (a ring opens sockets by itself), pidfd_getfd
_FORBIDDEN: Final = (41, 42, 43, 49, 50, 59, 101, 288, 310, 311, 322, 425, 426, 427, 438)
_X32_BIT: Final = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that made it ends; end now if the parent already has."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def hide_memory() -> None:
    """No core file, and no other process of this user reads this memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def forbid_reaching_out() -> bool:
    """Forbid new sockets, connections, programs and tracing; return whether the machine let us."""
    if platform.machine() != "x86_64":
        return False
    program = b"".join(_filter())
    buffer = ctypes.create_string_buffer(program)
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, described, 0, 0) == 0)


def _filter() -> list[bytes]:
    def line(code: int, value: int, *, jump_true: int = 0, jump_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, jump_true, jump_false, value)

    lines = [line(_LOAD, 4), line(_EQUAL, _ARCH_X86_64, jump_true=1), line(_RETURN, _KILL), line(_LOAD, 0)]
    # The x32 calls have other numbers for the same deeds.
    lines += [line(_AT_LEAST, _X32_BIT, jump_false=1), line(_RETURN, _EPERM)]
    for number in _FORBIDDEN:
        lines += [line(_EQUAL, number, jump_false=1), line(_RETURN, _EPERM)]
    return [*lines, line(_RETURN, _ALLOW)]


def _holds() -> bool:
    """Shut this very process in and try to get out."""
    if not forbid_reaching_out():
        return False
    try:
        socket.socket(socket.AF_UNIX).close()
    except PermissionError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(0 if _holds() else 1)
