"""The device worker: one per device, it claims tickets, supervises engines and keeps leases alive.

A *turn* is one Celery task of at most half a minute; between turns the broker's heartbeats and a warm shutdown have
their say, while engines go on computing. A *work* is one ticket under way: a generator that sends requests to an
engine and is resumed with each answer. An *engine* is a child process that serves one tenant alone.
"""

from workers.device.device import Device
from workers.device.engines import Seat
from workers.device.work import EngineFailed, EngineLost, GivesWay, Performer, Steps, Work

__all__ = ["Device", "EngineFailed", "EngineLost", "GivesWay", "Performer", "Seat", "Steps", "Work"]
