"""Kohya's layout against diffusers' own converter, and alpha against what it would lose."""

import json

import numpy as np
import pytest
import safetensors.numpy

from kernel.errors import InvalidInput
from tenants.exit.layouts import kohya

MODULES = [
    "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
    "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0",
    "unet.up_blocks.0.attentions.0.transformer_blocks.0.ff.net.0.proj",
]


def adapter(alpha=2.0):
    draw = np.random.default_rng(0)
    tensors = {}
    for module in MODULES:
        tensors[f"{module}.lora_A.weight"] = draw.normal(size=(4, 8)).astype(np.float32)
        tensors[f"{module}.lora_B.weight"] = draw.normal(size=(8, 4)).astype(np.float32)
    return tensors, safetensors.numpy.save(
        tensors, metadata={"lora_adapter_metadata": json.dumps({"unet.lora_alpha": alpha, "unet.r": 4})}
    )


def test_names_and_values_are_those_of_diffusers_converter():
    import torch
    from diffusers.utils import convert_state_dict_to_kohya

    tensors, file = adapter()
    theirs = convert_state_dict_to_kohya({name: torch.from_numpy(value) for name, value in tensors.items()})
    ours = safetensors.numpy.load(kohya(file))
    assert set(ours) == set(theirs)
    for name, value in ours.items():
        if name.endswith(".alpha"):
            assert float(value) == 2.0
        else:
            assert np.array_equal(value, theirs[name].numpy())


def test_a_strange_tensor_is_refused():
    with pytest.raises(InvalidInput):
        kohya(safetensors.numpy.save({"unet.x.hada_w1": np.zeros((2, 2), np.float32)}))
