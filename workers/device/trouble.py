"""What follows when a work ends in an exception: plain values in, a verdict out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import InterfaceError, OperationalError

from access.services import Spent
from dispatch import rules
from kernel.errors import GuildhallError, KeeperUnavailable, LeaseLost
from workers.device.engines import NoRoom
from workers.device.work import EngineLost, GivesWay
from workers.device.zygote import ZygoteLost


class Verdict(StrEnum):
    """LOST: another has it. WAIT: back, not counted. REST: so, after a pause. AGAIN: back, counted, after one. FAILED: recorded."""

    LOST = "lost"
    WAIT = "wait"
    REST = "rest"
    AGAIN = "again"
    FAILED = "failed"


@dataclass(frozen=True)
class Judged:
    """A verdict with its reason, a code that holds no content."""

    verdict: Verdict
    code: str


_WAITS: Final = (NoRoom, GivesWay)
# The world's troubles pass; what our own rooms or the engine foresaw would be the same the next time.
_PASSES: Final = (EngineLost, ZygoteLost, KeeperUnavailable, OperationalError, InterfaceError)
_FORESEEN: Final = GuildhallError
_NOT_LEASED: Final = "entry.not_leased"  # the keeper looked while the lease had run out: held again, the same ask is good


def judge(error: Exception, *, attempts: int, is_leased: bool) -> Judged:
    """Say what becomes of a ticket whose work ended in `error` at this attempt."""
    code = error.code if isinstance(error, GuildhallError) else type(error).__name__
    if isinstance(error, LeaseLost) or not is_leased:
        return Judged(Verdict.LOST, code)
    if isinstance(error, Spent):
        return Judged(Verdict.REST, code)
    if isinstance(error, _WAITS):
        return Judged(Verdict.WAIT, code)
    is_hopeless = isinstance(error, _FORESEEN) and not isinstance(error, _PASSES) and code != _NOT_LEASED
    if is_hopeless or attempts >= rules.MOST_ATTEMPTS:
        return Judged(Verdict.FAILED, code)
    return Judged(Verdict.AGAIN, code)
