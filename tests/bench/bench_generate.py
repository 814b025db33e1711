"""A 20-step picture end to end (API, queue, worker, moderation, signing, vault) against the same pipeline called bare.

Both run the shipped starter model on this machine, one after the other, so the ratio means something; the bare pipeline
runs at its own best thread setting. Prints `generate.*` and `replay.bit_equal`.
"""

import json
import os
import statistics
import sys
import time
import uuid
from typing import Any

import httpx

from tests.bench.stage import ROOT, installation, run

STARTER = ROOT / "workers" / "starter" / "weights"
STEPS, QUEUED, LONE, BARE = 20, 20, 9, 9
SIDE = 96  # the size that the starter model is made for
ORDER: dict[str, Any] = {"prompt": "a red apple", "steps": STEPS, "guidance": 5.0, "width": SIDE, "height": SIDE}

_BARE = """
import json, statistics, sys, time, torch
from diffusers import StableDiffusionPipeline
torch.set_num_threads(int(sys.argv[2]))
options = {"safety_checker": None, "local_files_only": True, "torch_dtype": torch.float32}
pipeline = StableDiffusionPipeline.from_pretrained(sys.argv[1], **options)
pipeline.set_progress_bar_config(disable=True)
def one(seed):
    began = time.perf_counter()
    pipeline(sys.argv[3], num_inference_steps=int(sys.argv[4]), guidance_scale=5.0, width=int(sys.argv[6]), height=int(sys.argv[6]),
             generator=torch.Generator().manual_seed(seed))
    return time.perf_counter() - began
one(0); one(1)
print(statistics.median(one(seed) for seed in range(int(sys.argv[5]))))
"""

_FOUND = """
import json, sys, uuid
import django; django.setup()
from pathlib import Path
from django.conf import settings
from access import services as access
from tenants.registry import services as registry
word = uuid.uuid4().hex[:8]
made = access.found_studio(name="Bench", slug=f"bench-{word}", owner_email=f"{word}@example.com", owner_name="Tom",
                           password="correct horse battery")
project = access.create_project(made.owner, name="Bench").pk
person = access.add_person(made.owner, email=f"a{word}@example.com", name="Alice", password="correct horse battery").pk
access.grant(made.owner, person=person, role=access.Role.LEAD, project=project)
alice = access.actor_for(person, tenant=made.tenant, project=project, is_stepped_up=True)
base = registry.register_base(made.owner, folder=Path(settings.STARTER_MODEL), name="Guildhall starter", licence="Apache-2.0")
print(json.dumps({"token": access.issue_token(alice, name="bench"), "project": str(project), "base": str(base.pk)}))
"""


def main() -> None:
    """Measure and print."""
    settings = (1, os.cpu_count() or 1)
    before = {threads: _bare(threads) for threads in settings}
    with installation() as (url, environment):
        cast = json.loads(run([sys.executable, "-c", _FOUND], environment))
        with httpx.Client(
            base_url=f"{url}/api/v1/projects/{cast['project']}/", timeout=120, headers={"Authorization": f"Bearer {cast['token']}"}
        ) as client:
            order = ORDER | {"base": cast["base"]}
            _made(client, _submit(client, order, seed=1, count=1))
            lone = statistics.median(_lone(client, order, seed=seed) for seed in range(LONE))
            began = time.perf_counter()
            rows = _submit(client, order, seed=100, count=16) + _submit(client, order, seed=200, count=QUEUED - 16)
            assets = _made(client, rows)
            queued = (time.perf_counter() - began) / QUEUED
            equal = sum(_is_equal(client, asset) for asset in assets)
    # Once before and once after, so that a machine that changes its pace favours neither.
    bare = min((before[threads] + _bare(threads)) / 2 for threads in settings)
    print(f"generate.bare_seconds_per_image: {bare:.3f}")
    print(f"generate.seconds_per_image: {lone:.3f}")
    print(f"generate.overhead_lone: {lone / bare:.2f}")
    print(f"generate.overhead_queued: {queued / bare:.2f}")
    print(f"replay.bit_equal: {equal}")


def _bare(threads: int) -> float:
    command = [sys.executable, "-c", _BARE, str(STARTER), str(threads), ORDER["prompt"], str(STEPS), str(BARE), str(SIDE)]
    return float(run(command, {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}).split()[-1])


def _submit(client: httpx.Client, order: dict[str, Any], *, seed: int, count: int) -> list[str]:
    answer = client.post("generations", json=order | {"seed": seed, "count": count}, headers={"Idempotency-Key": uuid.uuid4().hex})
    answer.raise_for_status()
    return [row["id"] for row in answer.json()["results"]]


def _lone(client: httpx.Client, order: dict[str, Any], *, seed: int) -> float:
    """Return the seconds from the request to the word that the asset is there, as the portal hears it."""
    began = time.perf_counter()
    (row,) = _submit(client, order, seed=seed, count=1)
    _awaited(client, row)
    return time.perf_counter() - began


def _made(client: httpx.Client, rows: list[str]) -> list[str]:
    """Return the assets in order, waiting for each as the portal does."""
    return [_awaited(client, row) for row in reversed(rows)][::-1]


def _awaited(client: httpx.Client, row: str) -> str:
    with client.stream("GET", f"generations/{row}/events") as stream:
        for line in stream.iter_lines():
            told = json.loads(line[5:]) if line.startswith("data:") else {}
            if told.get("state") == "completed":
                return str(told["asset"])
            if told.get("state") in {"failed", "withheld", "refused", "cancelled"}:
                raise SystemExit(f"a picture ended as {told['state']}")
    raise SystemExit("the stream ended before its picture")


def _is_equal(client: httpx.Client, asset: str) -> bool:
    run = client.post(f"assets/{asset}/replay").json()["id"]
    while (found := client.get(f"replays/{run}").json())["state"] == "queued":
        time.sleep(0.1)
    return bool(found["equal"])


if __name__ == "__main__":
    main()
