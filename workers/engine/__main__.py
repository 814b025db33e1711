"""`python -m workers.engine --socket FD`: the parent of all engines. It imports, computes nothing, and forks.

A child is ready in milliseconds, because the parent has imported torch and diffusers; the parent touches no device,
key or tenant. It must compute nothing: after one threaded product in it, a forked child hangs. It forks from its main
thread alone, because a child dies with the thread that made it.
"""

import argparse
import os
import select
import signal
import socket
import time

from workers.engine import confine, wire


def main() -> None:
    """Import, say so, then fork a child for each `spawn` until the socket closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    line = socket.socket(fileno=parser.parse_args().socket)
    confine.die_with_parent(os.getppid())
    confine.hide_memory()
    began = time.monotonic()
    from workers.engine import child  # noqa: PLC0415  # seconds of imports, once, after the process is shut in

    wire.send(line, wire.Message("ready", {"import_ms": round((time.monotonic() - began) * 1000)}))
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    _serve(line, wake, child.run)


def _serve(line: socket.socket, wake: int, run: "child.Run") -> None:  # type: ignore[name-defined]  # noqa: F821  # imported late
    while True:
        watched: list[socket.socket | int] = [line, wake]
        ready, _, _ = select.select(watched, [], [])
        if wake in ready:
            os.read(wake, 4096)
            _tell_ends(line)
        if line in ready:
            message = wire.receive(line)
            if message is None:
                return
            if message.kind == "spawn":
                _fork(line, wake, message.fds[0], run)


def _fork(line: socket.socket, wake: int, end: int, run: "child.Run") -> None:  # type: ignore[name-defined]  # noqa: F821
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(end)
        wire.send(line, wire.Message("spawned", {"pid": pid}))
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    confine.die_with_parent(parent)
    line.close()
    os.close(wake)
    code = 1
    try:
        code = run(socket.socket(fileno=end))
    finally:
        os._exit(code)


def _tell_ends(line: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        head = {"pid": pid, "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0, "signal": number}
        wire.send(line, wire.Message("ended", head | {"reason": _reason(number)}))


def _reason(number: int) -> str:
    if not number:
        return "exit"
    return "oom" if number == signal.SIGKILL else "signal"


if __name__ == "__main__":
    main()
