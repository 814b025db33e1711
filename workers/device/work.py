"""A work: one ticket under way, as whom it is done, and the engine that does it."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Final, Protocol
from uuid import UUID, uuid4

from access.actor import Actor
from access.allowances import Use, Verdict
from dispatch import services as dispatch
from dispatch.services import Claimed
from kernel.errors import GuildhallError
from kernel.ids import LeaseToken
from workers.device.engines import Engine, Seat
from workers.engine.wire import Message

Steps = Generator[None, Message, None]
LAST_ANSWERS: Final = frozenset({"picture", "trained", "evaluated", "state", "failed"})


class EngineLost(GuildhallError):
    """The child ended before it answered; the ticket may be tried again."""

    default_code = "engine.lost"


class EngineFailed(GuildhallError):
    """The engine says that this request cannot be done; trying again would end the same."""

    default_code = "engine.failed"


class GivesWay(GuildhallError):  # no error: it tells a long work to put its ticket back
    """Others go first."""

    default_code = "gives_way"


class Performer(Protocol):
    """What a module of `workers.tasks` offers for one kind of ticket."""

    def perform(self, work: "Work") -> Steps:
        """Do the work: each `yield` waits for the engine's next message about it."""

    def record_failure(self, work: "Work", *, code: str) -> None:
        """Record that it failed for good, and settle its ticket."""


@dataclass
class Work:
    """One claimed ticket. `request` names it to the engine, drawn anew so that an old answer meets nobody.

    `use` is what its person's allowance is asked about while it is under way; `within` what the answer was when it said no.
    """

    ticket: Claimed
    tenant: UUID
    lease: LeaseToken
    actor: Actor
    find_engine: Callable[["Work", Seat], Engine]
    engine: Engine | None = None
    steps: Steps | None = None
    request: str = field(default_factory=lambda: uuid4().hex)
    began: float = field(default_factory=monotonic)
    is_giving_way: bool = False
    is_computing: bool = False
    use: Use | None = None
    within: Verdict | None = None
    rests: timedelta | None = None
    _counted: float = 0.0
    _told: float | None = None  # seconds that the engine says it has computed for this, where it says so
    _settled: float = 0.0

    def sit_down(self, seat: Seat) -> Engine:
        """Take the engine of this tenant that has this base model loaded, started if need be."""
        self.engine = self.find_engine(self, seat)
        return self.engine

    def ask(self, message: Message) -> None:
        """Send the request to the engine; it computes until its last answer."""
        if self.engine is None:
            raise RuntimeError("sit down first")
        self.is_computing = True
        self._counted = monotonic()
        self.engine.send(message)

    def hear(self, message: Message) -> None:
        """Note what an engine that does several works at once says of its share."""
        self._told = message.head.get("device_seconds", self._told)

    def computed(self) -> int:
        """Return the milliseconds that the engine computed for this since it was last asked; what waited behind another's not."""
        if self.engine is None or not self.is_computing:
            return 0
        if self._told is not None:
            told, self._settled = round((self._told - self._settled) * 1000), self._told
            return max(0, told)
        now, since = monotonic(), max(self._counted, self.engine.free)
        self._counted = now
        return max(0, round((now - since) * 1000))

    def hand_back(self) -> None:
        """Put the ticket back: to be taken again at once, or after the rest that a limit asks for. Raises LeaseLost."""
        if self.rests is None:
            dispatch.yield_back(self.lease, ticket=self.ticket.id)
        else:
            dispatch.rest(self.lease, ticket=self.ticket.id, pause=self.rests)
