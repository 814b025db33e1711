"""The main job from end to end, and what it must not leave behind: no canary in clear anywhere."""

import re
import shutil

import pytest

CANARY = "zebrafinch quixotic"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Twelve of the demo's pictures and three bad files."""
    from pathlib import Path

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
        "main_job", "--pictures", str(pictures), "--steps", "30", "--prompt", f"a red apple {CANARY}", "--prompt", "house",
        "--reports", str(reports), "--port", str(house.port), timeout=1200,
    )  # fmt: skip
    assert job.returncode == 0, (
        job.stdout + job.stderr + "".join(f"\n== {name}\n{text[-2000:]}" for name, text in house.logs().items())
    )
    return job.stdout, reports / "latest"


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
    for name in ("report.html", "before.png", "after.png", "loss.png", "samples.png", "bundle.zip"):
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


@pytest.mark.slow
def test_no_canary_lies_anywhere_in_clear(house, done):
    """Data folder (Postgres with its write-ahead log, blobs, logs), run folder, shared memory and broker hold no prompt."""
    from pathlib import Path

    import redis

    needles = [CANARY.encode(), CANARY.encode("utf-16-le"), b"banana", b"inkstyle"]
    places = [house.home / "data", house.home / "state", Path(house.environment["GUILDHALL_RUN"]), Path("/dev/shm")]
    found = []
    for place in places:
        for path in place.rglob("*"):
            try:
                content = path.read_bytes() if path.is_file() else b""
            except OSError:
                continue
            found += [(path, needle) for needle in needles if needle in content]
            if content[:8] == b"\x89PNG\r\n\x1a\n" or content[:4] in (b"RIFF", b"\xff\xd8\xff\xe0"):
                found.append((path, b"a picture"))
    assert not found
    password = (house.home / "data" / "secrets" / "broker-password").read_text().strip()
    socket = f"{house.environment['GUILDHALL_RUN']}/broker/broker.sock"
    broker = redis.Redis(unix_socket_path=socket, password=password)
    for number in (0, 1):
        broker.select(number) if hasattr(broker, "select") else None
        for key in broker.scan_iter("*"):
            dumped = broker.dump(key) or b""
            assert not any(needle in dumped for needle in needles), key


@pytest.mark.slow
def test_the_keeper_is_asked_for_every_picture_that_is_shown(house, done):
    doctor = house.manage("doctor")
    assert doctor.returncode == 0, doctor.stdout
