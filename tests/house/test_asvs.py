"""The page on OWASP ASVS says what is: every item of its chapters once, and each test that it names is there."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
STANDARD = json.loads((ROOT / "tests" / "vectors" / "asvs-5.0.json").read_text(encoding="utf-8"))
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| (test|does not apply|open): ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w./-]+\.(?:py|tsx?))::([^`]+)`")
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_item_of_the_first_two_levels_stands_once():
    wanted = {item: level for item, level in STANDARD["levels"].items() if level < 3}
    assert [item for item, *_ in ROWS] == list(wanted)
    assert {item: int(level) for item, level, *_ in ROWS} == wanted


def test_nothing_but_rows_begins_like_one():
    begun = re.findall(r"^\| \d.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(begun) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_tests_that_there_are(row):
    item, _, _, state, said = row
    named = NAMED.findall(said)
    assert named or state != "test", item
    assert said.count("::") == len(named), "a test is named as `path::name`"
    for path, name in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        found = rf"^def {re.escape(name)}\(" if path.endswith(".py") else rf'^it(?:\.each\(.*\))?\("{re.escape(name)}"'
        assert re.search(found, source, re.MULTILINE), f"{path}::{name}"


@pytest.mark.parametrize("row", [row for row in ROWS if row[3] != "test"], ids=lambda row: row[0])
def test_what_is_not_shown_says_why(row):
    assert len(row[4].split()) >= 5


def test_the_counts_are_the_rows():
    told = re.search(r"(\d+) items: (\d+) by test, (\d+) do not apply, (\d+) open", PAGE.read_text(encoding="utf-8"))
    states = [state for _, _, _, state, _ in ROWS]
    assert told
    assert [int(one) for one in told.groups()] == [
        len(ROWS), states.count("test"), states.count("does not apply"), states.count("open"),
    ]  # fmt: skip
