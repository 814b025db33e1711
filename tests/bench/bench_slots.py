"""Many adapters in one batch against the ways in which others serve them, on the starter model, at the engine.

Eight people, each with an adapter of her own, rank 8 on attention and feed-forward. Peers, each at its own best number of
threads: diffusers that loads and unloads each adapter, diffusers alone, and PEFT's mixed batch (`adapter_names`). Everything
runs in one process in turns, and each ratio is the median over the rounds. `judging` stands apart: no peer judges.
"""

import hashlib
import io
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parents[2] / "workers" / "starter" / "weights"
PEOPLE, STEPS, ROUNDS, SIDE, RANK = 8, 20, 5, 96, 8
TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2")


def main() -> None:
    """Measure everything at one and at all threads, and print each side's best and the ratios of the bests."""
    found = {threads: _measured(threads) for threads in (1, os.cpu_count() or 1)}
    best = {name: min((one[name], threads) for threads, one in found.items()) for name in found[1]}
    for name, (seconds, threads) in best.items():
        print(f"slots.seconds.{name}: {seconds:.4f}")
        print(f"slots.threads.{name}: {threads}")
    ours = best["slots_hetero"][0]
    print(f"slots.images_per_s: {PEOPLE / ours:.3f}")
    print(f"slots.images_per_s_vs_serial: {best['serial'][0] / ours:.3f}")
    print(f"slots.hetero_cost: {ours / best['slots_same'][0]:.3f}")
    print(f"slots.single_vs_diffusers: {best['diffusers_alone'][0] / best['slots_alone'][0]:.3f}")
    print(f"slots.vs_peft_mixed_batch: {best['peft_mixed'][0] / ours:.3f}")
    print(f"adapter.warm_swap_ms: {best['warm_swap'][0] * 1000:.2f}")
    print(f"adapter.cold_sealed_ms: {best['cold_sealed'][0] * 1000:.2f}")


def _measured(threads: int) -> dict[str, float]:
    """Return the medians of one process with so many threads."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "tests.bench.bench_slots", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=BASE.parents[2])
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(threads: int) -> dict[str, float]:
    """Return the median seconds of each way, round by round in turns."""
    import torch

    torch.set_num_threads(threads)
    ours, theirs = _Ours(), _Theirs()
    ways = {
        "slots_hetero": ours.hetero, "slots_same": ours.same, "slots_alone": ours.alone, "serial": theirs.serial,
        "diffusers_alone": theirs.alone, "peft_mixed": theirs.mixed, "warm_swap": ours.warm_swap, "cold_sealed": ours.cold_sealed,
    }  # fmt: skip
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            told = way()
            taken[name].append(time.perf_counter() - began if told is None else told)
    return {name: statistics.median(times) for name, times in taken.items()}


def _adapters() -> list[bytes]:
    import safetensors.torch
    import torch
    from diffusers import UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(str(BASE / "unet"))
    layers = {path: one for path, one in unet.named_modules() if path.endswith(tuple(f".{end}" for end in TARGETS))}
    found = []
    for person in range(PEOPLE):
        draw, tensors = torch.Generator().manual_seed(person), {}
        for path, layer in layers.items():
            tensors[f"unet.{path}.lora_A.weight"] = torch.randn((RANK, layer.in_features), generator=draw) * layer.in_features**-0.5
            tensors[f"unet.{path}.lora_B.weight"] = torch.randn((layer.out_features, RANK), generator=draw) * 0.02
        found.append(safetensors.torch.save(tensors))
    return found


class _Ours:
    """The engine's own model, without the process around it."""

    def __init__(self) -> None:
        from workers.engine.families import FAMILIES, load
        from workers.engine.slots.model import Model
        from workers.engine.specs import BaseSpec

        self.model = Model(load(FAMILIES["sd1"], BaseSpec(str(BASE), "sd1")))
        self.contents = _adapters()

    def hetero(self) -> None:
        """Eight people, eight adapters."""
        self._make([self._asked(person, adapter=person) for person in range(PEOPLE)])

    def same(self) -> None:
        """Eight people, one adapter."""
        self._make([self._asked(person, adapter=0) for person in range(PEOPLE)])

    def alone(self) -> None:
        """One person, no adapter."""
        self._make([self._asked(0)])

    def warm_swap(self) -> float:
        """Return what it takes to put an adapter that was read before into a slot."""
        self._make([self._asked(0, adapter=0, steps=1)])
        requests = [self._request(self._asked(person, adapter=person)) for person in range(PEOPLE)]
        for one in requests:
            self.model.slots.join(one)
        batch, taken = self.model.slots.batches[0], []
        for slot, one in enumerate(reversed(requests)):
            began = time.perf_counter()
            batch.seat(one, slot)
            taken.append(time.perf_counter() - began)
        self.model.slots.close()
        return statistics.median(taken)

    def cold_sealed(self) -> float:
        """Return what it takes from a sealed file to its numbers in a slot."""
        from workers.engine.slots.batch import Batch

        self.model.shelf._read.clear()  # as if it were never read
        request = self._request(self._asked(1, adapter=1))
        batch = Batch(self.model.slots.layers, kin=request.kin, slots=PEOPLE, load=request.load)
        self.model.shelf._read.clear()
        spec, files = self._asked(1, adapter=1), self._sealed(1)
        began = time.perf_counter()
        self.model.shelf.take(spec.adapters, files)
        batch.seat(request, 0)
        return time.perf_counter() - began

    def _make(self, specs: list[Any]) -> None:
        from workers.engine.slots.prepare import picture_of

        for one in [self._request(spec) for spec in specs]:
            self.model.slots.join(one)
        while self.model.slots.requests:
            for done in self.model.slots.step():
                picture_of(self.model.base, done.latents)

    def _request(self, spec: Any) -> Any:
        return self.model.request(spec, self._sealed(spec.seed if spec.adapters else 0))

    def _asked(self, seed: int, *, adapter: int | None = None, steps: int = STEPS) -> Any:
        from workers.engine.specs import AdapterSpec, GenerateSpec, SealedInput

        wanted = ()
        if adapter is not None:
            digest = hashlib.sha256(self.contents[adapter]).hexdigest()
            wanted = (AdapterSpec(SealedInput(0, _KEY.hex(), "bench"), 1.0, digest),)
        return GenerateSpec(request=f"r{seed}", prompt="a red apple", negative="", seed=seed, steps=steps, guidance=5.0, width=SIDE,
                            height=SIDE, adapters=wanted)  # fmt: skip

    def _sealed(self, adapter: int) -> Any:
        from kernel import sealing
        from workers.engine.files import Files

        fd, files = os.memfd_create("bench"), Files()
        os.write(fd, sealing.seal_bytes(self.contents[adapter], key=_KEY, aad=b"bench"))
        files.add((fd,))
        return files


