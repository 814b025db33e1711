from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

from governance.licensing.rules import RightsBasis


class State(StrEnum):
    """Where a request to leave is."""

    QUEUED = "queued"
    REFUSED = "refused"
    READY = "ready"
    FAILED = "failed"
    HANDED_OVER = "handed_over"


class Held(Protocol):
    """A picture, and the right that it is held on."""

    rights: str


H = TypeVar("H", bound=Held)


def owed_a_name(items: Iterable[H]) -> tuple[H, ...]:
    """Return the pictures whose open licence asks that whoever gets what came of them learns their authors."""
    return tuple(item for item in items if item.rights == RightsBasis.OPEN_LICENCE)
