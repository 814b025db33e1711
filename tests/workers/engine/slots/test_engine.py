"""Who sits where, and that nothing stays of who has left."""

import pytest
import torch

from tests.workers.engine.slots.stage import ATTENTION, TRANSFORMER, spec
from workers.engine.errors import EngineError
from workers.engine.slots.shapes import Load, grouped, named, rank_for


def sitting(stage):
    return [[one and one.name for one in batch.places] for batch in stage.slots.batches]


@pytest.fixture(autouse=True)
def _empty(stage):
    yield
    stage.slots.close()


def adapter(stage, seed, **more):
    return [(stage.reader.read(stage.written(stage.numbers(seed, **more), "diffusers")), 1.0)]


def test_they_come_and_go_between_steps(stage):
    requests = [stage.request(spec(number, steps=9)) for number in range(5)]
    for one, places in zip(requests[:3], ([["r0"]], [["r0", "r1"]], [["r0", "r1", "r2", None]]), strict=True):
        stage.slots.join(one)
        assert sitting(stage) == places
        stage.slots.step()
    assert [one.step for one in requests[:3]] == [3, 2, 1]
    stage.slots.leave(requests[1])
    assert sitting(stage) == [["r0", "r2"]]
    stage.slots.step()
    assert [one.step for one in requests[:3]] == [4, 2, 2]


def test_who_can_stay_stays(stage):
    requests = [stage.request(spec(number)) for number in range(4)]
    for one in requests:
        stage.slots.join(one)
    before = stage.slots.batches[0]
    stage.slots.leave(requests[0])
    stage.slots.join(stage.request(spec(7)))
    assert stage.slots.batches == [before]
    assert sitting(stage) == [["r7", "r1", "r2", "r3"]]


def test_those_of_another_size_or_guidance_sit_apart_and_advance_too(stage):
    kinds = [spec(0), spec(1, width=64), spec(2, guidance=1.0)]
    requests = [stage.request(one) for one in kinds]
    for one in requests:
        stage.slots.join(one)
    stage.slots.step()
    assert sitting(stage) == [["r0"], ["r1"], ["r2"]]
    assert [one.step for one in requests] == [1, 1, 1]


def test_a_batch_holds_what_its_heaviest_needs(stage):
    light = stage.request(spec(0), adapter(stage, 1, rank=3, targets=ATTENTION))
    heavy = stage.request(spec(1), adapter(stage, 2, rank=9, targets=TRANSFORMER))
    stage.slots.join(light)
    assert stage.slots.batches[0].load == Load(4, 1)
    stage.slots.join(heavy)
    assert [batch.load for batch in stage.slots.batches] == [Load(16, 2)]
    stage.slots.leave(heavy)
    assert [batch.load for batch in stage.slots.batches] == [Load(4, 1)]


def test_the_plan_says_in_batches_of_which_sizes(stage):
    first = stage.request(spec(0))
    stage.slots.plans = {named(first.kin, first.load): [[1], [1, 1], [2, 1]]}
    try:
        for one, places in (
            (first, [["r0"]]), (stage.request(spec(1)), [["r0"], ["r1"]]), (stage.request(spec(2)), [["r0"], ["r1", "r2"]]),
        ):  # fmt: skip
            stage.slots.join(one)
            assert sitting(stage) == places
        stage.slots.join(stage.request(spec(3)))  # of so many the plan says nothing
        assert [len(batch.places) for batch in stage.slots.batches] == [4]
    finally:
        stage.slots.plans = {}


def test_what_a_step_takes_is_measured_for_each_shape_and_size(stage):
    stage.slots.seconds.clear()
    stage.made(spec(0, steps=2))
    assert stage.slots.measured() == []
    request = stage.made(spec(0, steps=3))
    (told,) = stage.slots.measured()
    assert (told["shape"], told["slots"]) == (named(request.kin, request.load), 1)
    assert 0 < told["seconds"] < 10


def test_the_tenth_sits_in_a_second_batch(stage):
    for number in range(10):
        stage.slots.join(stage.request(spec(number)))
    assert [len(batch.places) for batch in stage.slots.batches] == [8, 2]


def test_whoever_leaves_leaves_zeros(stage):
    stage.slots.join(stage.request(spec(0), adapter(stage, 1)))
    stays = stage.request(spec(1), adapter(stage, 2))
    stage.slots.join(stays)
    stage.slots.step()
    batch = stage.slots.batches[0]
    buffers = [batch.bank.buffers[path] for path in stays.weights]
    assert all(down[0].any() and up[0].any() for down, up in buffers)
    batch.leave(0)
    for down, up in buffers:
        assert not down[0].any() and not up[0].any()
        assert down[1].any()
    assert not any(rows[:2].any() for rows in batch.inputs.values())
    batch.clear()
    assert not any(rows.any() for rows in batch.inputs.values())
    assert not any(one.any() for pair in buffers for one in pair)


def test_the_model_is_itself_again_when_all_have_left(stage):
    before = stage.made(spec(3)).latents
    stage.made(spec(4), adapter(stage, 1))
    assert torch.equal(stage.made(spec(3)).latents, before)


def test_a_rank_beyond_the_list_is_refused_with_the_most_that_is_held(stage):
    assert [rank_for(one) for one in (0, 1, 4, 5, 512)] == [0, 4, 4, 8, 512]
    with pytest.raises(EngineError) as refused:
        rank_for(513)
    assert refused.value.facts == {"most": 512, "asked": 513}


def test_groups_are_full_ones_and_the_least_that_holds_the_rest():
    assert [grouped(count) for count in (0, 1, 3, 8, 9, 21)] == [(), (1,), (4,), (8,), (8, 1), (8, 8, 8)]
