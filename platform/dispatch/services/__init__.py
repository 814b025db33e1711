"""The room's door: put, claim, renew, settle, stop, hold, ring, tell and listen."""

from dispatch.services.bells import Queue, queues, ring, ring_device, waiting
from dispatch.services.leases import Claim, Claimed, Held, RenewResult, claim, held_for, put_back, renew, rest, settle, yield_back
from dispatch.services.telling import alisten, breathe, listen, living, ping, show, shown, tell
from dispatch.services.tickets import forget, hold, put, put_standing, release, stop, stopped_rows

__all__ = [
    "Claim",
    "Claimed",
    "Held",
    "Queue",
    "RenewResult",
    "alisten",
    "breathe",
    "claim",
    "forget",
    "held_for",
    "hold",
    "listen",
    "living",
    "ping",
    "put",
    "put_back",
    "put_standing",
    "queues",
    "release",
    "renew",
    "rest",
    "ring",
    "ring_device",
    "settle",
    "show",
    "shown",
    "stop",
    "stopped_rows",
    "tell",
    "waiting",
    "yield_back",
]
