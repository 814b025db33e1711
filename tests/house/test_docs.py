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


def test_the_portals_table_names_every_page_of_the_settings_and_who_sees_it():
    pages = (ROOT / "frontend" / "src" / "app" / "settings.ts").read_text(encoding="utf-8")
    words = portal_words()
    there = [
        (words[word], re.findall(r'"([\w.]+)"', needs)) for word, needs in re.findall(r'word: "([\w.]+)", needs: \[(.*)\]', pages)
    ]
    page = (DOCS / "reference" / "portal.md").read_text(encoding="utf-8")
    part = page[page.index("## Settings of the studio") : page.index("## Keyboard")]
    said = re.findall(r"^\| ([A-Z][\w -]+) \| .* \| (`.*) \|$", part, re.MULTILINE)
    assert [(name, re.findall(r"`([\w.]+)`", needs)) for name, needs in said] == there


def portal_words():
    """Return the portal's catalogue: key → text."""
    files = (ROOT / "frontend" / "src" / "lib" / "words" / "en").glob("*.ts")
    return {
        key: text
        for path in files
        for key, text in re.findall(r'^  "([\w.]+)": "([^"]*)"', path.read_text(encoding="utf-8"), re.MULTILINE)
    }


# In these a bold name is a control of our portal; the names of others stand in italics or as code.
BY_HAND = (
    "found-a-studio", "invite-a-guest", "let-support-in", "limit-a-project", "provision-people", "rotate-a-leaked-token",
    "run-an-access-review", "run-the-platform", "secure-sign-in",
)  # fmt: skip
BY_PORTAL = [*sorted((DOCS / "how-to").glob("sign-in-with-*.md")), *(DOCS / "how-to" / f"{name}.md" for name in BY_HAND)]


@pytest.mark.parametrize("page", BY_PORTAL, ids=name_of)
def test_a_bold_name_is_one_that_the_portal_shows(page):
    known = set(portal_words().values())
    named = [" ".join(bold.split()) for bold in re.findall(r"\*\*([^*]+)\*\*", page.read_text(encoding="utf-8"))]
    assert named
    assert not [path for path in named if not known.issuperset(path.split(" → "))]


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("sign-in-with-*.md")), ids=name_of)
def test_the_way_to_a_provider_names_each_step_as_the_portal_does(page):
    words, text = portal_words(), page.read_text(encoding="utf-8")
    for key in ("sso.add", "sso.metadata_url", "sso.client_id", "sso.client_secret", "sso.test", "sso.save", "sso.enable"):
        assert re.search(rf"\*\*([^*]+ → )?{re.escape(words[key])}\*\*", text), key


SIGN_IN = DOCS / "reference" / "sign-in.md"


def test_the_sign_in_page_names_every_way_in():
    from access.middleware import BROWSER_ROUTES, OPEN_ROUTES

    page = SIGN_IN.read_text(encoding="utf-8")
    part = page[page.index("## Ways in") : page.index("## Passwords")]
    said = set(re.findall(r"`(auth/[\w/-]+)`", part))
    offered = {route.removeprefix(BROWSER_ROUTES) for route in OPEN_ROUTES}
    # What needs a session already, or says who has one, is no way in.
    begins = {route for route in offered if route.startswith("auth/") and not route.endswith(("reauthenticate", "/session"))}
    assert said == begins


def test_the_sign_in_page_names_the_words_that_make_no_password():
    from access import passwords

    page = SIGN_IN.read_text(encoding="utf-8")
    part = page[page.index("made of known words") : page.index("Without them")]
    assert re.findall(r"`(\w+)`", part.partition(":")[2]) == list(passwords.WORDS)
    assert passwords.LEAST_BESIDES == 8
    assert "eight\n  letters or digits must be left" in page


def test_the_sign_in_page_says_the_codes_limits():
    from datetime import timedelta

    from allauth.account import app_settings
    from django.contrib.auth.password_validation import get_default_password_validators

    from access import gate
    from access.proofs import STEP_UP_SECONDS
    from access.services.security import LEAST_IDLE

    page = SIGN_IN.read_text(encoding="utf-8")
    assert (timedelta(days=7), timedelta(hours=12), 5) == (gate.LONGEST, gate.LONGEST_IDLE, LEAST_IDLE)
    assert "| from opening to the end | 7 days | from 1 hour |\n| without use | 12 hours | from 5 minutes |" in page
    assert STEP_UP_SECONDS == 300
    limits = app_settings.RATE_LIMITS
    assert (limits["login_failed"], limits["login"]) == ("10/m/ip,5/300s/key", "30/m/ip")
    assert (limits["reset_password"], limits["reset_password_from_key"]) == ("20/m/ip,5/m/key", "20/m/ip")
    assert limits["reauthenticate"] == "10/m/user"
    for said in ("5 in five minutes", "10 a minute; 30 sign-ins", "5 and 20 a minute", "20 a minute from one place"):
        assert said in page
    assert get_default_password_validators()[0].min_length == 10
    assert "Ten signs at least" in page
