"""The steps of the main job, each through the API with the token of the person whose step it is."""

import io
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from governance.licensing.rules import RightsBasis
from workers.journey.api import JobFailed, Refused
from workers.journey.cast import Cast

PICTURES: Final = {".png", ".jpg", ".jpeg", ".webp"}
MEDIA: Final = {".png": "image/png", ".webp": "image/webp"}
UNFIT: Final = {
    HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.UNPROCESSABLE_ENTITY,
}  # fmt: skip
"""What the API answers of a file that it cannot use; any other answer is no word on the file."""
OVER: Final = {"completed", "refused", "withheld", "failed", "cancelled", "finished"}
PUBLISHED_SECONDS: Final = 60.0
Say = Callable[[str], None]
Made = tuple[str, int, str]  # prompt, seed, asset


@dataclass(frozen=True)
class Plan:
    """What the job is asked to do. `pictures` is any folder of a person's own; `rights` the ground they are held on.

    `name` is what dataset and model are called; names are not sealed, and what a folder is called may be a secret.
    """

    pictures: Path
    base: Path
    licence: str
    training: dict[str, Any]
    prompts: tuple[str, ...]
    rights: RightsBasis = RightsBasis.OWN_WORK
    name: str = "Main job"
    steps: int = 20
    guidance: float = 4.0
    side: int = 96


@dataclass
class Told:
    """What the job found out, for the report; answers of the API stand as they came."""

    refused: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    similar: list[str] = field(default_factory=list)
    added: int = 0
    run: dict[str, Any] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    before: list[Made] = field(default_factory=list)
    after: list[Made] = field(default_factory=list)
    refused_prompt: str = ""
    replayed: dict[str, Any] = field(default_factory=dict)
    bundle: bytes = b""
    exit: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def bring(cast: Cast, plan: Plan, told: Told, say: Say) -> str:
    """Upload the folder, each picture by itself, and freeze what was accepted; return the dataset.

    A file that the API cannot use is named and the rest goes on. Raises JobFailed for any other refusal.
    """
    tina, files = cast.person("tina"), _pictures_in(plan.pictures)
    told.skipped = _skipped(plan.pictures, files)
    name = f"{plan.name} {time.strftime('%Y-%m-%d %H:%M:%S')}"
    dataset = str(tina.post(f"{tina.project}/datasets", {"name": name})["id"])
    for number, path in enumerate(files, start=1):
        words = _words_beside(path, told)
        file = (path.name, path.read_bytes(), MEDIA.get(path.suffix.lower(), "image/jpeg"))
        try:
            added = tina.post(
                f"{tina.project}/datasets/{dataset}/items", files={"file": file}, data={"rights": plan.rights.value} | words
            )
        except Refused as refusal:
            if refusal.status not in UNFIT:
                raise JobFailed("upload.stopped", picture=number, status=refusal.status, why=refusal.code) from refusal
            told.refused.append((path.name, refusal.code))
        else:
            told.added += 1
            told.similar += [path.name] if added.get("similar_to") else []
        say(f"{number} of {len(files)} pictures, {len(told.refused)} refused")
    tina.post(f"{tina.project}/datasets/{dataset}/freeze")
    return dataset


def train(cast: Cast, plan: Plan, told: Told, say: Say, *, dataset: str, base: str) -> str:
    """Train, watch, wait until the candidate is measured; return the model."""
    tina, lena = cast.person("tina"), cast.person("lena")
    ask = {"dataset": dataset, "base": base, "name": f"{plan.name} style", "config": plan.training}
    where = f"{tina.project}/training-runs"
    run = tina.post(where, ask)["id"]
    for seen in tina.watch(f"{where}/{run}", is_over=lambda seen: seen["state"] in OVER):
        told.run = seen
        say(f"step {seen['step']} of {seen['steps']}, loss {seen['loss'] or 0:.3f}, {seen['seconds_left'] or 0:.0f} s left")
    if told.run["state"] != "finished":
        raise JobFailed("training.not_finished", state=told.run["state"], why=told.run["code"])
    model = str(told.run["model"])
    for seen in lena.watch(f"{lena.project}/models/{model}", is_over=lambda seen: seen["evaluation"] is not None):
        told.model = seen
        say("measuring what it learnt")
    why = not_measured(told)
    if why:
        say(f"what it learnt could not be measured: {why}")
    return model


def not_measured(told: Told) -> str | None:
    """Return why the model could not be measured, or nothing where it was."""
    measured = told.model.get("evaluation") or {"failed": "no evaluation"}
    return str(measured["failed"]) if "failed" in measured else None


