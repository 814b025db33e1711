"""Whose work we hand on is said: in NOTICE, and beside the portal's files with every licence's text."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "frontend" / "dist" / "third-party-licences.txt"
HEAD = re.compile(r"^(@?[\w./-]+) (\d[\w.-]*) \(([^)]+)\)$", re.MULTILINE)


@pytest.fixture
def notices():
    if not BUILT.exists():
        pytest.skip("the portal is not built")
    return BUILT.read_text(encoding="utf-8").split("\n\n" + "-" * 80 + "\n\n")


def test_the_build_names_every_package_that_it_hands_on(notices):
    package = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
    named = {HEAD.match(notice)[1] for notice in notices}
    assert set(package["dependencies"]) <= named
    assert not set(package["devDependencies"]) & named


def test_each_comes_with_version_licence_and_text_as_locked(notices):
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for notice in notices:
        name, version, licence = HEAD.match(notice).groups()
        locked = lock[f"node_modules/{name}"]
        assert (version, licence) == (locked["version"], locked["license"]), name
        assert "copyright" in notice.lower(), name
        assert len(notice) > 500, name


def test_the_notice_names_them_and_what_judges_pictures():
    text = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for name in (f"frontend/dist/{BUILT.name}", "Open NSFW", "BSD 2-Clause", "Unlicense", "0BSD", "CC0"):
        assert name in text, name
