"""Many people at one model: requests that come, go and give up at random, all of them drawn from one seed."""

import random
from dataclasses import dataclass
from typing import Any

from tests.workers.engine.slots.stage import ATTENTION, LOCON, TRANSFORMER, spec
from workers.engine.specs import GenerateSpec

SCHEDULERS = ("default", "dpmpp_2m", "dpmpp_2m_karras", "euler", "euler_a", "ddim", "unipc")
WORDS = ("a", "red", "fox", "on", "the", "green", "hill", "at", "night")
LIKELY_JOIN, LIKELY_CANCEL = 0.6, 0.06


@dataclass
class Asked:
    """One request: what was asked, with which adapters, and how it fared."""

    spec: GenerateSpec
    adapters: list[tuple[Any, float]]
    request: Any


def adapters_for(stage):
    """Return adapters that differ in rank, reach and numbers."""
    kinds = [(4, ATTENTION), (8, TRANSFORMER), (3, TRANSFORMER), (16, ATTENTION), (5, LOCON), (32, TRANSFORMER)]
    written = [stage.written(stage.numbers(n, rank=rank, targets=targets), "diffusers") for n, (rank, targets) in enumerate(kinds)]
    return [stage.reader.read(content) for content in written]


def run(stage, *, seed, count):
    """Let so many requests come; return those that were made whole, in the order in which they ended."""
    draw, pool = random.Random(seed), adapters_for(stage)
    asked, done, number = {}, [], 0
    while number < count or stage.slots.requests:
        while number < count and draw.random() < LIKELY_JOIN:
            one = _drawn(stage, draw, pool, number)
            asked[id(one.request)] = one
            stage.slots.join(one.request)
            number += 1
        if stage.slots.requests and draw.random() < LIKELY_CANCEL:
            stage.slots.leave(draw.choice(stage.slots.requests))
        done += [asked[id(request)] for request in stage.slots.step()]
    return done


def _drawn(stage, draw, pool, number):
    adapters = [(one, draw.choice((0.5, 1.0, -0.3))) for one in draw.sample(pool, draw.choice((0, 1, 1, 1, 2)))]
    one = spec(
        number, prompt=" ".join(draw.choices(WORDS, k=draw.randint(1, 9))), negative=draw.choice(("", "blurry")),
        steps=draw.randint(2, 6), guidance=draw.choice((1.0, 4.0, 4.0, 7.5)), width=draw.choice((32, 32, 64)),
        scheduler=draw.choice(SCHEDULERS),
    )  # fmt: skip
    return Asked(one, adapters, stage.request(one, adapters))


def is_equal_again(stage, asked):
    """Return whether a picture's replay, alone among empty slots of the recorded shapes, has the same bits."""
    again = stage.made(asked.spec, asked.adapters, tuple(asked.request.stretches))
    return bool((again.latents == asked.request.latents).all()) and again.stretches == asked.request.stretches
