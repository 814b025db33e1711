"""What a device learns of its own speed, and in which batches that means to go."""

from dispatch import rules
from workers.device.pace import MOST_AT_ONCE, Pace
from workers.engine.slots import shapes

SHAPE = "96x96/24/guided/r0/0"


def told(slots, seconds, shape=SHAPE):
    return {"shape": shape, "slots": slots, "seconds": seconds}


def test_where_a_larger_batch_gains_nothing_there_is_none():
    pace = Pace()
    assert pace.plan() == {}
    assert pace.hear([told(1, 1.0)])
    assert pace.plan()[SHAPE][1] == [2]
    assert pace.hear([told(2, 2.1), told(4, 4.3), told(8, 8.9)])
    assert pace.plan()[SHAPE][:3] == [[1], [1, 1], [1, 1, 1]]
    assert len(pace.plan()[SHAPE]) == MOST_AT_ONCE


def test_it_says_when_a_batch_would_be_another_and_only_then():
    pace = Pace()
    pace.hear([told(size, 1.0 + size / 10) for size in (1, 2, 4, 8)])
    assert not pace.hear([told(8, 1.79)])
    assert pace.hear([told(8, 9.0)])
    assert not pace.hear([])


def test_each_shape_has_a_pace_of_its_own():
    pace = Pace()
    pace.hear([told(1, 1.0), told(2, 1.1), told(1, 5.0, "large"), told(2, 11.0, "large")])
    assert pace.plan()[SHAPE][1] == [2]
    assert pace.plan()["large"][1] == [1, 1]


def test_the_sizes_that_are_planned_are_those_that_an_engine_has():
    assert rules.BATCHES == shapes.SLOTS
