import json
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = ROOT / "workers" / "starter" / "weights"


def drawn(pipeline, prompt, *, steps):
    import torch

    made = pipeline(prompt, num_inference_steps=steps, guidance_scale=4.0, generator=torch.Generator().manual_seed(7))
    return made.images[0]


def test_weights_are_what_the_digest_says():
    from workers.starter import card

    assert card.digests(WEIGHTS) == json.loads((WEIGHTS / "digest.json").read_text())


def test_weights_take_at_most_24_mb():
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) <= 24_000_000


def test_plain_pipeline_draws_a_red_apple_in_red(pipeline):
    picture = drawn(pipeline, "a red apple", steps=10)
    assert picture.size == (96, 96)
    red, green, blue = np.asarray(picture, dtype=float)[24:72, 24:72].reshape(-1, 3).mean(axis=0)
    assert red > green + 60
    assert red > blue + 60


def test_made_up_words_before_the_prompt_change_little(pipeline):
    plain, behind, other = (
        np.asarray(drawn(pipeline, prompt, steps=6), dtype=float)
        for prompt in ("a purple heart", "inkstyle, a purple heart", "a green automobile")
    )
    assert np.abs(plain - behind).mean() < np.abs(plain - other).mean() / 2


def test_every_prompt_of_the_grid_names_well_known_things():
    from workers.starter import card, data

    known = data.concepts() | data.colourable()
    bare = [prompt.removeprefix("a ") for prompt in card.prompts()]
    assert len(bare) == 16
    assert all(words in known or words.partition(" ")[2] in known for words in bare)
