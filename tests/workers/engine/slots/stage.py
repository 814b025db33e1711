"""A model in this process with its slots, adapters of random numbers for it, and the same model under plain diffusers."""

import json
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch

from workers.engine.families import FAMILIES, Loaded, load
from workers.engine.slots.adapters import Reader
from workers.engine.slots.engine import Slots
from workers.engine.slots.lowrank import Layers
from workers.engine.slots.names import _first_release
from workers.engine.slots.prepare import prepared
from workers.engine.specs import BaseSpec, GenerateSpec

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
TRANSFORMER = (*ATTENTION, "ff.net.0.proj", "ff.net.2")
LOCON = (*TRANSFORMER, "conv1", "conv2", "proj_in", "proj_out")


@dataclass
class Stage:
    base: Loaded
    slots: Slots
    encoders: dict[str, Layers]
    reader: Reader

    @classmethod
    def of(cls, folder: Path, family: str) -> "Stage":
        torch.set_num_threads(1)
        base = load(FAMILIES[family], BaseSpec(str(folder), family))
        slots = Slots(base)
        encoders = {name: Layers(getattr(base.pipeline, name)) for name in base.family.text_encoders}
        reader = Reader({"unet": slots.layers, **encoders}, config=base.pipeline.unet.config, family=family)
        return cls(base, slots, encoders, reader)

    def request(self, spec, adapters=(), replays=()):
        return prepared(self.base, spec, adapters, encoders=self.encoders, replays=replays)

    def made(self, spec, adapters=(), replays=()):
        """Return a request after its last step, alone."""
        request = self.request(spec, adapters, replays)
        self.slots.join(request)
        while not request.is_done:
            self.slots.step()
        return request

    def numbers(self, seed, *, rank=4, targets=TRANSFORMER, parts=("unet",), size=0.2):
        """Return random weights: (part, path) → (down, up)."""
        draw = torch.Generator().manual_seed(seed)
        found = {}
        for part in parts:
            layers = self.slots.layers if part == "unet" else self.encoders[part]
            for path in layers.own:
                if path.endswith(tuple(f".{one}" for one in targets)):
                    out, into = layers.shape_of(path)
                    down = torch.randn((rank, into), generator=draw) * into**-0.5
                    found[part, path] = down, torch.randn((out, rank), generator=draw) * size
        return found

    def kernel_of(self, part, path):
        layer = dict((self.base.pipeline.unet if part == "unet" else getattr(self.base.pipeline, part)).named_modules())[path]
        return layer.weight.shape[2:]

    def written(self, numbers, layout, *, alpha=None):
        """Return a file of these weights as the named program writes it."""
        tensors, metadata = {}, {}
        for (part, path), (down, up) in numbers.items():
            kernel = self.kernel_of(part, path)
            shaped = (down.view(down.shape[0], -1, *kernel), up[:, :, None, None]) if kernel else (down, up)
            name, ends = NAMES[layout](part, path, self.base.pipeline.unet.config)
            tensors |= {f"{name}.{end}": one.contiguous() for end, one in zip(ends, shaped, strict=True)}
            if alpha is not None and layout.startswith("kohya"):
                tensors[f"{name}.alpha"] = torch.tensor(float(alpha))
            elif alpha is not None:
                metadata[f"{part}.lora_alpha"], metadata[f"{part}.r"] = alpha, down.shape[0]
                metadata.setdefault(f"{part}.target_modules", []).append(path)
        return safetensors.torch.save(tensors, metadata={"lora_adapter_metadata": json.dumps(metadata)} if metadata else None)


def spec(number=0, **changes):
    asked = {"request": f"r{number}", "prompt": "a red fox", "negative": "", "seed": number, "steps": 4, "guidance": 4.0,
             "width": 32, "height": 32}  # fmt: skip
    return GenerateSpec(**asked | changes)


def _diffusers(part, path, _config):
    return f"{part}.{path}", ("lora_A.weight", "lora_B.weight")


def _old_diffusers(part, path, _config):
    word = "lora" if part == "unet" else "lora_linear_layer"
    return f"{part}.{path}", (f"{word}.down.weight", f"{word}.up.weight")


def _kohya(part, path, _config):
    prefix = {"unet": "lora_unet_", "text_encoder": "lora_te_text_model_"}[part]
    return prefix + path.removeprefix("text_model.").replace(".", "_"), ("lora_down.weight", "lora_up.weight")


def _kohya_xl(part, path, config):
    if part == "unet":
        return "lora_unet_" + _first_release(path, config).replace(".", "_"), ("lora_down.weight", "lora_up.weight")
    number = "2" if part == "text_encoder_2" else "1"
    return f"lora_te{number}_text_model_" + path.removeprefix("text_model.").replace(".", "_"), (
        "lora_down.weight",
        "lora_up.weight",
    )


NAMES = {"diffusers": _diffusers, "old diffusers": _old_diffusers, "kohya": _kohya, "kohya xl": _kohya_xl}
