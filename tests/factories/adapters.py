"""An adapter that no training made, and what an evaluation could have measured of it."""

import json

import numpy as np
import safetensors.numpy

MODULE = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
NUMBERS = {"loss_before": 0.2, "loss_after": 0.1, "style_before": 3.0, "style_after": 1.0, "style_floor": 0.5}


def adapter():
    draw = np.random.default_rng(0)
    tensors = {
        f"{MODULE}.lora_A.weight": draw.normal(size=(4, 8)).astype(np.float32),
        f"{MODULE}.lora_B.weight": draw.normal(size=(8, 4)).astype(np.float32),
    }
    return safetensors.numpy.save(tensors, metadata={"lora_adapter_metadata": json.dumps({"unet.lora_alpha": 2.0, "unet.r": 4})})
