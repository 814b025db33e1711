"""Whoever sat beside it: a picture's replay, alone among empty slots, has the same bits."""

import pytest
import torch

from tests.workers.engine.slots import simulation
from tests.workers.engine.slots.stage import spec


@pytest.mark.parametrize("seed", range(2))
def test_every_picture_of_a_busy_hour_equals_its_replay(stage, seed):
    made = simulation.run(stage, seed=seed, count=30)
    assert len(made) > 20
    assert all(simulation.is_equal_again(stage, one) for one in made)
    assert len({(one.slots, one.rank, one.reach) for asked in made for one in asked.request.stretches}) > 10


@pytest.mark.parametrize("family", ["sd2", "sdxl"])
def test_in_other_families_too(stages, family):
    made = simulation.run(stages[family], seed=9, count=10)
    assert len(made) > 5
    assert all(simulation.is_equal_again(stages[family], one) for one in made)


def test_a_neighbour_changes_no_bit_and_another_shape_may(stage):
    """What is recorded is needed: the same request in a batch of another size is another computation."""
    alone = stage.made(spec(1))
    beside = [stage.request(spec(number)) for number in (1, 2)]
    for one in beside:
        stage.slots.join(one)
    while stage.slots.requests:
        stage.slots.step()
    assert [one.slots for one in beside[0].stretches] == [2]
    assert torch.allclose(alone.latents, beside[0].latents, atol=1e-4)
    assert torch.equal(beside[0].latents, stage.made(spec(1), replays=tuple(beside[0].stretches)).latents)


def test_a_seed_is_a_picture_of_its_own(stage):
    assert not torch.equal(stage.made(spec(1)).latents, stage.made(spec(2)).latents)
