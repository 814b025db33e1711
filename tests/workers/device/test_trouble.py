"""What becomes of a ticket whose work ended in trouble."""

import pytest
from django.db import OperationalError

from dispatch.rules import MOST_ATTEMPTS
from kernel.errors import Conflict, KeeperRefused, KeeperUnavailable, LeaseLost
from workers.device.engines import NoRoom
from workers.device.trouble import Verdict, judge
from workers.device.work import EngineFailed, EngineLost


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (NoRoom(), Verdict.WAIT),
        (EngineLost(), Verdict.AGAIN),
        (KeeperUnavailable(), Verdict.AGAIN),
        (OperationalError(), Verdict.AGAIN),
        (ValueError("something foreign"), Verdict.AGAIN),
        (KeeperRefused("entry.not_leased"), Verdict.AGAIN),
        (KeeperRefused("entry.opens_other_objects"), Verdict.FAILED),
        (EngineFailed("prompt.too_long"), Verdict.FAILED),
        (Conflict("licence.not_usable"), Verdict.FAILED),
        (LeaseLost(), Verdict.LOST),
    ],
)
def test_what_passes_is_tried_again_and_what_was_foreseen_is_not(error, verdict):
    assert judge(error, attempts=1, is_leased=True).verdict is verdict


@pytest.mark.parametrize("error", [EngineLost(), ValueError(), Conflict("licence.not_usable"), NoRoom()])
def test_what_another_holds_is_let_go_whatever_happened(error):
    assert judge(error, attempts=1, is_leased=False).verdict is Verdict.LOST


def test_the_last_attempt_is_the_last():
    assert judge(EngineLost(), attempts=MOST_ATTEMPTS, is_leased=True).verdict is Verdict.FAILED
    assert judge(NoRoom(), attempts=MOST_ATTEMPTS, is_leased=True).verdict is Verdict.WAIT


def test_the_reason_holds_nothing_of_a_foreign_message():
    assert judge(ValueError("a prompt"), attempts=1, is_leased=True).code == "ValueError"
