"""The main job from end to end, and what it must not leave behind: no canary in clear anywhere."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.journeys.canaries import Canaries

CANARY = "zebrafinch quixotic"


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


def cells(sheet, *, count, side=192):
    """Return the first pictures of one of the report's sheets."""
    from PIL import Image

    with Image.open(sheet) as drawn:
        return [drawn.crop((side * index, 0, side * (index + 1), side)) for index in range(count)]


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
def canaries(house, pictures, done):
    """The words that people typed, the pictures that they brought, and those that they made."""
    known = Canaries((CANARY, "inkstyle", "banana"))
    for path in sorted(pictures.glob("*.png")):
        if path.name != "broken.png":
            known.add(path)
    for index, cell in enumerate(cells(done[1] / "after.png", count=2)):
        cell.save(pictures.parent / f"made{index}.png")
        known.add(pictures.parent / f"made{index}.png")
    assert len(known.looks) > 12
    return known


@pytest.mark.slow
def test_the_search_finds_what_is_planted(canaries, pictures, tmp_path):
    """A search that finds nothing says something only if it would have found it."""
    from PIL import Image

    banana = Image.open(pictures / "banana.png").convert("RGB")
    banana.resize((61, 61)).save(tmp_path / "small.webp", quality=70)
    (tmp_path / "blob").write_bytes(b"head" * 99 + (tmp_path / "small.webp").read_bytes() + b"tail" * 99)
    (tmp_path / "small.webp").unlink()
    (tmp_path / "raw").write_bytes(b"\x01" + banana.tobytes())
    (tmp_path / "log").write_text(f"a red apple {CANARY}", encoding="utf-16")
    found = canaries.found_under(tmp_path)
    assert {(Path(path).name, how) for path, _, how in found} >= {("blob", "look"), ("raw", "pixels"), ("log", "utf-16")}


@pytest.mark.slow
def test_no_canary_lies_anywhere_in_clear(house, canaries):
    """Data (Postgres with its write-ahead log, blobs, logs), keeper's store, run and temporary folders, shared memory."""
    run = house.environment["GUILDHALL_RUN"]
    assert not canaries.found_under(house.home / "data", house.home / "state", house.home / "tmp", run, "/dev/shm")


@pytest.mark.slow
def test_no_canary_lies_in_the_broker(house, canaries):
    told = json.loads(Path(house.environment["GUILDHALL_RUN"], "status.json").read_text())
    assert not canaries.found_in_memory(told["processes"]["broker"])


@pytest.mark.slow
def test_doctor_finds_the_house_well_after_the_job(house, done):
    doctor = house.manage("doctor")
    assert doctor.returncode == 0, doctor.stdout