def approve(cast: Cast, *, model: str) -> None:
    """A second person approves."""
    lena = cast.person("lena")
    lena.post(f"{lena.project}/models/{model}/decision", {"approve": True, "reason": "seen in trials and measured"})


def generate(cast: Cast, plan: Plan, say: Say, *, who: str, base: str, adapter: str | None) -> list[Made]:
    """Ask for one picture per prompt and wait for all. A candidate's pictures are trials, known to those who train."""
    person = cast.person(who)
    where, made = f"{person.project}/generations", []
    asked = [
        (prompt, person.post(where, _order(plan, prompt, base=base, adapter=adapter, seed=seed))["results"][0])
        for seed, prompt in enumerate(plan.prompts, start=1)
    ]
    for number, (prompt, row) in enumerate(asked, start=1):
        seen = row
        for seen in person.watch(f"{where}/{row['id']}", is_over=lambda seen: seen["state"] in OVER):
            say(f"picture {number} of {len(asked)}: {seen['state']}")
        if seen["state"] != "completed":
            raise JobFailed("generation.not_completed", state=seen["state"])
        made.append((prompt, int(seen["seed"]), str(seen["asset"])))
    return made


def refuse(cast: Cast, plan: Plan, *, base: str) -> str:
    """Ask for something that policy forbids; return the state that it is recorded with."""
    alice = cast.person("alice")
    asked = alice.post(f"{alice.project}/generations", _order(plan, "a b3headïng", base=base, adapter=None, seed=1))
    return str(asked["results"][0]["state"])


def make_again(cast: Cast, say: Say, *, asset: str) -> dict[str, Any]:
    """Make a picture again from its record."""
    alice, seen = cast.person("alice"), {}
    replay = alice.post(f"{alice.project}/assets/{asset}/replay")["id"]
    for seen in alice.watch(f"{alice.project}/replays/{replay}", is_over=lambda seen: seen["state"] in OVER):
        say(f"replay {seen['state']}")
    return seen


def take_away(cast: Cast, told: Told, say: Say, *, model: str) -> None:
    """Ask for the bundle of a model, and take it."""
    lena = cast.person("lena")
    where = f"{lena.project}/exits"
    asked = lena.post(where, {"model": model})["id"]
    for seen in lena.watch(f"{where}/{asked}", is_over=lambda seen: seen["state"] != "queued"):
        told.exit = seen
        say(f"bundle {seen['state']}")
    if told.exit["state"] != "ready":
        raise JobFailed("exit.not_ready", state=told.exit["state"], why=told.exit["code"])
    told.bundle = lena.content(f"{where}/{asked}/bundle")


def export_ledger(cast: Cast, folder: Path) -> int:
    """Take the studio's whole log once a checkpoint covers everything recorded so far; return its size."""
    olive, until = cast.person("olive"), time.monotonic() + PUBLISHED_SECONDS
    while time.monotonic() < until:
        if olive.get("ledger/entries", limit=1)["results"][0]["state"] == "published":
            with zipfile.ZipFile(io.BytesIO(olive.content("ledger/export"))) as packed:
                packed.extractall(folder)
            return int(olive.get("ledger/checkpoint")["size"])
        time.sleep(1)
    raise JobFailed("ledger.not_published")


def picture(cast: Cast, asset: str) -> bytes:
    """Download a picture; each download is recorded."""
    alice = cast.person("alice")
    found: bytes = alice.post(f"{alice.project}/assets/{asset}/download")
    return found


def _order(plan: Plan, prompt: str, *, base: str, adapter: str | None, seed: int) -> dict[str, Any]:
    return {
        "prompt": prompt, "base": base, "adapters": [{"model": adapter, "weight": 1.0}] if adapter else [], "seed": seed,
        "steps": plan.steps, "guidance": plan.guidance, "width": plan.side, "height": plan.side,
    }  # fmt: skip


def _words_beside(path: Path, told: Told) -> dict[str, str]:
    """Return the caption from the text file beside a picture; one that is no text is named, and the file name serves."""
    beside = path.with_suffix(".txt")
    try:
        return {"caption": beside.read_text(encoding="utf-8-sig").strip()} if beside.exists() else {}
    except UnicodeDecodeError:
        told.refused.append((beside.name, "caption.not_utf8"))
        return {}


def _pictures_in(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in PICTURES)
    if not found:
        raise JobFailed("pictures.none")
    return found


def _skipped(folder: Path, files: Sequence[Path]) -> list[str]:
    """Return what is neither a picture nor the caption of one: other types, and folders with what lies in them."""
    taken = {path.name for path in files} | {path.with_suffix(".txt").name for path in files}
    return sorted(f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir() if path.name not in taken)
