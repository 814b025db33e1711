"""The room's door: put, claim, renew, settle, stop, ring, tell and listen."""

from dispatch.services.bells import ring, ring_device, waiting
from dispatch.services.leases import Claim, Claimed, Held, RenewResult, claim, held_for, put_back, renew, settle, yield_back
from dispatch.services.telling import alisten, breathe, listen, living, show, shown, tell
from dispatch.services.tickets import forget, put, put_standing, stop

__all__ = [
    "Claim",
    "Claimed",
    "Held",
    "RenewResult",
    "alisten",
    "breathe",
    "claim",
    "forget",
    "held_for",
    "listen",
    "living",
    "put",
    "put_back",
    "put_standing",
    "renew",
    "ring",
    "ring_device",
    "settle",
    "show",
    "shown",
    "stop",
    "tell",
    "waiting",
    "yield_back",
]
