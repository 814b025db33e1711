"""The children of this device: each serves one tenant with one base model, and ends when it has been idle for long."""

import logging
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings

from kernel.errors import GuildhallError
from workers.device.budget import Standing, make_room, outstayed
from workers.device.pace import Pace
from workers.device.zygote import Zygote, ZygoteLost
from workers.engine import wire
from workers.engine.specs import BaseSpec

_SEND_BUFFER: Final = 4 << 20
logger = logging.getLogger(__name__)


class NoRoom(GuildhallError):
    """Busy engines fill the device's memory: this ticket waits."""

    default_code = "engine.no_room"


@dataclass(frozen=True)
class Seat:
    """What an engine must have at hand: the base model, and whether it trains (which changes the model in memory)."""

    base: BaseSpec
    digest: str
    megabytes: int
    is_training: bool = False


@dataclass(eq=False)
class Engine:
    """One child and our end of its socket. It computes one request after another; `free` is when it ended the last."""

    tenant: UUID
    seat: Seat
    pid: int
    line: socket.socket
    used: float = field(default_factory=time.monotonic)
    free: float = 0.0

    def send(self, message: wire.Message) -> None:
        """Send a request; a child that is gone is noticed when its socket is read."""
        self.used = time.monotonic()
        try:
            wire.send(self.line, message)
        except OSError as trouble:
            logger.warning("device: engine %s does not take messages (%s)", self.pid, type(trouble).__name__)

    def receive(self) -> wire.Message | None:
        """Return the next message, or None when the child is gone."""
        try:
            return wire.receive(self.line)
        except (OSError, ValueError):
            return None


@dataclass
class Engines:
    """All children of one device and their parent, which is started when first needed by `command`."""

    command: Sequence[str] = (sys.executable, "-m", "workers.engine")
    zygote: Zygote | None = None
    standing: list[Engine] = field(default_factory=list)
    paces: dict[str, Pace] = field(default_factory=dict)

    def warm(self) -> Zygote:
        """Return the running parent, started anew if it has ended."""
        if self.zygote is None or self.zygote.running.poll() is not None:
            self.forget_parent()
            self.zygote = Zygote.start(self.command)
        return self.zygote

    def forget_parent(self) -> None:
        """Let go of a parent that has ended; its children ended with it."""
        if self.zygote is not None:
            self.zygote.end()
        self.zygote = None

    def find(self, *, tenant: UUID, seat: Seat, busy: Sequence[Engine]) -> Engine:
        """Return the tenant's engine with this seat, or start one, ending idle ones for room. Raises NoRoom."""
        for engine in self.standing:
            if (engine.tenant, engine.seat) == (tenant, seat):
                engine.used = time.monotonic()
                return engine
        leaving = make_room(self._listed(busy), need=seat.megabytes, budget=settings.DEVICE_MEMORY_MB)
        if leaving is None:
            raise NoRoom
        for engine in [one for one in self.standing if one.pid in leaving]:
            self.end(engine)
        return self._start(tenant, seat)

    def end(self, engine: Engine) -> None:
        """End a child: without its socket it has nobody to work for."""
        if engine in self.standing:
            self.standing.remove(engine)
        engine.send(wire.Message("exit", {}))
        engine.line.close()

    def end_outstayed(self, *, busy: Sequence[Engine]) -> None:
        """End the engines that have been idle for longer than the setting allows."""
        gone = outstayed(self._listed(busy), limit=settings.DEVICE_IDLE_SECONDS)
        for engine in [one for one in self.standing if one.pid in gone]:
            self.end(engine)

    def resident(self) -> list[str]:
        """Return the digests of the base models at hand."""
        return sorted({engine.seat.digest for engine in self.standing})

    def hear_of_pace(self, engine: Engine, message: wire.Message) -> None:
        """Note how fast this device is; where other batches would now be faster, the engines of that base learn of it."""
        told = message.head.get("step_seconds")
        if told and self.paces.setdefault(engine.seat.digest, Pace()).hear(told):
            for one in [one for one in self.standing if one.seat.digest == engine.seat.digest]:
                self.tell_plans(one)

    def tell_plans(self, engine: Engine) -> None:
        """Tell an engine in which batches requests go, as far as this device knows its pace."""
        if pace := self.paces.get(engine.seat.digest):
            engine.send(wire.Message("plans", {"plans": pace.plan()}))

    def close(self) -> None:
        """End everything."""
        for engine in list(self.standing):
            self.end(engine)
        self.forget_parent()

    def _start(self, tenant: UUID, seat: Seat) -> Engine:
        try:
            ours, pid = self.warm().spawn()
        except ZygoteLost:
            self.forget_parent()
            raise
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        engine = Engine(tenant, seat, pid, ours)
        self.standing.append(engine)
        engine.send(wire.Message("load_base", seat.base.head()))
        return engine

    def _listed(self, busy: Sequence[Engine]) -> list[Standing]:
        now = time.monotonic()
        return [Standing(one.pid, one.seat.megabytes, now - one.used, one in busy) for one in self.standing]
