"""The main job from end to end, and what it must not leave behind: no canary in clear anywhere."""

import base64
import json
import re
import shutil
import uuid
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.journeys.canaries import Canaries

CANARY = "zebrafinch quixotic"
FORMS = {"bytes", "pixels", "look"}
TAKE = """
from pathlib import Path
from workers.journey import cast, job
people = cast.demo("http://127.0.0.1:{port}")
alice = people.person("alice")
for row in alice.get(f"{{alice.project}}/assets", limit=200)["results"]:
    if row["purpose"] == "picture":
        Path("{folder}", f"made-{{row['id']}}.png").write_bytes(job.picture(people, row["id"]))
"""
PUT = """
from pathlib import Path
import redis
from django.conf import settings
assert redis.Redis.from_url(settings.CACHE_URL).set("{key}", Path("{path}").read_bytes())
"""
DROP = """
import redis
from django.conf import settings
assert redis.Redis.from_url(settings.CACHE_URL).delete("{key}") == 1
"""


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Twelve of the demo's pictures and three bad files."""
    source = Path(__file__).resolve().parents[2] / "workers" / "demo_pictures"
    folder = tmp_path_factory.mktemp("pictures")
    for path in sorted(source.glob("*.png"))[:12]:
        shutil.copy(path, folder)
        shutil.copy(path.with_suffix(".txt"), folder)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnope")
    shutil.copy(folder / "banana.png", folder / "banana-again.png")
    return folder


@pytest.fixture(scope="session")
def done(house, pictures, tmp_path_factory):
    """The job, walked once."""
    reports = tmp_path_factory.mktemp("reports")
    job = house.manage(
        "main_job", "--pictures", str(pictures), "--rights", "open_licence", "--steps", "30",
        "--prompt", f"a red apple {CANARY}", "--prompt", "house",
        "--reports", str(reports), "--port", str(house.port), timeout=1200,
    )  # fmt: skip
    assert job.returncode == 0, (
        job.stdout + job.stderr + "".join(f"\n== {name}\n{text[-2000:]}" for name, text in house.logs().items())
    )
    return job.stdout, reports / "latest"


def shell(house, code):
    """Let an operator's shell of the house do this."""
    said = house.manage("shell", "-c", code)
    assert said.returncode == 0, said.stdout + said.stderr


def in_clear(word, picture):
    """Return what a leak would hold: a word, a picture's file, its pixels."""
    with Image.open(picture) as drawn:
        return b" ".join((word.encode(), picture.read_bytes(), drawn.convert("RGB").tobytes()))


def places(house):
    """Data (Postgres with its write-ahead log, blobs, logs), keeper's store, run and temporary folders, shared memory."""
    run = house.environment["GUILDHALL_RUN"]
    return [house.home / "data", house.home / "state", house.home / "tmp", Path(run), Path("/dev/shm")]


def line(text, name):
    return re.search(rf"^\s*{name}  (.*)$", text, re.MULTILINE).group(1)


@pytest.mark.slow
def test_the_job_ends_well_and_says_so(done):
    text, folder = done
    assert "12 accepted, 2 refused" in line(text, "pictures")
    assert line(text, "verifier") == "verified"
    assert line(text, "replay") == "replayed: bit-equal"
    assert line(text, "plain diffusers with the bundle").endswith(": 0")
    assert line(text, "a forbidden prompt") == "refused"
    for name in ("report.html", "before.png", "after.png", "loss.png", "bundle.zip"):
        assert (folder / name).stat().st_size > 0


@pytest.mark.slow
def test_the_bundle_holds_standard_files(done):
    import zipfile

    names = set(zipfile.ZipFile(done[1] / "bundle.zip").namelist())
    assert {
        "diffusers/pytorch_lora_weights.safetensors",
        "model.sig",
        "MODEL_CARD.md",
        "LICENCES.md",
        "bom.cdx.json",
        "ledger/checkpoint",
    } <= names
    assert any(name.startswith("kohya/") for name in names)


