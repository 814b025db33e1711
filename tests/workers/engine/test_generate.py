"""Pictures from a real child process on toy models: repeatable, cancellable, as typed, confined."""

import os
import signal

import pytest

SPEC = {"request": "r1", "prompt": "a red fox", "negative": "", "seed": 7, "steps": 3, "guidance": 4.0, "width": 32, "height": 32}


def made(engine, **changes):
    engine.ask("generate", SPEC | changes)
    message, heard = engine.hear("picture")
    assert message.kind == "picture", message.head
    return message, heard


def test_the_same_request_gives_the_same_bits_in_another_process(parent, engine, toys):
    first, heard = made(engine, preview_seconds=0.0)
    made(engine, request="r2", prompt="something else", seed=8)
    other = parent.spawn()
    other.ask("load_base", {"path": str(toys["sd1"]), "family": "sd1"})
    other.hear("loaded")
    again, _ = made(other)
    assert first.body == again.body and len(first.body) == 32 * 32 * 3
    assert made(engine, seed=8)[0].body != first.body
    assert next(m.head["step"] for m in heard if m.kind == "progress") == 1
    assert any(m.kind == "preview" and m.body.startswith(b"\x89PNG") for m in heard)
    assert first.head["machine"]["threads"] == 1 and first.head["scores"]["nsfw"] <= 1


@pytest.mark.parametrize("family", ["sd2", "sdxl"])
def test_other_families_load_from_a_folder(parent, toys, family):
    engine = parent.spawn()
    engine.ask("load_base", {"path": str(toys[family]), "family": family})
    assert engine.hear("loaded")[0].kind == "loaded"
    assert len(made(engine)[0].body) == 32 * 32 * 3


@pytest.mark.parametrize("scheduler", ["dpmpp_2m", "euler", "euler_a", "ddim", "unipc"])
def test_schedulers_make_pictures_of_their_own(engine, scheduler):
    message, _ = made(engine, scheduler=scheduler)
    assert message.head["scheduler"]


def test_a_prompt_is_refused_rather_than_cut(engine):
    engine.ask("generate", SPEC | {"prompt": "word " * 200})
    message, _ = engine.hear("picture")
    assert message.head["code"] == "prompt.too_long" and message.head["facts"]["most"] == 77


@pytest.mark.parametrize(("changes", "code"), [
    ({"width": 33}, "size.not_a_multiple"), ({"steps": 0}, "steps.out_of_range"), ({"scheduler": "magic"}, "scheduler.unknown"),
])  # fmt: skip
def test_bad_requests_say_what_is_wrong(engine, changes, code):
    engine.ask("generate", SPEC | changes)
    assert engine.hear("picture")[0].head["code"] == code


def test_requests_share_a_batch_and_each_is_made_again_alone(engine):
    wanted = [SPEC | {"request": f"b{number}", "seed": number, "steps": 12} for number in range(3)]
    for one in wanted:
        engine.ask("generate", one)
    found = {}
    while len(found) < 3:
        message, _ = engine.hear("picture")
        found[message.head["request"]] = message
    for one in wanted:
        message = found[one["request"]]
        stretches = message.head["shape_key"]["stretches"]
        assert sum(stretch["steps"] for stretch in stretches) == 12
        again, _ = made(engine, **one | {"request": "again", "replays": stretches})
        assert again.body == message.body
        assert again.head["shape_key"] == message.head["shape_key"]
        assert message.head["device_seconds"] > 0
    assert max(stretch["slots"] for one in found.values() for stretch in one.head["shape_key"]["stretches"]) == 4


def test_they_go_in_the_batches_that_the_device_says(engine):
    (shape,) = {one["shape"] for one in made(engine)[0].head["step_seconds"]}
    engine.ask("plans", {"plans": {shape: [[1], [1, 1], [1, 1, 1]]}})
    for number in range(3):
        engine.ask("generate", SPEC | {"request": f"p{number}", "steps": 12})
    pictures = [engine.hear("picture")[0] for _ in range(3)]
    assert {stretch["slots"] for one in pictures for stretch in one.head["shape_key"]["stretches"]} == {1}


