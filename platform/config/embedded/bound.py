"""Runs a program that ends with whoever starts it: `bound.py SIGNAL PARENT PROGRAM …`. Standard library only.

The kernel sends the signal when the thread that forked ends, also when that was killed; so fork from the main thread. A
wrapper, because code of ours between fork and exec could deadlock. A later change of user takes the wish away: put it last.
"""

import ctypes
import os
import signal
import sys
import threading
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def bound(number: signal.Signals = signal.SIGTERM) -> list[str]:
    """Return what stands before a command so that its process gets this signal when ours ends. Main thread only."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a bound process ends with the thread that starts it: start it from the main thread")
    return [sys.executable, "-I", "-S", __file__, str(int(number)), str(os.getpid())]


def main() -> None:
    """Ask the kernel, then become the program; end at once where the parent has ended before."""
    number, parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)
    # Python ignores these, and a program inherits what is ignored.
    for one in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(one, signal.SIG_DFL)
    os.execvp(command[0], command)  # noqa: S606  # no shell is the point


if __name__ == "__main__":
    main()
