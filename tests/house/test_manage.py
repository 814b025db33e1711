"""`python manage.py …` works as the README writes it: with whichever Python comes first, from any folder."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BARE = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """A Python without Django."""
    folder = tmp_path_factory.mktemp("python")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    return folder / "bin" / "python"


def run(python, manage, *arguments, where=ROOT, **environment):
    return subprocess.run(
        [python, manage, *arguments], cwd=where, env=BARE | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path):
    """A checkout whose virtual environment is the one that runs the tests; its `platform` stands there as in ours."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "platform" / "config").mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def test_a_python_without_django_hands_over_to_the_virtual_environment(stranger, checkout):
    done = run(stranger, checkout / "manage.py", "version", where="/")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(".") >= 1
    bare = subprocess.run([stranger, "-c", "import django"], env=BARE, capture_output=True, check=False)
    assert bare.returncode, "the stranger must not have Django, or nothing was tested"


def test_without_a_virtual_environment_it_says_what_to_do(stranger, tmp_path):
    shutil.copy(ROOT / "manage.py", tmp_path)
    done = run(stranger, tmp_path / "manage.py", "version")
    assert done.returncode == 1
    assert "make setup" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_virtual_environment_is_not_asked_again_and_again(tmp_path):
    shutil.copy(ROOT / "manage.py", tmp_path)
    venv.EnvBuilder(with_pip=False, symlinks=True).create(tmp_path / ".venv")
    done = run(tmp_path / ".venv" / "bin" / "python", tmp_path / "manage.py", "version")
    assert done.returncode == 1
    assert "make setup" in done.stderr


def test_our_own_commands_are_found_from_the_stranger(stranger, tmp_path):
    if not (ROOT / ".venv" / "bin" / "python").exists():
        pytest.skip("no virtual environment in this checkout")
    done = run(stranger, "manage.py", "help", HOME=os.fspath(tmp_path), GUILDHALL_DATA=os.fspath(tmp_path / "data"))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "main_job" in done.stdout
    assert "found_studio" in done.stdout
