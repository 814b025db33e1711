"""Whatever stops a picture or a step: everybody is answered, what was used holds zeros, and the next picture is as ever."""

import pytest
import torch

from tests.workers.engine.slots.stage import spec
from workers.engine import generate
from workers.engine.families import FAMILIES, load
from workers.engine.files import Files
from workers.engine.generate import Pictures
from workers.engine.slots.batch import Batch
from workers.engine.slots.model import Model
from workers.engine.specs import BaseSpec


@pytest.fixture(scope="module")
def model(toys):
    torch.set_num_threads(1)
    return Model(load(FAMILIES["sd1"], BaseSpec(str(toys["sd1"]), "sd1")))


@pytest.fixture
def pictures(model):
    answers = []
    made = Pictures(model, lambda kind, head, body: answers.append((kind, head, body)))
    made.answers = answers
    return made


def ends(pictures, *specs):
    """Return how each of these ends: the code of its failure, or "picture"."""
    pictures.answers.clear()
    for one in specs:
        pictures.begin(one, Files())
    while pictures.is_busy:
        pictures.advance()
    last = {head["request"]: head.get("code", kind) for kind, head, _ in pictures.answers if kind in {"picture", "failed"}}
    assert [kind for kind, _, _ in pictures.answers if kind in {"picture", "failed"}] and not pictures.model.slots.batches
    return last


def bits(pictures):
    ends(pictures, spec(7))
    return pictures.answers[-1][2]


def no_memory(*_given, **_named):
    raise torch.OutOfMemoryError("a message that nobody may read")


def test_a_step_that_finds_no_memory_ends_those_who_took_it_and_nobody_else(pictures, monkeypatch):
    before = bits(pictures)
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "step", no_memory)
        assert ends(pictures, spec(0), spec(1, width=64)) == dict.fromkeys(("r0", "r1"), "engine.out_of_memory")
    assert bits(pictures) == before


def test_a_picture_that_cannot_be_decoded_stops_no_other(pictures, monkeypatch):
    decode = generate.picture_of
    monkeypatch.setattr(
        generate, "picture_of", lambda base, latents: no_memory() if latents.shape[-1] > 16 else decode(base, latents)
    )
    assert ends(pictures, spec(0, width=64), spec(1), spec(2, width=64), spec(3)) == {
        "r0": "engine.out_of_memory", "r1": "picture", "r2": "engine.out_of_memory", "r3": "picture",
    }  # fmt: skip


def test_a_picture_that_cannot_be_judged_is_not_handed_over(pictures, monkeypatch):
    monkeypatch.setattr(generate.classify, "scores", no_memory)
    assert ends(pictures, spec(0), spec(1)) == dict.fromkeys(("r0", "r1"), "engine.out_of_memory")


def test_where_there_is_no_room_for_another_the_others_keep_their_seats(pictures, monkeypatch):
    pictures.begin(spec(0), Files())
    pictures.advance()
    (before,) = pictures.model.slots.batches
    with monkeypatch.context() as patch:
        patch.setattr("workers.engine.slots.engine.Batch", no_memory)
        with pytest.raises(torch.OutOfMemoryError):
            pictures.begin(spec(1), Files())
    assert pictures.model.slots.batches == [before]
    assert [one.name for one in before.requests] == ["r0"]
    assert ends(pictures) == {"r0": "picture"}


def test_what_fails_is_said_by_its_kind_alone(pictures, monkeypatch):
    monkeypatch.setattr(Batch, "step", no_memory)
    ends(pictures, spec(0))
    assert "nobody may read" not in str(pictures.answers)
