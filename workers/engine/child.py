"""An engine at work: one child process, one tenant, one base model; answers as they come.

Pictures are made beside one another, a training or a measurement alone. Between steps it looks whether something arrived:
a new picture joins, a cancel or a pause takes effect. It answers trouble with a code and numbers; what it prints goes
nowhere, as a traceback can hold a prompt.
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

from workers.engine import classify, confine, evaluate, machine, wire
from workers.engine.errors import Cancelled, EngineError, Paused
from workers.engine.families import FAMILIES, load
from workers.engine.files import Files
from workers.engine.generate import Pictures, png, said_of
from workers.engine.slots.model import Model
from workers.engine.specs import BaseSpec, EvaluateSpec, GenerateSpec, TrainSpec
from workers.engine.train import lora

ALONE = frozenset({"load_base", "train", "evaluate"})  # what waits until no picture is under way
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
        self.model: Model | None = None
        self.pictures: Pictures | None = None
        self.files = Files()

    def serve(self) -> int:
        """Take what arrives, between the steps of the pictures under way."""
        while True:
            self._look(wait=not (self.waiting or self._is_making))
            while self.waiting and not (self._is_making and self.waiting[0].kind in ALONE):
                message = self.waiting.popleft()
                if message.kind == "exit":
                    return 0
                self._take(message)
            if self.pictures is not None and self._is_making:
                self.pictures.advance()

    @property
    def _is_making(self) -> bool:
        return self.pictures is not None and self.pictures.is_busy

    def _look(self, *, wait: bool) -> None:
        """Sort what has arrived; wait for something where nothing is to be done."""
        while select.select([self.line], [], [], None if wait else 0)[0]:
            message = wire.receive(self.line)
            if message is None:
                os._exit(0)
            self._sort(message)
            wait = False

    def check(self, request: str) -> None:
        """Look at what arrived; called between steps. Raises Cancelled, or Paused for a training that gives way."""
        self._look(wait=False)
        self._check_wanted(request)
        if request in self.pausing:
            self.pausing.discard(request)
            raise Paused

    def answer(self, kind: str, head: dict[str, Any], body: bytes = b"") -> None:
        """Send an answer."""
        wire.send(self.line, wire.Message(kind, head, body))

    def _sort(self, message: wire.Message) -> None:
        name = str(message.head.get("request", ""))
        if message.kind == "pause":
            self.pausing.add(name)
        elif message.kind == "plans":
            self._plan(message.head["plans"])
        elif message.kind != "cancel":
            self.waiting.append(message)
        elif self.pictures is None or not self.pictures.cancel(name):
            self.unwanted.add(name)

    def _take(self, message: wire.Message) -> None:
        if message.kind == "files":
            return self.files.add(message.fds)
        work = {"load_base": self._load, "generate": self._generate, "train": self._train, "evaluate": self._evaluate}
        name = {"request": message.head["request"]} if "request" in message.head else {}
        try:
            self._check_wanted(name.get("request"))
            work[message.kind](message)
        except Exception as trouble:  # noqa: BLE001  # its text may hold content; its type may be said
            said = said_of(trouble)
            self.answer("failed", {**name, "code": said.code, "facts": said.facts})
        finally:
            if message.kind != "load_base":
                self.files.close()
                self.unwanted.discard(str(name.get("request", "")))
                self.pausing.discard(str(name.get("request", "")))
        return None

    def _check_wanted(self, request: Any) -> None:
        if request in self.unwanted:
            raise Cancelled

    def _load(self, message: wire.Message) -> None:
        spec, began = BaseSpec.from_head(message.head), time.monotonic()
        if spec.family not in FAMILIES:
            raise EngineError("family.unknown")
        base = load(FAMILIES[spec.family], spec)
        self.model = Model(base)
        self.pictures = Pictures(self.model, self.answer)
        head = {"family": spec.family, "digests": base.digests, "seconds": time.monotonic() - began}
        self.answer("loaded", head | {"is_confined": self.is_confined})

    def _standing(self) -> tuple[Model, Pictures]:
        if self.model is None or self.pictures is None:
            raise EngineError("base.not_loaded")
        return self.model, self.pictures

    def _plan(self, plans: dict[str, list[list[int]]]) -> None:
        """Take in which batches requests go from now on."""
        if self.model is not None:
            self.model.slots.plans = plans

    def _generate(self, message: wire.Message) -> None:
        self._standing()[1].begin(GenerateSpec.from_head(message.head), self.files)

    def _train(self, message: wire.Message) -> None:
        base = self._standing()[0].base
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
        model, _ = self._standing()
        spec = EvaluateSpec.from_head(message.head)
        found = evaluate.evaluate(model, spec, self.files, lambda: self.check(spec.request))
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
        self.child.answer("sample", head, png(picture))

    def checkpoint(self, step: int, state: bytes) -> None:
        self.child.answer("checkpoint", {"request": self.request, "step": step}, state)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
