"""Decisions about waiting work, without touching the world."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a ticket asks for."""

    GENERATE = "generate"
    REPLAY = "replay"
    EVALUATE = "evaluate"
    TRAIN = "train"
    EXIT = "exit"
    HOUSEKEEPING = "housekeeping"


class State(StrEnum):
    """Where a ticket is. `taken` is worth what its lease is: when that has ended, anybody may take the ticket."""

    WAITING = "waiting"
    TAKEN = "taken"
    SETTLED = "settled"
    STOPPED = "stopped"


# Why a row ended whose work was stopped from elsewhere: with its person, or with its project.
STOPPED: Final = "stopped"

# The order is a preference: somebody looks at an empty frame, nobody looks at a training for every second of it.
DEVICE_KINDS: Final = (Kind.GENERATE, Kind.REPLAY, Kind.EVALUATE, Kind.TRAIN)
SHORT_KINDS: Final = (Kind.GENERATE, Kind.REPLAY)
CPU_KINDS: Final = (Kind.EXIT, Kind.HOUSEKEEPING)

MOST_ATTEMPTS: Final = 3
FAIRNESS_WINDOW: Final = timedelta(seconds=60)  # what a tenant had in this time counts against its next turn
AFFINITY_QUANTUM: Final = 8  # so much may one tenant be ahead of another because its models are at hand
PATIENCE: Final = timedelta(minutes=5)  # work that has waited so long is as urgent as the most urgent kind
LEAST_HOLD: Final = timedelta(seconds=2)  # training gives way no sooner, or loading would eat the gain
PATIENT_HOLD: Final = timedelta(seconds=60)  # training that was taken out of patience gives way no sooner
BATCHES: Final = (1, 2, 4, 8)  # the sizes in which requests are computed together
_HOPED: Final = 0.85  # what a size that was never tried is expected to gain on the next smaller one: enough to try it
_BACKOFF: Final = (0, 1, 5, 15)


def queue_of(kind: str) -> str:
    """Return the queue on which work of this kind rings."""
    return "device" if kind in DEVICE_KINDS else "cpu"


def is_worn_out(attempts: int) -> bool:
    """Say whether this attempt, counted, is one too many: then the deed is recorded as failed."""
    return attempts > MOST_ATTEMPTS


def backoff(attempts: int) -> timedelta:
    """Return how long a ticket rests after this many attempts."""
    return timedelta(seconds=_BACKOFF[min(attempts, len(_BACKOFF) - 1)])


def gives_way(*, waiting: int, held: timedelta, waited: timedelta) -> bool:
    """Say whether a training that holds the device lets the waiting pictures go first."""
    least = PATIENT_HOLD if waited >= PATIENCE else LEAST_HOLD
    return waiting > 0 and held >= least


def batches(count: int, *, seconds: Mapping[int, float]) -> tuple[int, ...]:
    """Return the sizes of the batches in which so many requests take a step soonest, given what a step of each size takes.

    Never slower than one at a time, as far as that was measured: ones are among the choices. A size that was never tried is
    hoped to be somewhat better than the next smaller one, and so is tried where it would help.
    """
    soonest: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for wanted in range(1, count + 1):
        choices = [(size, soonest[max(0, wanted - size)]) for size in BATCHES]
        soonest.append(min((_takes(size, seconds) + rest, (size, *sizes)) for size, (rest, sizes) in choices))
    return tuple(sorted(soonest[count][1], reverse=True))


def _takes(size: int, seconds: Mapping[int, float]) -> float:
    if size in seconds:
        return seconds[size]
    smaller = max((one for one in seconds if one < size), default=0)
    if smaller:
        return seconds[smaller] * (size / smaller) * _HOPED
    larger = min((one for one in seconds if one > size), default=0)
    return seconds[larger] * _HOPED if larger else float(size) ** 0.5


def may_share_batch(first: str, second: str) -> bool:
    """Say whether two requests of one tenant may stand in one batch: only those of equal, known shape."""
    return bool(first) and first == second