class _Theirs:
    """Plain diffusers on the same weights."""

    def __init__(self) -> None:
        import safetensors.torch
        import torch
        from diffusers import StableDiffusionPipeline

        def pipeline() -> Any:
            options = {"safety_checker": None, "requires_safety_checker": False, "torch_dtype": torch.float32}
            made = StableDiffusionPipeline.from_pretrained(str(BASE), **options)
            made.set_progress_bar_config(disable=True)
            return made

        self.one, self.many = pipeline(), pipeline()
        self.states = [safetensors.torch.load(content) for content in _adapters()]
        for number, state in enumerate(self.states):
            self.many.load_lora_weights(dict(state), adapter_name=f"a{number}")

    def serial(self) -> None:
        """One after the other, each adapter loaded and unloaded."""
        for person, state in enumerate(self.states):
            self.one.load_lora_weights(dict(state), adapter_name="a")
            self._picture(self.one, [person])
            self.one.unload_lora_weights()

    def alone(self) -> None:
        """One person, no adapter."""
        self._picture(self.one, [0])

    def mixed(self) -> None:
        """One batch of eight in which PEFT takes each row's own adapter."""
        from peft.tuners.tuners_utils import BaseTunerLayer

        names = [f"a{number}" for number in range(PEOPLE)] * 2  # with guidance the batch is doubled

        def each_its_own(_module: Any, given: Any, named: Any) -> Any:
            return given, {**named, "adapter_names": names}

        layers = [module for module in self.many.unet.modules() if isinstance(module, BaseTunerLayer)]
        hooks = [one.register_forward_pre_hook(each_its_own, with_kwargs=True) for one in layers]
        try:
            self._picture(self.many, list(range(PEOPLE)))
        finally:
            for hook in hooks:
                hook.remove()

    def _picture(self, pipeline: Any, seeds: list[int]) -> None:
        import torch

        pipeline(
            ["a red apple"] * len(seeds), num_inference_steps=STEPS, guidance_scale=5.0, width=SIDE, height=SIDE,
            generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        )  # fmt: skip


_KEY = secrets.token_bytes(32)

if __name__ == "__main__":
    _OUT, sys.stdout = sys.stdout, io.StringIO()
    _FOUND = measure(int(sys.argv[1]))
    sys.stdout = _OUT
    print(json.dumps(_FOUND))
