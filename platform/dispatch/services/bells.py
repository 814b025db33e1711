"""Bells: messages that say "there is work of this kind", and what waits to be rung for.

A bell may be lost with its worker or its broker; the timetable rings again within seconds. A bell too many is free.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError

from dispatch.rules import queue_of
from kernel.scope import joined

_TURN: Final = "workers.tasks.turn"
_ERRAND: Final = "workers.tasks.errand"
_BELL_SECONDS: Final = 30
logger = logging.getLogger(__name__)


def ring(kind: str) -> None:
    """Say that work of this kind waits. A broker that does not answer costs seconds, never the deed."""
    queue = queue_of(kind)
    _send(_TURN if queue == "device" else _ERRAND, queue=queue)


def ring_device(name: str) -> None:
    """Give one device its next turn, on the queue that no other device listens to."""
    _send(_TURN, queue=f"device.{name}")


def waiting(kinds: Sequence[str]) -> int:
    """Return how many tickets of these kinds could be taken now (login `worker`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, tickets FROM dispatch_waiting()")
        return sum(tickets for kind, tickets in cursor.fetchall() if kind in kinds)


@dataclass(frozen=True)
class Queue:
    """How much of a kind waits and is under way, of all tenants together."""

    kind: str
    waiting: int
    under_way: int


def queues() -> list[Queue]:
    """Return the queues by kind, in the scope of the platform's tenant; in any other there are none (login `app`)."""
    joined()
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, waiting, under_way FROM dispatch_queues() ORDER BY kind")
        return [Queue(*row) for row in cursor.fetchall()]


def _send(task: str, *, queue: str) -> None:
    try:
        current_app.send_task(task, queue=queue, retry=False, expires=_BELL_SECONDS, ignore_result=True)
    except (OperationalError, OSError) as trouble:
        logger.warning("dispatch: a bell was lost (%s); the timetable rings again", type(trouble).__name__)
