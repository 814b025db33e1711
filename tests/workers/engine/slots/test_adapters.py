"""Adapters in each program's layout do what diffusers makes of the same file; what does not fit is refused by name."""

import numpy as np
import pytest
import safetensors.torch
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

from tests.workers.engine.slots.stage import ATTENTION, LOCON, TRANSFORMER, spec
from workers.engine.errors import EngineError
from workers.engine.slots.prepare import picture_of

TEXT = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")
PEERS = {"sd1": StableDiffusionPipeline, "sdxl": StableDiffusionXLPipeline}


def by_diffusers(folder, family, asked, files, tmp_path):
    """Return the picture that plain diffusers makes with these (file, strength)."""
    options = {"add_watermarker": False} if family == "sdxl" else {"safety_checker": None, "requires_safety_checker": False}
    peer = PEERS[family].from_pretrained(str(folder), **options)
    peer.set_progress_bar_config(disable=True)
    for number, (content, _) in enumerate(files):
        (tmp_path / f"{number}.safetensors").write_bytes(content)
        peer.load_lora_weights(str(tmp_path), weight_name=f"{number}.safetensors", adapter_name=f"a{number}")
    if files:
        peer.set_adapters([f"a{number}" for number in range(len(files))], [strength for _, strength in files])
    made = peer(
        prompt=asked.prompt, negative_prompt=asked.negative or None, num_inference_steps=asked.steps, guidance_scale=asked.guidance,
        width=asked.width, height=asked.height, generator=torch.Generator().manual_seed(asked.seed),
    )  # fmt: skip
    return np.asarray(made.images[0], dtype=int)


def by_slots(stage, asked, files):
    adapters = [(stage.reader.read(content), strength) for content, strength in files]
    return np.asarray(picture_of(stage.base, stage.made(asked, adapters).latents), dtype=int)


def differ(one, other):
    return int(np.abs(one - other).max())


CASES = [
    ("sd1", "diffusers", ATTENTION, ("unet",), None), ("sd1", "diffusers", TRANSFORMER, ("unet",), 8),
    ("sd1", "old diffusers", TRANSFORMER, ("unet", "text_encoder"), None),
    ("sd1", "kohya", TRANSFORMER, ("unet", "text_encoder"), 2),
    ("sd1", "kohya", LOCON, ("unet",), 3), ("sdxl", "diffusers", TRANSFORMER, ("unet", "text_encoder", "text_encoder_2"), 2),
    ("sdxl", "kohya xl", TRANSFORMER, ("unet", "text_encoder", "text_encoder_2"), 2),
]  # fmt: skip


@pytest.mark.parametrize(("family", "layout", "targets", "parts", "alpha"), CASES)
def test_a_file_does_what_diffusers_makes_of_it(stages, toys, tmp_path, family, layout, targets, parts, alpha):
    stage = stages[family]
    numbers = stage.numbers(1, targets=(*targets, *TEXT) if len(parts) > 1 else targets, parts=parts)
    files = [(stage.written(numbers, layout, alpha=alpha), 0.8)]
    ours, theirs = by_slots(stage, spec(3), files), by_diffusers(toys[family], family, spec(3), files, tmp_path)
    assert differ(ours, theirs) <= 1
    assert differ(ours, by_slots(stage, spec(3), [])) > 8  # or the adapter did nothing


def test_several_lie_beside_one_another_each_with_its_own_rank_and_strength(stages, toys, tmp_path):
    stage = stages["sd1"]
    files = [
        (stage.written(stage.numbers(1, rank=4), "diffusers"), 0.7),
        (stage.written(stage.numbers(2, rank=6, targets=ATTENTION), "kohya", alpha=3), -0.5),
    ]
    ours = by_slots(stage, spec(4), files)
    assert differ(ours, by_diffusers(toys["sd1"], "sd1", spec(4), files, tmp_path)) <= 1
    assert differ(ours, by_slots(stage, spec(4), files[:1])) > 8


@pytest.mark.parametrize("family", ["sd1", "sd2", "sdxl"])
def test_without_adapters_it_is_the_model_itself_bit_for_bit(stages, toys, tmp_path, family):
    peer = "sd1" if family == "sd2" else family
    asked = spec(5, negative="blurry")
    assert differ(by_slots(stages[family], asked, []), by_diffusers(toys[family], peer, asked, [], tmp_path)) == 0


def test_one_for_another_family_is_refused_with_both_named(stages):
    of_xl = stages["sdxl"].written(stages["sdxl"].numbers(1), "diffusers")
    with pytest.raises(EngineError) as refused:
        stages["sd1"].reader.read(of_xl)
    assert refused.value.code in {"adapter.of_another_family", "adapter.does_not_fit"}
    assert refused.value.facts["family"] == "sd1"


def changed(content, **changes):
    tensors = safetensors.torch.load(content)
    first = next(name for name in tensors if name.endswith("lora_A.weight"))
    return safetensors.torch.save(tensors | {first.replace("lora_A.weight", end): one for end, one in changes.items()})


@pytest.mark.parametrize(("end", "code"), [
    ("lora_magnitude_vector", "adapter.other_kind"), ("dora_scale", "adapter.other_kind"), ("hada_w1_a", "adapter.other_kind"),
    ("lokr_w1", "adapter.other_kind"), ("lora_mid.weight", "adapter.other_kind"), ("lora_B.bias", "adapter.other_kind"),
    ("something", "adapter.unknown_layout"), ("lora_A.weight", "adapter.does_not_fit"),
])  # fmt: skip
def test_what_it_does_not_know_is_refused_and_never_left_out(stage, end, code):
    content = stage.written(stage.numbers(1), "diffusers")
    assert stage.reader.read(content)
    with pytest.raises(EngineError) as refused:
        stage.reader.read(changed(content, **{end: torch.zeros(3, 5)}))
    assert refused.value.code == code


def test_no_file_at_all_is_refused(stage):
    for content in (b"", b"PK\x03\x04", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "):
        with pytest.raises(EngineError):
            stage.reader.read(content)
