"""The pages say what is: links lead somewhere, decisions are numbered, the portal's table is the portal's own."""

import re
from pathlib import Path

import pytest

from access.roles import Permission

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
COMMANDS = re.compile(r"manage\.py (?!…)([a-z_]+)")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert not [target for target in targets if "://" not in target and not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_and_make_targets_exist(page):
    from django.core.management import get_commands

    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(COMMANDS.findall(text)) <= set(get_commands())
    assert set(re.findall(r"`make ([a-z-]+)`", text)) <= targets


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        waiting += [(page.parent / target).resolve() for target in targets if "://" not in target]
    assert not {page for page in PAGES if DOCS in page.parents} - reached - set(DECISIONS)


@pytest.mark.parametrize("tree", ["platform", "governance", "tenants", "workers"])
def test_the_map_names_every_room(tree):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.search(rf"^    {tree}/ (.*\n(?:     .*\n)*)", readme, re.MULTILINE)[1]
    rooms = {path.name for path in (ROOT / tree).iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}
    named = {re.match(r"[a-z_]+", part.strip())[0] for part in re.sub(r"\([^)]*\)", "", lines).split("·")}
    assert named == rooms - {"management"}


def test_decisions_are_numbered_without_gaps_and_say_what_was_not_chosen():
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for number, path in enumerate(DECISIONS, start=1):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), path.name
        for part in ("Context", "Decision", "Not chosen"):
            assert f"\n**{part}.**" in text, (path.name, part)


def test_the_portals_table_names_the_permissions_that_show_its_rooms():
    rooms = (ROOT / "frontend" / "src" / "app" / "rooms.ts").read_text(encoding="utf-8")
    shown = re.findall(r'path: "\w+", .*needs: "([\w.]+)"', rooms)
    page = (DOCS / "reference" / "portal.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| [A-Z][\w ]+ \| .* \| `([\w.]+)` \| (.*)\|$", page, re.MULTILINE)
    assert [permission for permission, _ in said] == shown
    besides = {name for _, rest in said for name in re.findall(r"`([\w.]+)`", rest)}
    assert besides <= {permission.value for permission in Permission}
