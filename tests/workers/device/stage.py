"""What the tests of the device share: works whose order stands in a file, and whose end is written beside it.

A real performer in miniature: its deed settles the ticket in the lease's scope, and what it leaves is one line.
"""

import json
import os
from pathlib import Path
from uuid import UUID

from access.allowances import Feature, Use
from dispatch import services as dispatch
from kernel.scope import lease_scope
from workers.device.engines import Seat
from workers.engine.specs import BaseSpec
from workers.engine.wire import Message

CLOCKWORK = Path(__file__).with_name("clockwork.py")


class Stage:
    """Performs `generate` and `train` tickets whose row names an order in `folder`."""

    def __init__(self, folder: Path, *, megabytes: int = 100) -> None:
        self.folder = folder
        self.megabytes = megabytes

    def order(self, row: UUID, **order: object) -> None:
        (self.folder / f"{row}.json").write_text(json.dumps(order))

    def write(self, row: UUID, word: str) -> None:
        with (self.folder / "log").open("a") as log:
            log.write(f"{row} {word}\n")

    def log(self) -> list[tuple[str, str]]:
        path = self.folder / "log"
        return [tuple(line.split(" ", 1)) for line in path.read_text().splitlines()] if path.exists() else []

    def words(self, row: UUID) -> list[str]:
        return [word for name, word in self.log() if name == str(row)]

    def perform(self, work):
        row = work.ticket.row
        path = self.folder / f"{row}.json"
        order = json.loads(path.read_text())
        if order.get("raise"):
            raise ValueError("something foreign")
        if "use" in order:
            work.use = Use(Feature(order["use"]))
        engine = work.sit_down(Seat(BaseSpec("/toy", "toy"), "toy", self.megabytes))
        self.write(row, f"began {engine.pid} {os.getpid()}")
        word = "train" if work.ticket.kind == "train" else "generate"
        work.ask(Message(word, {"request": work.request}, path.read_bytes()))
        while (message := (yield)).kind == "progress":
            pass
        if message.kind == "state":
            self.order(row, **(order | {"from": message.head["step"]}))
            self.write(row, f"paused {message.head['step']}")
            work.hand_back()
            return
        with lease_scope(work.lease, tenant=work.tenant):
            dispatch.settle(work.lease, ticket=work.ticket.id, outcome="done")
        self.write(row, "done")

    def record_failure(self, work, *, code: str) -> None:
        with lease_scope(work.lease, tenant=work.tenant):
            dispatch.settle(work.lease, ticket=work.ticket.id, outcome="failed")
        self.write(work.ticket.row, f"failed {code}")
