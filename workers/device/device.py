"""The device worker's loop: claim, listen to engines, resume works, keep time.

A turn never ends with an exception of one ticket: what fails is put back to rest, or recorded as failed after three
attempts; what lost its lease is dropped, for another has it. While a long work (training) holds the device, no
picture is claimed; when one waits, the long work is asked to give way.
"""

import logging
import os
import secrets
import selectors
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import Error

from access import services as access
from access.actor import Actor
from access.allowances import OF_DEVICE_TIME
from access.roles import Permission
from dispatch import rules
from dispatch import services as dispatch
from kernel.errors import Conflict, GuildhallError
from kernel.scope import lease_scope
from workers.device.engines import Engine, Engines, Seat
from workers.device.leases import Leases, heal_connection
from workers.device.trouble import Verdict, judge
from workers.device.work import LAST_ANSWERS, EngineFailed, EngineLost, Performer, Steps, Work
from workers.device.zygote import ZygoteLost
from workers.engine import wire

_SEATS: Final = 9  # a full batch of slots computes, and one more is at hand while a picture is signed and sealed
_LOOK_SECONDS: Final = 0.5
_JOIN_SECONDS: Final = 0.2  # whoever comes while others are at it joins them between two steps
_WAIT_SECONDS: Final = 0.5
_RIGHTS_SECONDS: Final = 5.0
# What a person must still be allowed while work of hers is under way.
_NEEDED: Final = {
    rules.Kind.GENERATE: Permission.GENERATION_CREATE,
    rules.Kind.TRAIN: Permission.TRAINING_START,
    rules.Kind.REPLAY: Permission.REPLAY_ASK,
}
logger = logging.getLogger(__name__)


