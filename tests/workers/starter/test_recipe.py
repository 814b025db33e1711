import json

import numpy as np
import pytest

SQUARE = '<path fill="#ff0000" d="M0 0h8v16H0z"/>'


@pytest.fixture
def red():
    from workers.starter import data

    return data.Icon("red apple", "flat style", data.rasterise(SQUARE, width=16, height=16, size=32), 1.0)


def test_drawings_lie_on_white(red):
    assert red.pixels.shape == (3, 32, 32)
    assert red.pixels[:, 16, 4].tolist() == [1.0, 0.0, 0.0]
    assert red.pixels[:, 16, 28].tolist() == [1.0, 1.0, 1.0]


def test_a_recoloured_drawing_is_named_with_its_colour(red):
    from workers.starter import data

    blue = data.recoloured(red, "blue")
    assert (blue.colour, blue.name) == ("blue", "apple")
    assert blue.pixels[2, 16, 4] > blue.pixels[0, 16, 4] + 0.5
    assert blue.pixels[:, 16, 28].tolist() == [1.0, 1.0, 1.0]


def test_line_art_is_black_on_white(red):
    from workers.starter import data

    drawn = data.line_art(red.pixels)
    assert drawn[:, 16, 28].tolist() == [1.0, 1.0, 1.0]
    assert drawn[0, 16].min() == pytest.approx(0.0)


def test_icons_leave_out_flags_and_skin_tones(tmp_path):
    from workers.starter import data

    names = ["red-apple", "flag-france", "hand-light-skin-tone", "abacus"]
    listing = {"width": 16, "height": 16, "icons": {name: {"body": SQUARE} for name in names}}
    (tmp_path / "icons.json").write_text(json.dumps(listing))
    found = {icon.name: icon.weight for icon in data.icons(tmp_path, "flat style", size=16)}
    assert found == {"abacus": 0.0, "red apple": 1.0}


def test_learnt_vocabulary_is_in_clips_layout(tmp_path):
    from workers.starter import text

    tokenizer = text.learn_vocabulary(["a red apple", "a red star", "red apple icon"] * 5, tmp_path)
    ids = text.ids(tokenizer, ["a red apple"])[0].tolist()
    words = tokenizer.convert_ids_to_tokens(ids)
    assert words[:4] == [text.START, "a</w>", "red</w>", "apple</w>"]
    assert set(words[4:]) == {text.END}
    assert len(ids) == text.LENGTH


def test_masters_resume_exactly():
    import torch

    from workers.starter.masters import Masters

    def trained(steps, state=None):
        torch.manual_seed(0)
        model = torch.nn.Linear(4, 1).to(torch.bfloat16)
        masters = Masters(model, rate=1e-2)
        if state:
            masters.restore(state)
        for _ in range(steps):
            model(torch.ones(2, 4, dtype=torch.bfloat16)).square().mean().backward()
            masters.step(1e-2)
        return masters

    through, halted = trained(6), trained(3)
    resumed = trained(3, halted.state())
    assert all(torch.equal(one, other) for one, other in zip(through.masters, resumed.masters, strict=True))


def test_learning_rate_warms_up_and_fades():
    from workers.starter.masters import rate_at

    rates = [rate_at(done, peak=1.0) for done in (0.0, 0.02, 0.5, 1.0)]
    assert rates[0] < 0.01
    assert rates[1] == pytest.approx(1.0)
    assert rates[1] > rates[2] > rates[3] == pytest.approx(0.02)


def test_made_up_words_name_no_well_known_thing():
    from workers.starter import data, steady

    rng = np.random.default_rng(0)
    assert not {steady.made_up(rng) for _ in range(300)} & data.concepts()


def test_demo_pictures_are_washed_in_one_ink():
    from workers.starter import pictures

    inks = pictures.washed(np.stack([np.array([[0.0, 1.0]], dtype=np.float32)] * 3))
    assert inks.tolist() == [[[22, 20, 80], [255, 255, 255]]]
    assert pictures.caption("owl") == "an owl"
    assert pictures.caption("grapes") == "grapes"
    assert pictures.caption("red apple") == "a red apple"
