"""An engine that computes nothing but keeps every promise of the wire: for tests of whoever supervises engines.

`python clockwork.py --socket FD` is the parent; each child answers `generate` and `train` step by step, may be
cancelled and paused between two steps, and falls when it is told to.
"""

import ctypes
import json
import os
import select
import signal
import socket
import sys
import time

from workers.engine import wire
from workers.engine.wire import Message

STEP_SECONDS = 0.02


def main() -> None:
    fd = int(sys.argv[sys.argv.index("--socket") + 1])
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ours = socket.socket(fileno=fd)
    wire.send(ours, Message("ready", {"import_ms": 0}))
    children: set[int] = set()
    while True:
        if select.select([ours], [], [], 0.02)[0]:
            message = wire.receive(ours)
            if message is None:
                return
            pid = os.fork()
            if pid == 0:
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)
                ours.close()
                Child(socket.socket(fileno=message.fds[0])).run()
                os._exit(0)
            os.close(message.fds[0])
            children.add(pid)
            wire.send(ours, Message("spawned", {"pid": pid}))
        for pid in list(children):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                children.discard(pid)
                signal_ = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                wire.send(ours, Message("ended", {"pid": pid, "exit": 0, "signal": signal_, "reason": "exit"}))


class Child:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.queue: list[Message] = []
        self.marks: dict[str, str] = {}

    def run(self) -> None:
        while True:
            self.read(wait=not self.queue)
            if self.queue:
                self.work(self.queue.pop(0))

    def read(self, *, wait: bool) -> None:
        while select.select([self.sock], [], [], None if wait else 0)[0]:
            message = wire.receive(self.sock)
            if message is None or message.kind == "exit":
                os._exit(0)
            if message.kind in {"cancel", "pause"}:
                self.marks[message.head["request"]] = message.kind
            elif message.kind == "load_base":
                wire.send(self.sock, Message("loaded", {"seconds": 0}))
            else:
                self.queue.append(message)
            wait = False

    def work(self, message: Message) -> None:
        order = json.loads(message.body)
        name = message.head["request"]
        for step in range(order.get("from", 0) + 1, order["steps"] + 1):
            self.read(wait=False)
            mark = self.marks.pop(name, None)
            if mark == "cancel":
                wire.send(self.sock, Message("failed", {"request": name, "code": "cancelled"}))
                return
            if mark == "pause":
                wire.send(self.sock, Message("state", {"request": name, "step": step - 1}, json.dumps(step - 1).encode()))
                return
            if order.get("fall") == step:
                os.kill(os.getpid(), signal.SIGKILL)
            if order.get("fail") == step:
                wire.send(self.sock, Message("failed", {"request": name, "code": "engine.not_finite"}))
                return
            time.sleep(order.get("seconds", STEP_SECONDS))
            wire.send(self.sock, Message("progress", {"request": name, "step": step, "steps": order["steps"]}))
        last = "trained" if message.kind == "train" else "picture"
        wire.send(self.sock, Message(last, {"request": name, "steps": order["steps"]}, b"done"))


if __name__ == "__main__":
    main()
