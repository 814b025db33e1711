"""Leases that this worker holds, renewed by a thread of its own with a connection of its own.

The thread also writes the worker's sign of life: a solo Celery worker answers no ping during a turn. What it learns
(a lease lost, a ticket stopped) it only notes; the turn reads the notes between two messages of its engines.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import Error, connection

from dispatch import services as dispatch
from kernel.ids import LeaseToken

_EVERY_SECONDS: Final = 2.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class News:
    """What the thread noticed since it was last asked."""

    lost: frozenset[LeaseToken]
    stopped: frozenset[UUID]


def heal_connection() -> None:
    """Close this thread's connection if its backend has died, so that the next query opens another."""
    if connection.connection is None or connection.in_atomic_block:
        return
    if connection.connection.closed or (connection.errors_occurred and not connection.is_usable()):
        connection.close()
    connection.errors_occurred = False


@dataclass
class Leases:
    """The tokens held, and until when each is surely alive by this machine's clock."""

    worker: str
    _alive_until: dict[LeaseToken, float] = field(default_factory=dict)
    _lost: set[LeaseToken] = field(default_factory=set)
    _stopped: set[UUID] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _end: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the renewing thread, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Stop renewing; what is held runs out by itself."""
        self._end.set()

    def hold(self, token: LeaseToken) -> None:
        """Keep this lease alive from now on."""
        with self._lock:
            self._alive_until[token] = time.monotonic() + settings.DISPATCH_LEASE_SECONDS

    def drop(self, token: LeaseToken) -> None:
        """Let this lease run out, so that another worker may take what stood on it."""
        with self._lock:
            self._alive_until.pop(token, None)

    def held(self) -> list[LeaseToken]:
        """Return the tokens that are kept alive."""
        with self._lock:
            return list(self._alive_until)

    def news(self) -> News:
        """Return what was noticed, once."""
        with self._lock:
            found = News(frozenset(self._lost), frozenset(self._stopped))
            self._lost.clear()
            self._stopped.clear()
        return found

    def _run(self) -> None:
        try:
            while not self._end.wait(_EVERY_SECONDS):
                dispatch.breathe(worker=self.worker)
                heal_connection()
                for token in self.held():
                    self._renew(token)
        finally:
            connection.close()

    def _renew(self, token: LeaseToken) -> None:
        asked = time.monotonic()
        try:
            result = dispatch.renew(token)
        except Error as trouble:
            logger.warning("device: a lease could not be renewed (%s)", type(trouble).__name__)
            alive, stopped = asked < self._alive_until.get(token, 0), frozenset[UUID]()
        else:
            alive, stopped = result.alive, result.stopped
            self._note_alive(token, until=asked + settings.DISPATCH_LEASE_SECONDS)
        with self._lock:
            self._stopped |= stopped
            if not alive and self._alive_until.pop(token, None) is not None:
                self._lost.add(token)

    def _note_alive(self, token: LeaseToken, *, until: float) -> None:
        with self._lock:
            if token in self._alive_until:
                self._alive_until[token] = until
