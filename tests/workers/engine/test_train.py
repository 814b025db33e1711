"""Training on a toy: exact resume, held-out pictures, an adapter that plain diffusers loads."""

import hashlib
import io

import numpy as np
import pytest
from PIL import Image

CONFIG = {"steps": 8, "rank": 2, "batch": 2, "sample_every": 4, "sample_prompts": ["a fox"], "sample_steps": 2, "held_out": 0.25,
          "learning_rate": 1e-2, "trigger": "zx"}  # fmt: skip


def pictures(sealed):
    fds, heads = [], []
    for number in range(8):
        pixels = np.random.default_rng(number).integers(0, 255, (40, 32 + 4 * number, 3), dtype=np.uint8)
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "PNG")
        fd, head = sealed(out.getvalue(), number)
        fds.append(fd)
        heads.append({"sealed": head, "caption": f"picture {number}"})
    return fds, heads


def digest_of(content):
    return hashlib.sha256(content).hexdigest()


def adapter_of(head, content, *, weight=1.0):
    return {"sealed": head, "weight": weight, "digest": digest_of(content)}


def train(engine, sealed, *, pause_at=None, state=None, request="t1", **more):
    fds, heads = pictures(sealed)
    spec = {"request": request, "config": CONFIG, "pictures": heads} | more
    if state is not None:
        fd, spec["state"] = sealed(state, len(fds))
        fds.append(fd)
    engine.ask("files", {}, fds=tuple(fds))
    engine.ask("train", spec)
    if pause_at:
        while engine.hear("report")[0].head["step"] < pause_at:
            pass
        engine.ask("pause", {"request": request})
    return engine.hear("trained", "state")


@pytest.fixture
def trained(engine, sealed):
    message, heard = train(engine, sealed)
    assert message.kind == "trained", message.head
    return message, heard


def test_a_run_reports_samples_and_measures(trained):
    message, heard = trained
    assert [m.head["step"] for m in heard if m.kind == "report"] == list(range(1, 9))
    assert [(m.head["step"], m.head["index"]) for m in heard if m.kind == "sample"] == [(4, 0), (8, 0)]
    assert len(message.head["losses"]) == 8 and set(message.head["held_out"]) == {"before", "after"}


def test_a_resumed_run_ends_with_the_same_bits(parent, toys, engine, sealed, trained):
    state, _ = train(engine, sealed, pause_at=3, request="t2")
    assert state.kind == "state" and 3 <= state.head["step"] < 8
    other = parent.spawn()
    other.ask("load_base", {"path": str(toys["sd1"]), "family": "sd1"})
    other.hear("loaded")
    resumed, _ = train(other, sealed, state=state.body, request="t3")
    assert resumed.body == trained[0].body
    assert resumed.head["losses"] == trained[0].head["losses"]


def test_a_run_goes_on_from_any_checkpoint_with_the_same_bits(parent, toys, engine, sealed, trained):
    _, heard = train(engine, sealed, request="t2", checkpoint_seconds=0)
    kept = [one for one in heard if one.kind == "checkpoint"]
    assert [one.head["step"] for one in kept] == list(range(1, 8))
    other = parent.spawn()
    other.ask("load_base", {"path": str(toys["sd1"]), "family": "sd1"})
    other.hear("loaded")
    resumed, _ = train(other, sealed, state=kept[4].body, request="t3")
    assert resumed.body == trained[0].body


@pytest.mark.parametrize("family", ["sd1", "sd2", "sdxl"])
def test_plain_diffusers_loads_the_file_and_makes_the_same_picture(parent, toys, sealed, tmp_path, family):
    import diffusers
    import torch

    engine = parent.spawn()
    engine.ask("load_base", {"path": str(toys[family]), "family": family})
    engine.hear("loaded")
    message, _ = train(engine, sealed, config={**CONFIG, "alpha": 1.0})
    assert message.kind == "trained", message.head
    (tmp_path / "pytorch_lora_weights.safetensors").write_bytes(message.body)
    fd, head = sealed(message.body, 0)
    engine.ask("files", {}, fds=(fd,))
    ours = picture_of(engine, prompt="zx, a fox", steps=3, adapters=[adapter_of(head, message.body, weight=0.8)])
    made = diffusers.StableDiffusionXLPipeline if family == "sdxl" else diffusers.StableDiffusionPipeline
    extras = {"add_watermarker": False} if family == "sdxl" else {"safety_checker": None}
    pipeline = made.from_pretrained(toys[family], **extras)
    asked = {"prompt": "zx, a fox", "num_inference_steps": 3, "guidance_scale": 4.0, "width": 32, "height": 32}
    bare = pipeline(**asked, generator=torch.Generator().manual_seed(3))
    pipeline.load_lora_weights(tmp_path, adapter_name="a")
    pipeline.set_adapters(["a"], [0.8])
    plain = pipeline(**asked, generator=torch.Generator().manual_seed(3))
    assert plain.images[0].convert("RGB").tobytes() == ours.body != bare.images[0].convert("RGB").tobytes()
    engine.line.close()


