"""An engine at work: one child process, one tenant, one base model; requests in order, answers as they come.

Between steps it looks whether something arrived: a cancel or a pause takes effect at the next step, other requests wait
their turn. It answers trouble with a code and numbers; what it prints goes nowhere, as a traceback can hold a prompt.
"""

import os
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import torch
from PIL import Image

from workers.engine import classify, confine, evaluate, generate, machine, wire
from workers.engine.adapters import Adapters
from workers.engine.errors import Cancelled, EngineError, Paused
from workers.engine.families import FAMILIES, Loaded, load
from workers.engine.files import Files
from workers.engine.specs import BaseSpec, EvaluateSpec, GenerateSpec, TrainSpec
from workers.engine.train import lora

PROGRESS_SECONDS = 0.2  # each answer wakes the worker, which takes time from the threads that compute
Run = Callable[[socket.socket], int]


def run(line: socket.socket) -> int:
    """Serve until the other side hangs up or says `exit`."""
    confine.hide_memory()
    _silence()
    machine.settle()
    torch.set_num_threads(max(1, int(os.environ.get("OMP_NUM_THREADS", "1"))))
    return Child(line, is_confined=confine.forbid_reaching_out()).serve()


class Child:
    """The state of one engine."""

    def __init__(self, line: socket.socket, *, is_confined: bool) -> None:
        self.line, self.is_confined = line, is_confined
        self.waiting: deque[wire.Message] = deque()
        self.unwanted: set[str] = set()
        self.pausing: set[str] = set()
        self.base: Loaded | None = None
        self.adapters: Adapters | None = None
        self.files = Files()

    def serve(self) -> int:
        """Take one message after another."""
        while True:
            message = self.waiting.popleft() if self.waiting else wire.receive(self.line)
            if message is None or message.kind == "exit":
                return 0
            self._take(message)

    def check(self, request: str) -> None:
        """Look at what arrived; called between steps. Raises Cancelled, or Paused for a training that gives way."""
        while select.select([self.line], [], [], 0)[0]:
            message = wire.receive(self.line)
            if message is None:
                os._exit(0)
            self._sort(message)
        if request in self.unwanted:
            raise Cancelled
        if request in self.pausing:
            self.pausing.discard(request)
            raise Paused

    def answer(self, kind: str, head: dict[str, Any], body: bytes = b"") -> None:
        """Send an answer."""
        wire.send(self.line, wire.Message(kind, head, body))

    def _sort(self, message: wire.Message) -> None:
        name = str(message.head.get("request", ""))
        if message.kind == "cancel":
            self.unwanted.add(name)
        elif message.kind == "pause":
            self.pausing.add(name)
        else:
            self.waiting.append(message)

    def _take(self, message: wire.Message) -> None:
        if message.kind in {"cancel", "pause"}:
            return self._sort(message)
        if message.kind == "files":
            return self.files.add(message.fds)
        work = {"load_base": self._load, "generate": self._generate, "train": self._train, "evaluate": self._evaluate}
        name = {"request": message.head["request"]} if "request" in message.head else {}
        try:
            work[message.kind](message)
        except EngineError as trouble:
            self.answer("failed", {**name, "code": trouble.code, "facts": trouble.facts})
        except MemoryError:
            self.answer("failed", {**name, "code": "engine.out_of_memory", "facts": {}})
        except Exception as trouble:  # noqa: BLE001  # its text may hold content; its type may be said
            self.answer("failed", {**name, "code": f"engine.{type(trouble).__name__}", "facts": {}})
        finally:
            if message.kind != "load_base":
                self.files.close()
                self.unwanted.discard(str(name.get("request", "")))
                self.pausing.discard(str(name.get("request", "")))
        return None

    def _load(self, message: wire.Message) -> None:
        spec, began = BaseSpec.from_head(message.head), time.monotonic()
        if spec.family not in FAMILIES:
            raise EngineError("family.unknown")
        self.base = load(FAMILIES[spec.family], spec)
        self.adapters = Adapters(self.base.pipeline)
        head = {"family": spec.family, "digests": self.base.digests, "seconds": time.monotonic() - began}
        self.answer("loaded", head | {"is_confined": self.is_confined})

    def _standing(self) -> tuple[Loaded, Adapters]:
        if self.base is None or self.adapters is None:
            raise EngineError("base.not_loaded")
        return self.base, self.adapters

    def _generate(self, message: wire.Message) -> None:
        base, adapters = self._standing()
        spec = GenerateSpec.from_head(message.head)
        made = generate.generate(base, adapters, spec, self.files, self._listeners(spec.request))
        head = {
            "request": spec.request, "width": made.picture.width, "height": made.picture.height, "token_ids": made.token_ids,
            "scores": made.scores, "machine": made.machine, "shape_key": made.shape_key, "scheduler": made.scheduler,
            "base_digests": base.digests, "base_stored": base.stored, "seconds": made.seconds,
        }  # fmt: skip
        self.answer("picture", head, made.picture.tobytes())

    def _listeners(self, request: str) -> generate.Listeners:
        told = 0.0

        def progress(step: int, steps: int) -> None:
            nonlocal told
            self.check(request)
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                self.answer("progress", {"request": request, "step": step, "steps": steps})

        def preview(step: int, picture: Image.Image) -> None:
            head = {"request": request, "step": step, "scores": classify.scores(picture)}
            self.answer("preview", head, generate.png(picture))

        return generate.Listeners(progress, preview)

    def _train(self, message: wire.Message) -> None:
        base, adapters = self._standing()
        adapters.clear()
        spec = TrainSpec.from_head(message.head)
        run = lora.Run(base, spec, self.files)
        try:
            trained = run.train(_Reports(self, spec.request))
        except Paused:
            self.answer("state", {"request": spec.request, "step": run.step}, run.state())
            return
        finally:
            run.take_off()
        facts = machine.facts(base.spec.dtype, attention=base.attention)
        head = {"request": spec.request, "config": spec.config.head(), "machine": facts,
                "losses": trained.losses, "held_out": trained.held_out, "base_digests": base.digests}  # fmt: skip
        self.answer("trained", head, trained.adapter)

    def _evaluate(self, message: wire.Message) -> None:
        base, adapters = self._standing()
        spec = EvaluateSpec.from_head(message.head)
        found = evaluate.evaluate(base, adapters, spec, self.files, lambda: self.check(spec.request))
        self.answer("evaluated", {"request": spec.request, **found})


class _Reports:
    """What a training tells while it runs."""

    def __init__(self, child: Child, request: str) -> None:
        self.child, self.request = child, request

    def check(self) -> None:
        self.child.check(self.request)

    def report(self, numbers: dict[str, float]) -> None:
        self.child.answer("report", {"request": self.request, **numbers})

    def sample(self, step: int, index: int, picture: Image.Image) -> None:
        head = {"request": self.request, "step": step, "index": index, "scores": classify.scores(picture)}
        self.child.answer("sample", head, generate.png(picture))

    def checkpoint(self, step: int, state: bytes) -> None:
        self.child.answer("checkpoint", {"request": self.request, "step": step}, state)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
