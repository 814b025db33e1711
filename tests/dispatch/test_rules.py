"""Plain decisions about plain values."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


PLAN = [
    # A device that gains: everybody in the smallest batch that holds them.
    ({1: 1.0, 2: 1.2, 4: 1.6, 8: 2.4}, 3, (4,)),
    ({1: 1.0, 2: 1.2, 4: 1.6, 8: 2.4}, 9, (8, 1)),
    # A device that is full with one picture: one at a time, whoever waits.
    ({1: 1.0, 2: 2.1, 4: 4.3, 8: 8.8}, 5, (1, 1, 1, 1, 1)),
    # Three cost more in a batch of four than in two and one.
    ({1: 1.0, 2: 1.3, 4: 2.6, 8: 5.2}, 3, (2, 1)),
    ({1: 1.0, 2: 1.3, 4: 2.6, 8: 5.2}, 4, (2, 2)),
]


@pytest.mark.parametrize(("seconds", "count", "sizes"), PLAN)
def test_batches_are_those_that_take_the_least(seconds, count, sizes):
    assert rules.batches(count, seconds=seconds) == sizes


@given(st.dictionaries(st.sampled_from(rules.BATCHES), st.floats(0.01, 10), min_size=4, max_size=4), st.integers(0, 24))
def test_batches_hold_everybody_and_are_never_slower_than_one_at_a_time(seconds, count):
    sizes = rules.batches(count, seconds=seconds)
    assert sum(sizes) >= count
    assert set(sizes) <= set(rules.BATCHES)
    assert sum(seconds[size] for size in sizes) <= count * seconds[1] + 1e-9


def test_a_size_that_was_never_tried_is_tried_and_then_kept_or_left():
    assert rules.batches(8, seconds={}) == (8,)
    assert rules.batches(2, seconds={1: 1.0}) == (2,)
    assert rules.batches(2, seconds={1: 1.0, 2: 2.2}) == (1, 1)
    assert rules.batches(2, seconds={1: 1.0, 2: 1.5}) == (2,)