def test_alpha_decides_how_strongly_an_adapter_counts(engine, sealed):
    import safetensors.torch

    message, _ = train(engine, sealed, config={**CONFIG, "alpha": 1.0})
    tensors = safetensors.torch.load(message.body)
    forgetful = safetensors.torch.save(tensors, metadata={"format": "pt"})
    found = []
    for content in (message.body, forgetful):
        fd, head = sealed(content, 0)
        engine.ask("files", {}, fds=(fd,))
        found.append(picture_of(engine, steps=3, adapters=[adapter_of(head, content)]).body)
    assert found[0] != found[1]


def test_an_adapter_that_is_not_the_recorded_one_is_refused(engine, sealed, trained):
    fd, head = sealed(trained[0].body, 0)
    engine.ask("files", {}, fds=(fd,))
    wanted = {"sealed": head, "weight": 1.0, "digest": "ab" * 32}
    assert picture_of(engine, adapters=[wanted]).head["code"] == "adapter.digest_differs"


@pytest.mark.parametrize("family", ["sd1", "sdxl"])
def test_a_caption_that_would_be_cut_is_refused(parent, toys, sealed, family):
    engine = parent.spawn()
    engine.ask("load_base", {"path": str(toys[family]), "family": family})
    engine.hear("loaded")
    fds, heads = pictures(sealed)
    heads[3]["caption"] = "far " * 100
    engine.ask("files", {}, fds=tuple(fds))
    engine.ask("train", {"request": "t", "config": CONFIG, "pictures": heads})
    message, _ = engine.hear("trained", "state")
    assert (message.kind, message.head["code"]) == ("failed", "caption.too_long")
    engine.line.close()


def test_an_adapter_that_is_none_is_refused(engine, sealed):
    fd, head = sealed(b"not an adapter", 0)
    engine.ask("files", {}, fds=(fd,))
    spec = {"request": "g", "prompt": "x", "negative": "", "seed": 3, "steps": 2, "guidance": 4.0, "width": 32, "height": 32}
    engine.ask("generate", spec | {"adapters": [adapter_of(head, b"not an adapter")]})
    assert engine.hear("picture")[0].head["code"] == "adapter.unreadable"


def test_evaluation_measures_both_sides(engine, sealed, trained):
    fds, heads = pictures(sealed)
    fd, head = sealed(trained[0].body, len(fds))
    engine.ask("files", {}, fds=(*fds, fd))
    engine.ask("evaluate", {"request": "e", "config": CONFIG, "pictures": heads, "samples": 2,
                            "adapter": adapter_of(head, trained[0].body)})  # fmt: skip
    message, _ = engine.hear("evaluated")
    assert message.kind == "evaluated", message.head
    assert message.head["style_floor"] > 0 and message.head["style_before"] > 0 and message.head["samples"] == 2


def picture_of(engine, **changes):
    spec = {"request": "g", "prompt": "x", "negative": "", "seed": 3, "steps": 2, "guidance": 4.0, "width": 32, "height": 32}
    engine.ask("generate", spec | changes)
    return engine.hear("picture")[0]


def test_a_refused_adapter_leaves_none_of_its_neighbours_on_the_model(engine, sealed, trained):
    bare = picture_of(engine).body
    (good, good_head), (bad, bad_head) = sealed(trained[0].body, 0), sealed(b"not an adapter", 1)
    engine.ask("files", {}, fds=(good, bad))
    wanted = [adapter_of(good_head, trained[0].body), adapter_of(bad_head, b"not an adapter")]
    assert picture_of(engine, adapters=wanted).head["code"] == "adapter.unreadable"
    assert picture_of(engine).body == bare


def test_a_state_that_does_not_open_leaves_the_model_as_it_was(engine, sealed, trained):
    fds, heads = pictures(sealed)
    fd, state = sealed(b"not a state", len(fds))
    engine.ask("files", {}, fds=(*fds, fd))
    engine.ask("train", {"request": "t4", "config": CONFIG, "pictures": heads, "state": state})
    assert engine.hear("trained", "state")[0].kind == "failed"
    again, _ = train(engine, sealed, request="t5")
    assert again.kind == "trained" and again.body == trained[0].body