@dataclass
class Device:
    """One device of this process."""

    name: str
    performers: Mapping[str, Performer]
    engines: Engines = field(default_factory=Engines)
    works: dict[UUID, Work] = field(default_factory=dict)
    leases: Leases = field(init=False)
    _looked: float = 0.0
    _asked: float = 0.0
    _is_full: bool = False  # busy engines fill the memory: no claim until one of their works ends

    def __post_init__(self) -> None:
        # Drawn anew by each process: a restarted worker is another, and never holds what the one before it held.
        self.worker = f"{self.name}:{os.getpid()}:{secrets.token_hex(4)}"
        self.leases = Leases(self.worker)

    def turn(self) -> None:
        """Work for at most one turn; return sooner when nothing is under way and nothing waits."""
        ends = time.monotonic() + settings.DEVICE_TURN_SECONDS
        self.leases.begin()
        self.engines.warm()
        self._looked = 0.0
        while time.monotonic() < ends:
            heal_connection()
            self._attend_leases()
            self._ask_rights_anew()
            self._claim()
            if not self.works:
                break
            self._listen()
            self._let_others_first()
        self.engines.end_outstayed(busy=self._busy())
        self._let_leases_go()
        if self.works:
            dispatch.ring_device(self.name)

    def close(self) -> None:
        """Put back what is under way, without counting it, and end all engines: the worker goes down."""
        for work in list(self.works.values()):
            self._drop(work)
            self._in_vain(partial(dispatch.yield_back, work.lease, ticket=work.ticket.id))
        self.leases.end()
        self.engines.close()

    # --- claiming

    def _claim(self) -> None:
        while (kinds := self._welcome()) and (not self.works or time.monotonic() - self._looked >= _JOIN_SECONDS):
            self._looked = time.monotonic()
            claim = self._take(kinds)
            if claim is None:
                return
            self._looked = 0.0  # where one waited, another may
            self.leases.hold(claim.lease)
            for ticket in claim.tickets:
                self._begin(claim, ticket)

    def _welcome(self) -> tuple[rules.Kind, ...]:
        if self._is_full:
            return ()
        if not self.works:
            return rules.DEVICE_KINDS
        is_short = all(work.ticket.kind in rules.SHORT_KINDS for work in self.works.values())
        return rules.SHORT_KINDS if is_short and len(self.works) < _SEATS else ()

    def _take(self, kinds: tuple[rules.Kind, ...]) -> dispatch.Claim | None:
        held, resident = self.leases.held(), self.engines.resident()
        try:
            seats = _SEATS - len(self.works) if set(kinds) <= set(rules.SHORT_KINDS) else _SEATS
            return dispatch.claim(worker=self.worker, kinds=kinds, limit=seats, resident=resident, held=held)
        except Error as trouble:
            logger.warning("device: no claim (%s)", type(trouble).__name__)
            return None

    def _begin(self, claim: dispatch.Claim, ticket: dispatch.Claimed) -> None:
        standing_in = replace(access.system_actor(claim.tenant, claim.lease), project=ticket.project)
        work = Work(ticket, claim.tenant, claim.lease, actor=standing_in, find_engine=self._find_engine)
        self.works[ticket.id] = work
        if rules.is_worn_out(ticket.attempts):
            self._fail(work, code="worn_out")
        else:
            self._guarded(work, partial(self._open, work))

    def _open(self, work: Work) -> None:
        ticket = work.ticket
        if ticket.person is not None:
            work.actor = self._asker(work, ticket.person)
        work.steps = self.performers[ticket.kind].perform(work)
        self._advance(work, next)

    def _find_engine(self, work: Work, seat: Seat) -> Engine:
        return self.engines.find(tenant=work.tenant, seat=seat, busy=self._busy())

    def _busy(self) -> list[Engine]:
        return [work.engine for work in self.works.values() if work.engine is not None]

    # --- listening

    def _listen(self) -> None:
        """Wait for messages of engines and of their parent, and pass each to its work."""
        with selectors.DefaultSelector() as selector:
            if self.engines.zygote is not None:
                selector.register(self.engines.zygote.line, selectors.EVENT_READ, None)
            for engine in self.engines.standing:
                selector.register(engine.line, selectors.EVENT_READ, engine)
            ready = [key.data for key, _ in selector.select(_WAIT_SECONDS)]
        for engine in ready:
            if engine is None:
                self._attend_parent()
            elif engine in self.engines.standing:
                self._attend(engine)

    def _attend_parent(self) -> None:
        try:
            if self.engines.zygote is not None:
                self.engines.zygote.attend()
                self.engines.zygote.ended.clear()  # the child's own socket tells its works
        except ZygoteLost:
            for engine in list(self.engines.standing):
                self._lose(engine)
            self.engines.forget_parent()

    def _attend(self, engine: Engine) -> None:
        message = engine.receive()
        if message is None:
            self._lose(engine)
            return
        engine.used = time.monotonic()
        self.engines.hear_of_pace(engine, message)
        name = message.head.get("request") or message.head.get("run")
        if name is None:
            self._hear_of_base(engine, message)
            return
        for work in [one for one in self.works.values() if one.request == name]:
            self._guarded(work, partial(self._answer, work, message))

    def _hear_of_base(self, engine: Engine, message: wire.Message) -> None:
        if message.kind == "failed":
            code = str(message.head.get("code", "engine.failed"))
            self._end_engine(engine, lambda: EngineFailed(code))
        elif message.kind == "loaded":
            self.engines.tell_plans(engine)
            if not message.head.get("is_confined"):
                logger.warning("device: engine %s is not confined: this machine did not take its seccomp filter", engine.pid)

    def _lose(self, engine: Engine) -> None:
        logger.warning("device: engine %s ended before its work", engine.pid)
        self._end_engine(engine, EngineLost)

    def _end_engine(self, engine: Engine, error: Callable[[], GuildhallError]) -> None:
        self.engines.end(engine)
        for work in [one for one in self.works.values() if one.engine is engine]:
            self._guarded(work, partial(self._advance, work, lambda steps: steps.throw(error())))

    def _answer(self, work: Work, message: wire.Message) -> None:
        work.hear(message)
        if message.kind in LAST_ANSWERS:
            self._count(work)
            work.is_computing = False
        if message.kind == "failed":
            code = str(message.head.get("code", "engine.failed"))
            self._advance(work, lambda steps: steps.throw(EngineFailed(code)))
        else:
            self._advance(work, lambda steps: steps.send(message))

    def _count(self, work: Work) -> None:
        """Count what the device has computed for a person, whatever becomes of it; in vain where the lease is lost."""
        milliseconds = work.computed()
        if work.engine is not None and work.is_computing:
            work.engine.free = time.monotonic()
        if milliseconds and work.ticket.person is not None:
            self._in_vain(partial(access.spend_device, work.actor, milliseconds=milliseconds))

    def _advance(self, work: Work, move: Callable[[Steps], object]) -> None:
        """Resume the work's generator; it ends when the deed is done."""
        if work.steps is None:
            return
        try:
            move(work.steps)
        except StopIteration:
            self._drop(work)

    # --- trouble

    def _guarded(self, work: Work, do: Callable[[], None]) -> None:
        """Run one step of one work. Whatever it raises ends this work, and no other."""
        try:
            do()
        except Exception as trouble:  # noqa: BLE001  # one ticket's trouble, whatever it is, never stops the others'
            self._end_in_trouble(work, trouble)

    def _end_in_trouble(self, work: Work, trouble: Exception) -> None:
        heal_connection()
        judged = judge(trouble, attempts=work.ticket.attempts, is_leased=self._is_leased(work))
        # The message of a foreign exception may hold content; its type and place do not.
        logger.warning("device: %s %s: %s (%s)", work.ticket.kind, work.ticket.id, judged.verdict, judged.code)
        if judged.verdict is Verdict.FAILED:
            self._fail(work, code=judged.code)
            return
        self._drop(work)
        if judged.verdict is Verdict.WAIT:
            self._is_full = bool(self.works)
            self._put_back(work, partial(dispatch.yield_back, work.lease, ticket=work.ticket.id))
        elif isinstance(trouble, access.Spent):
            self._put_back(work, partial(dispatch.rest, work.lease, ticket=work.ticket.id, pause=trouble.rest))
        elif judged.verdict is Verdict.AGAIN:
            ticket = work.ticket
            self._put_back(work, partial(dispatch.put_back, work.lease, ticket=ticket.id, attempts=ticket.attempts))

    def _fail(self, work: Work, *, code: str) -> None:
        self._drop(work)
        try:
            self.performers[work.ticket.kind].record_failure(work, code=code)
        except Exception as trouble:  # noqa: BLE001  # as above; the ticket still has to end
            logger.warning("device: the failure of %s is not recorded (%s)", work.ticket.id, type(trouble).__name__)
            self._put_back(work, partial(self._settle_alone, work))

    def _settle_alone(self, work: Work) -> None:
        """End a ticket whose row refuses to hear of it: it was withdrawn, or has ended another way."""
        with lease_scope(work.lease, tenant=work.tenant):
            dispatch.settle(work.lease, ticket=work.ticket.id, outcome="failed")

    def _put_back(self, work: Work, put: Callable[[], object]) -> None:
        """Put a ticket back; where even that fails, let the lease run out, and all that stands on it."""
        if not self._in_vain(put):
            self._abandon(work)

    def _abandon(self, work: Work) -> None:
        self.leases.drop(work.lease)
        for other in [one for one in self.works.values() if one.lease == work.lease]:
            self._drop(other)

    def _in_vain(self, do: Callable[[], object]) -> bool:
        try:
            do()
        except (GuildhallError, Error):
            return False
        return True

    def _is_leased(self, work: Work) -> bool:
        try:
            return dispatch.renew(work.lease).alive
        except Error:
            return True

    def _drop(self, work: Work) -> None:
        """Let go of a work; an engine that still computes for it is told to stop."""
        if self.works.pop(work.ticket.id, None) is None:
            return
        self._is_full = False
        self._count(work)
        if work.steps is not None:
            work.steps.close()
        if work.is_computing and work.engine in self.engines.standing:
            work.engine.send(wire.Message("cancel", {"request": work.request}))

    # --- leases, and giving way

    def _attend_leases(self) -> None:
        news = self.leases.news()
        for work in list(self.works.values()):
            if work.lease in news.lost:
                self._drop(work)
            elif work.ticket.id in news.stopped:
                self._stop(work)

    def _ask_rights_anew(self) -> None:
        """End the work of those who may no longer do it, as failed; a training can be taken up by who may, or rests till it may."""
        if time.monotonic() - self._asked < _RIGHTS_SECONDS:
            return
        self._asked = time.monotonic()
        for work in [one for one in self.works.values() if one.ticket.person is not None]:
            self._guarded(work, partial(self._require, work))

    def _require(self, work: Work) -> None:
        if work.ticket.person is None:
            return
        now = self._asker(work, work.ticket.person)
        if work.use is not None:
            self._require_within(work, now, work.use)

    def _asker(self, work: Work, person: UUID) -> Actor:
        """Return the Actor who asked, rights read anew. Raises for who may do this kind of work no longer, or is gone."""
        actor = access.actor_for(person, tenant=work.tenant, project=work.ticket.project, lease=work.lease)
        needed = _NEEDED.get(rules.Kind(work.ticket.kind))
        if needed is not None:
            actor.require(needed)
        return actor

    def _require_within(self, work: Work, now: Actor, use: access.Use) -> None:
        """Let a training rest that has used up its device time; a picture is soon made. What is not allowed at all ends."""
        is_training = work.ticket.kind == rules.Kind.TRAIN
        if is_training:
            self._count(work)
        with now.reading():
            within = access.allowed(now, use)
        if within.code is None or (within.code in OF_DEVICE_TIME and not is_training):
            return
        if within.code not in OF_DEVICE_TIME:
            raise Conflict(within.code.value, **within.facts())
        work.within, work.rests = within, access.rest_after(within)
        self._pause(work)

    def _stop(self, work: Work) -> None:
        """End a stopped work; a training first hands over its state, so that it can be taken up where it stopped."""
        if work.ticket.kind != rules.Kind.TRAIN or not work.is_computing:
            self._drop(work)
        else:
            self._pause(work)

    def _pause(self, work: Work) -> None:
        """Ask a long work for its state, once."""
        if not work.is_giving_way and work.engine is not None:
            work.is_giving_way = True
            work.engine.send(wire.Message("pause", {"request": work.request}))

    def _let_leases_go(self) -> None:
        """Keep no way into a tenant for whom nothing is under way."""
        used = {work.lease for work in self.works.values()}
        for token in self.leases.held():
            if token not in used:
                self.leases.drop(token)

    def _let_others_first(self) -> None:
        """Ask a long work to give way when a picture waits; it answers with its state, seals it, and is put back."""
        long = [one for one in self.works.values() if one.ticket.kind == rules.Kind.TRAIN and not one.is_giving_way]
        if not long or time.monotonic() - self._looked < _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        for work in long:
            held = timedelta(seconds=time.monotonic() - work.began)
            if rules.gives_way(waiting=self._waiting(), held=held, waited=work.ticket.waited):
                self._pause(work)

    def _waiting(self) -> int:
        try:
            return dispatch.waiting(rules.SHORT_KINDS)
        except Error:
            return 0
