"""Which engines make room: the longest idle first, never a busy one."""

from hypothesis import given
from hypothesis import strategies as st

from workers.device.budget import Standing, make_room, outstayed

engines = st.lists(
    st.builds(
        Standing,
        name=st.uuids(),
        megabytes=st.integers(1, 4000),
        idle_seconds=st.floats(0, 1000),
        is_busy=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.name,
)


def test_there_is_room():
    assert make_room([Standing(1, 100, 5, is_busy=False)], need=100, budget=200) == []


def test_the_longest_idle_leaves():
    standing = [Standing(1, 100, 5, is_busy=False), Standing(2, 100, 9, is_busy=False)]
    assert make_room(standing, need=50, budget=200) == [2]


def test_a_busy_engine_stays():
    assert make_room([Standing(1, 150, 500, is_busy=True)], need=100, budget=200) is None


def test_an_engine_that_stands_alone_is_let_in():
    assert make_room([], need=999, budget=200) == []
    assert make_room([Standing(1, 100, 5, is_busy=False)], need=999, budget=200) == [1]


@given(standing=engines, need=st.integers(1, 5000), budget=st.integers(1, 8000))
def test_what_is_let_in_fits_or_is_alone(standing, need, budget):
    leaving = make_room(standing, need=need, budget=budget)
    if leaving is None:
        return
    staying = [one for one in standing if one.name not in leaving]
    assert not any(one.is_busy for one in standing if one.name in leaving)
    assert not staying or sum(one.megabytes for one in staying) + need <= budget


def test_idle_engines_outstay():
    standing = [
        Standing(1, 1, 130, is_busy=False),
        Standing(2, 1, 130, is_busy=True),
        Standing(3, 1, 10, is_busy=False),
    ]
    assert outstayed(standing, limit=120) == [1]
