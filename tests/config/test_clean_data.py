"""What is forgotten, and what is said of what stays."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "DATABASE_URL": "postgresql://studio_app:secret-word@db.example/studio", "BROKER_URL": "redis://broker.example/0",
    "OBJECT_STORE_URL": "s3://bucket/prefix?endpoint=https://s3.example", "DATABASE_ROLE_PREFIX": "studio",
}  # fmt: skip


@pytest.fixture
def clean(tmp_path):
    """Runs the command on a small installation; `said` answers its questions."""

    def run(*arguments, said="", **given):
        for name in ("data", "run", "state"):
            (tmp_path / name).mkdir(exist_ok=True)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GUILDHALL_DATA": str(tmp_path / "data"),
                       "GUILDHALL_RUN": str(tmp_path / "run"), "GUILDHALL_KEEPER_STORE": str(tmp_path / "state")}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "manage.py", "clean_data", *arguments], cwd=ROOT, env=environment | given, input=said,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_a_store_that_is_kept_is_named(clean, tmp_path):
    said = clean(said="yes\nno\n")
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "run").exists()
    assert f"the keeper's store stays in {tmp_path / 'state'}" in said


def test_nothing_stays_unsaid_on_services_of_others(clean, tmp_path):
    said = clean("--yes", **GIVEN)
    assert "the database studio on db.example stays" in said
    assert "DROP DATABASE" in said
    assert "studio_" in said
    assert "s3://bucket/prefix" in said
    assert "the broker stays" in said
    assert "secret-word" not in said
    assert not (tmp_path / "state").exists()
    assert "keeper's store stays" not in said


def test_on_the_embedded_default_nothing_stays(clean):
    assert "stays" not in clean("--yes")


@pytest.mark.parametrize("said", ["", "no\n", "y\nY\n", "no\nno\n"])
def test_nothing_goes_that_nobody_said_yes_to(clean, tmp_path, said):
    assert "nothing was removed" in clean(said=said)
    assert all((tmp_path / name).exists() for name in ("data", "run", "state"))
