"""What other programs call the layers of a model: their names for ours, in the layouts in which adapters are written.

`diffusers` and PEFT write paths with dots; kohya's trainer and LyCORIS write them with underscores, behind a prefix for each
part; for XL kohya keeps the block numbers of the first release (https://github.com/Stability-AI/generative-models), which
are rebuilt here from the UNet's own shape.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_DOTTED: Final = {
    "unet": ("unet.", "base_model.model.", "unet.base_model.model.", "diffusion_model."),
    "text_encoder": ("text_encoder.", "text_encoder.text_model."),
    "text_encoder_2": ("text_encoder_2.", "text_encoder_2.text_model."),
}
_UNDERSCORED: Final = {
    "unet": ("lora_unet_", "lycoris_"),
    "text_encoder": ("lora_te_", "lora_te1_", "lora_te_text_model_", "lora_te1_text_model_"),
    "text_encoder_2": ("lora_te2_", "lora_te2_text_model_"),
}
_OLD_PROCESSOR: Final = re.compile(r"\.processor\.(to_(?:q|k|v|out))_lora$")
_RESNET: Final = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0",
    "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A layer of a part of the model."""

    part: str
    path: str


def table(layers: Mapping[str, Iterable[str]], config: Any) -> dict[str, Place]:
    """Return who is meant by each known name, given the paths of each part's layers and the UNet's configuration."""
    found: dict[str, Place] = {}
    for part, paths in layers.items():
        for path in paths:
            place = Place(part, path)
            # Releases of the text encoder's code have, or have not, a level named `text_model`; the prefixes have both.
            known = [path, _first_release(path, config)] if part == "unet" else [path.removeprefix("text_model.")]
            for name in known:
                found |= {f"{prefix}{name}": place for prefix in _DOTTED[part]}
                found |= {f"{prefix}{name.replace('.', '_')}": place for prefix in _UNDERSCORED[part]}
    return found


def settled(name: str) -> str:
    """Return a layer's name as the table has it: old attention processors named their own weights."""
    found = _OLD_PROCESSOR.search(name)
    if found is None:
        return name
    layer = found[1] if found[1] != "to_out" else "to_out.0"
    return f"{name[: found.start()]}.{layer}"


def _first_release(path: str, config: Any) -> str:
    """Return the path that a UNet's layer had in the first release, or the same where it had no other."""
    each = int(config.layers_per_block) if isinstance(config.layers_per_block, int) else int(config.layers_per_block[0])
    words = path.split(".")
    if words[0] == "mid_block":
        number = 1 if words[1] == "attentions" else int(words[2]) * 2
        return f"middle_block.{number}.{_inner(words[1], words[3:])}"
    if words[0] not in {"down_blocks", "up_blocks"}:
        return _OUTER.get(path, path)
    block, kind, index = int(words[1]), words[2], int(words[3])
    if words[0] == "down_blocks":
        if kind == "downsamplers":
            return f"input_blocks.{(block + 1) * (each + 1)}.0.op"
        return f"input_blocks.{block * (each + 1) + index + 1}.{int(kind == 'attentions')}.{_inner(kind, words[4:])}"
    if kind == "upsamplers":
        has_attention = "CrossAttn" in config.up_block_types[block]
        return f"output_blocks.{block * (each + 1) + each}.{2 if has_attention else 1}.conv"
    return f"output_blocks.{block * (each + 1) + index}.{int(kind == 'attentions')}.{_inner(kind, words[4:])}"


_OUTER: Final = {
    "conv_in": "input_blocks.0.0", "conv_out": "out.2", "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2", "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2",
}  # fmt: skip


def _inner(kind: str, rest: list[str]) -> str:
    if kind != "resnets":
        return ".".join(rest)
    return ".".join([_RESNET.get(rest[0], rest[0]), *rest[1:]])
