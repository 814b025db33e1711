"""Plain decisions about plain values."""

from datetime import timedelta

import pytest

from dispatch import rules


@pytest.mark.parametrize("kind", list(rules.Kind))
def test_every_kind_has_a_queue(kind):
    assert rules.queue_of(kind) == ("device" if kind in rules.DEVICE_KINDS else "cpu")
    assert (kind in rules.DEVICE_KINDS) != (kind in rules.CPU_KINDS)


def test_three_attempts_and_no_more():
    assert [rules.is_worn_out(n) for n in (1, 2, 3, 4)] == [False, False, False, True]


def test_a_ticket_rests_longer_each_time():
    rests = [rules.backoff(n) for n in range(1, 6)]
    assert rests == sorted(rests)
    assert rests[0] > timedelta()


@pytest.mark.parametrize(
    ("waiting", "held", "waited", "expected"),
    [(0, 99, 0, False), (1, 1, 0, False), (1, 3, 0, True), (5, 30, 3600, False), (5, 61, 3600, True)],
)
def test_training_gives_way(waiting, held, waited, expected):
    found = rules.gives_way(waiting=waiting, held=timedelta(seconds=held), waited=timedelta(seconds=waited))
    assert found is expected


@pytest.mark.parametrize(("first", "second", "may"), [("a", "a", True), ("a", "b", False), ("", "", False)])
def test_batches_are_of_one_known_shape(first, second, may):
    assert rules.may_share_batch(first, second) is may