@pytest.fixture(scope="session")
def made(house, done, tmp_path_factory):
    """The files of the pictures that were made, as alice takes them away."""
    folder = tmp_path_factory.mktemp("made")
    shell(house, TAKE.format(port=house.port, folder=folder))
    return sorted(folder.glob("*.png"))


@pytest.fixture(scope="session")
def canaries(pictures, made):
    """The words that people typed, the pictures that they brought, and those that they made."""
    known = Canaries((CANARY, "inkstyle", "banana"))
    for path in [*sorted(pictures.glob("*.png")), *made]:
        if path.name != "broken.png":
            known.add(path)
    assert len(made) >= 4  # two prompts, before and after the training
    assert len(known.looks) == 13 + len(made)
    assert min(map(len, known.needles.values())) >= len("banana")  # a shorter one lies in enough ciphertext by chance
    return known


@pytest.mark.slow
def test_the_search_finds_what_is_planted(canaries, pictures, made, tmp_path):
    """A search that finds nothing says something only if it would have found it."""
    banana = Image.open(pictures / "banana.png").convert("RGB")
    banana.resize((61, 61)).save(tmp_path / "small.webp", quality=70)
    (tmp_path / "blob").write_bytes(b"head" * 99 + (tmp_path / "small.webp").read_bytes() + b"tail" * 99)
    (tmp_path / "small.webp").unlink()
    (tmp_path / "raw").write_bytes(b"\x01" + banana.tobytes())
    (tmp_path / "log").write_text(f"a red apple {CANARY}", encoding="utf-16")
    for path in made:
        (tmp_path / path.stem).write_bytes(in_clear("", path))
    found = canaries.found_under(tmp_path)
    assert {(Path(path).name, how) for path, _, how in found} >= {("blob", "look"), ("raw", "pixels"), ("log", "utf-16")}
    for path in made:
        assert {how for place, name, how in found if (Path(place).name, name) == (path.stem, path.name)} == FORMS


@pytest.mark.parametrize("before", range(6))
def test_the_search_finds_a_word_in_base64_wherever_it_begins(before):
    known = Canaries(("banana",))
    text = base64.b64encode(b"x" * before + b"banana" + b"y" * 5)
    assert known.found_in(text) == [("banana", f"base64+{before % 3}")]


@pytest.mark.slow
def test_no_canary_lies_anywhere_in_clear(house, canaries, made):
    """One file in each place holds them all, and is found; nothing else is."""
    planted = [place / f"planted-{uuid.uuid4().hex}" for place in places(house)]
    try:
        for path in planted:
            path.write_bytes(in_clear(CANARY, made[0]))
        found = canaries.found_under(*places(house))
    finally:
        for path in planted:
            path.unlink(missing_ok=True)
    wanted = {(CANARY, "utf-8"), *((made[0].name, form) for form in FORMS)}
    for path in planted:
        assert {tuple(what) for place, *what in found if place == str(path)} >= wanted
    assert not [one for one in found if one[0] not in {str(path) for path in planted}]


@pytest.mark.slow
def test_no_canary_lies_in_the_broker(house, canaries, tmp_path):
    """What is planted there is found. It is a word and a picture of its own: what a broker drops stays in its free memory."""
    told = json.loads(Path(house.environment["GUILDHALL_RUN"], "status.json").read_text())
    word, noise, value = uuid.uuid4().hex, tmp_path / "noise.png", tmp_path / "value"
    Image.fromarray(np.random.default_rng().integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(noise)
    value.write_bytes(in_clear(word, noise))
    planted = Canaries((word,))
    planted.add(noise)
    assert not planted.found_in_memory(told["processes"]["broker"])
    shell(house, PUT.format(key=word[::-1], path=value))
    found = planted.found_in_memory(told["processes"]["broker"])
    shell(house, DROP.format(key=word[::-1]))
    assert set(found) == {(word, "utf-8"), *((noise.name, form) for form in FORMS)}
    assert not canaries.found_in_memory(told["processes"]["broker"])


@pytest.mark.slow
def test_doctor_finds_the_house_well_after_the_job(house, done):
    doctor = house.manage("doctor")
    assert doctor.returncode == 0, doctor.stdout
