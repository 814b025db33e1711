"""What an allowance permits, on plain values: which rows match, what they give together, and which limit says no first."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.allowances import Day, Feature, Limits, Reason, Row, Use, Used, decide, limits_for, may_use

NOW = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
ANNA, BEN, STAFF, GUESTS = (uuid4() for _ in range(4))
BASE, OTHER, STYLE = (uuid4() for _ in range(3))
ASKED = Use(Feature.TEXT_TO_IMAGE, BASE, (STYLE,), pictures=2)
NUMBERS = st.none() | st.integers(0, 20)
LISTS = st.none() | st.frozensets(st.sampled_from([BASE, OTHER, STYLE]))
LIMITS = st.builds(Limits, LISTS, LISTS, st.none() | st.frozensets(st.sampled_from(list(Feature))), NUMBERS, NUMBERS)
ROWS = st.lists(
    st.builds(Row, LIMITS, st.sampled_from([ANNA, BEN]), st.none())
    | st.builds(Row, LIMITS, st.none(), st.sampled_from([None, STAFF, GUESTS])),
    max_size=5,
)


def of(rows, person=ANNA, groups=(STAFF,)):
    return limits_for(rows, person=person, groups=set(groups))


def test_a_project_without_a_row_is_unlimited():
    assert of([]) == Limits()
    assert decide(ASKED, limits=of([]), day=Day(NOW)).allowed


def test_whom_no_row_matches_may_use_nothing():
    rows = [Row(Limits(), group=GUESTS), Row(Limits(), person=BEN)]
    assert of(rows) is None
    assert decide(ASKED, limits=None, day=Day(NOW)).code is Reason.NONE
    assert not may_use(None, base=BASE)
    assert of(rows, person=BEN, groups=()) == of(rows, groups=[GUESTS]) == Limits()


def test_everybodys_row_matches_everybody():
    assert of([Row(Limits(pictures_a_day=3))], person=uuid4(), groups=()).pictures_a_day == 3


def test_rows_give_together_the_union_and_the_largest():
    rows = [
        Row(Limits(bases=frozenset({BASE}), adapters=frozenset(), pictures_a_day=3, device_seconds_a_day=60), person=ANNA),
        Row(Limits(bases=frozenset({OTHER}), adapters=frozenset({STYLE}), pictures_a_day=9), group=STAFF),
        Row(Limits(bases=None, pictures_a_day=999), person=BEN),
    ]
    assert of(rows) == Limits(frozenset({BASE, OTHER}), frozenset({STYLE}), None, 9, None)


@given(rows=ROWS, row=st.builds(Row, LIMITS))
def test_another_matching_row_takes_nothing_away(rows, row):
    before, after = of(rows), of([*rows, row])
    if not rows or before is None:
        return
    for number in ("pictures_a_day", "device_seconds_a_day"):
        assert getattr(after, number) is None or getattr(after, number) >= getattr(before, number)
    for name in ("bases", "adapters", "features"):
        assert getattr(after, name) is None or getattr(after, name) >= getattr(before, name)


@pytest.mark.parametrize(
    ("limits", "code", "model"),
    [
        (Limits(features=frozenset({Feature.TRAINING})), Reason.FEATURE, None),
        (Limits(features=frozenset()), Reason.FEATURE, None),
        (Limits(bases=frozenset({OTHER})), Reason.BASE, BASE),
        (Limits(bases=frozenset()), Reason.BASE, BASE),
        (Limits(adapters=frozenset({OTHER})), Reason.ADAPTER, STYLE),
        (Limits(features=frozenset(Feature), bases=frozenset({BASE}), adapters=frozenset({STYLE})), None, None),
    ],
)
def test_what_is_not_listed_may_not_be_used(limits, code, model):
    verdict = decide(ASKED, limits=limits, day=Day(NOW))
    assert (verdict.code, verdict.model) == (code, model)


@pytest.mark.parametrize(("used", "allowed"), [(0, True), (8, True), (9, False), (10, False)])
def test_the_last_picture_is_the_last(used, allowed):
    verdict = decide(ASKED, limits=Limits(pictures_a_day=10), day=Day(NOW, own=Used(pictures=used)))
    assert verdict.allowed is allowed
    if not allowed:
        assert verdict.code is Reason.PICTURES
        assert verdict.facts() == {"most": 10, "used": used, "opens": "2026-03-02T00:00:00Z"}


def test_who_asks_for_no_picture_is_not_held_by_their_number():
    assert decide(Use(Feature.REPLAY), limits=Limits(pictures_a_day=0), day=Day(NOW, own=Used(pictures=5))).allowed


@pytest.mark.parametrize(("used", "allowed"), [(0, True), (59_999, True), (60_000, False)])
def test_device_time_is_used_up_by_the_millisecond(used, allowed):
    verdict = decide(ASKED, limits=Limits(device_seconds_a_day=60), day=Day(NOW, own=Used(device_milliseconds=used)))
    assert (verdict.allowed, verdict.code) == ((True, None) if allowed else (False, Reason.DEVICE))


def test_the_studios_quota_binds_over_all_projects_whatever_a_row_says():
    quota, studio = Limits(pictures_a_day=100, device_seconds_a_day=1000), Used(99, 0)
    verdict = decide(ASKED, limits=Limits(), day=Day(NOW, studio=studio, quota=quota))
    assert (verdict.code, verdict.most, verdict.used, verdict.opens) == (Reason.STUDIO_PICTURES, 100, 99, MIDNIGHT)
    spent = decide(Use(Feature.TRAINING, BASE), limits=Limits(), day=Day(NOW, studio=Used(0, 1_000_000), quota=quota))
    assert spent.code is Reason.STUDIO_DEVICE
    assert decide(ASKED, limits=Limits(), day=Day(NOW, studio=Used(98, 0), quota=quota)).allowed
