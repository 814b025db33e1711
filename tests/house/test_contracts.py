"""The direction of imports holds, and the contracts that guard it can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as go; sys.exit(go())", "--no-cache"]
TREES = ("platform", "tenants", "governance", "workers")


def lint(where):
    paths = f"{where / 'platform'}:{where}"
    return subprocess.run(
        LINT, cwd=where, env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path):
    for tree in TREES:
        shutil.copytree(ROOT / tree, tmp_path / tree, ignore=shutil.ignore_patterns("weights", "__pycache__", "*.png"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("platform/kernel/canonical.py", "import tenants.vault.services"),  # the kernel knows nobody
        ("platform/access/services/actors.py", "import torch"),  # no torch in the web process
        ("governance/audit/merkle.py", "import django.db"),  # the verifier stands alone
        ("tenants/gallery/services/publish.py", "import tenants.vault.models"),  # through the front door only
        ("workers/engine/generate.py", "import access.services"),  # an engine knows no tenant
    ],
)
def test_a_wrong_import_is_named(copy, file, line):
    path = copy / file
    path.write_text(path.read_text() + f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout[-1500:]
    assert "BROKEN" in done.stdout
