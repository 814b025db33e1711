"""What a reviewer would otherwise have to remember about names and places."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("platform", "tenants", "governance", "workers")
FORBIDDEN_NAMES = re.compile(r"(^|_)(helpers?|utils?|common|manager|handlers?|misc|core)(_|$)")
MARKS = re.compile(r"\b(TODO|FIXME|XXX)\b")
LONGEST_FUNCTION = 60


def sources():
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts]


def test_platform_is_a_street_and_not_a_house():
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not any(path.name == "platform" for path in (ROOT / "tests").rglob("*") if path.is_dir())
    done = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.machine())"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip()


def test_no_drawer_for_odds_and_ends():
    found = [path for path in sources() if FORBIDDEN_NAMES.search(path.stem)]
    assert not found


def test_no_mark_of_unfinished_work():
    assert not [path for path in sources() if MARKS.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_functions_fit_on_a_page(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno - node.lineno) >= LONGEST_FUNCTION
    ]
    assert not long


def test_signal_receivers_stand_in_one_place():
    found = [
        path
        for path in sources()
        if re.search(r"^@receiver|(pre|post)_\w+\.connect\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [path.relative_to(ROOT).as_posix() for path in found] == ["platform/access/signals.py"]


def test_nothing_points_at_anything_by_a_generic_key():
    assert not [path for path in sources() if "GenericForeignKey" in path.read_text(encoding="utf-8")]


def test_the_engines_packages_import_nothing():
    for path in ("workers/__init__.py", "platform/kernel/__init__.py"):
        assert not ast.parse((ROOT / path).read_text(encoding="utf-8")).body