def test_one_of_several_is_cancelled_and_the_others_go_on(engine):
    for number in range(3):
        engine.ask("generate", SPEC | {"request": f"c{number}", "steps": 60})
    engine.hear("progress")
    engine.ask("cancel", {"request": "c1"})
    ends = {}
    while len(ends) < 3:
        message, _ = engine.hear("picture")
        ends[message.head["request"]] = message.kind
    assert ends == {"c0": "picture", "c1": "failed", "c2": "picture"}


def test_a_training_waits_until_the_pictures_are_made(engine):
    for number in range(2):
        engine.ask("generate", SPEC | {"request": f"t{number}", "steps": 30})
    engine.ask("train", {"request": "t", "config": {}, "pictures": []})
    kinds = [engine.hear("picture")[0] for _ in range(3)]
    assert [one.kind for one in kinds] == ["picture", "picture", "failed"]
    assert kinds[2].head["code"] == "train.too_few_pictures"


def test_a_cancelled_request_ends_at_the_next_step(engine):
    engine.ask("generate", SPEC | {"steps": 150})
    engine.hear("progress")
    engine.ask("cancel", {"request": "r1"})
    message, heard = engine.hear("picture")
    assert (message.kind, message.head["request"], message.head["code"]) == ("failed", "r1", "cancelled") and len(heard) < 100
    assert made(engine, request="r2")[0].kind == "picture"


def test_a_changed_weight_file_is_refused(parent, toys):
    engine = parent.spawn()
    digests = {"unet/diffusion_pytorch_model.safetensors": "0" * 64}
    engine.ask("load_base", {"path": str(toys["sd1"]), "family": "sd1", "digests": digests})
    assert engine.hear("loaded")[0].head["code"] == "base.digest_differs"


def test_a_pickle_is_refused(parent, toys, tmp_path):
    import shutil

    folder = shutil.copytree(toys["sd1"], tmp_path / "base")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04.")
    engine = parent.spawn()
    engine.ask("load_base", {"path": str(folder), "family": "sd1"})
    assert engine.hear("loaded")[0].head["code"] == "base.pickle_refused"


def test_a_folder_that_brings_code_is_refused(parent, toys, tmp_path):
    import shutil

    folder = shutil.copytree(toys["sd1"], tmp_path / "base")
    (folder / "unet" / "my_model.py").write_text("raise SystemExit\n")
    engine = parent.spawn()
    engine.ask("load_base", {"path": str(folder), "family": "sd1"})
    assert engine.hear("loaded")[0].head["code"] == "base.code_refused"


def test_the_end_of_a_child_is_told(parent):
    engine = parent.spawn()
    os.kill(engine.pid, signal.SIGKILL)
    message = parent.receive("ended")
    while message.head["pid"] != engine.pid:
        message = parent.receive("ended")
    assert message.head["signal"] == signal.SIGKILL


def test_a_child_reaches_nothing(toys):
    """In a process of its own, as the filter cannot be taken off again."""
    import subprocess
    import sys

    program = (
        "import ctypes, socket, os, sys; from workers.engine import confine\n"
        "print(confine.forbid_reaching_out())\n"
        "for attempt in (lambda: socket.socket(), lambda: os.execv('/bin/true', ['true'])):\n"
        "    try:\n        attempt(); print('reached')\n    except PermissionError:\n        print('refused')\n"
        # io_uring opens and connects sockets by itself; pidfd_getfd takes another process's; x32 has other numbers.
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(*((libc.syscall(n, 2, 1, 0, 0), ctypes.get_errno())[1] for n in (425, 438, 0x40000029)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "refused", "refused", "1", "1", "1"]
