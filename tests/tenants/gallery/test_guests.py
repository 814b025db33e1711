"""A guest sees every picture with her mark and takes none away; every door that hands out a picture is tried.

The doors are found by the resolver and the schema, so that a new one which nobody tried fails here.
"""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from PIL import Image

from access import services as access
from access.models import CustomRole, Grant
from access.roles import Permission, Reach, Role
from kernel.errors import Forbidden
from tenants.gallery import services as gallery
from tests.access.signing_in import Browser
from tests.factories.rows import filled
from tests.factories.studio import PASSWORD, found
from tests.factories.working import Worker
from tests.house.doors import CASES, VERBS, address, api_routes
from tests.house.doors import _routes as routes_of

SCHEMA = json.loads((Path(__file__).parents[3] / "frontend/openapi.json").read_text())
ROUTES = api_routes()
# What hands out a picture to look at: a guest gets it with her mark. Which rows a guest artist does not reach at all.
LOOKED_AT = {
    "asset-picture": "guest_artist", "asset-thumbnail": "guest_artist", "generation-preview": "guest_artist",
    "training-run-sample": "guest_trainer", "dataset-item-picture": "guest_trainer", "withheld-picture": None,
}  # fmt: skip
# What hands out bytes to take away, or makes a link that does: refused to every guest.
TAKEN_AWAY = {
    ("asset-download", "post"), ("asset-download-link", "post"), ("asset-by-link", "get"), ("exit-bundle", "get"),
    ("exit-download-link", "post"), ("bundle-by-link", "get"), ("exits", "post"), ("exits", "get"), ("exit", "get"),
    ("ledger-export", "get"),
}  # fmt: skip
GUESTS = {"gus": Role.GUEST_ARTIST, "greta": Role.GUEST_TRAINER}


@pytest.fixture(scope="module")
def place(keeper, as_login):
    """A studio with one row of each kind, and two guests who look at it by their browsers."""
    studio = found("Hosting")
    rows = filled(studio, Worker(keeper, as_login))
    tom = studio.actor("tom", project=False)
    for who, role in GUESTS.items():
        person = access.add_person(tom, email=f"{who}@example.com", name=who.title(), password=PASSWORD).pk
        access.grant(tom, person=person, role=role, project=studio.project, expires=timezone.now() + timedelta(days=3))
        studio.people[who] = person
    return studio, rows


@pytest.fixture(scope="module")
def ids(place):
    from dataclasses import asdict

    return {name: str(row) for name, row in asdict(place[1]).items()}


@pytest.fixture(scope="module")
def browsers(place):
    made = {}
    for who in (*GUESTS, "alice", "tina", "olive"):
        made[who] = Browser(place[0].slug)
        assert made[who].sign_in(who).status_code == 200
    return made


def ask(browser, name, ids, verb="get"):
    (route, _), case = ROUTES[name], CASES[name, verb]
    where = address(route, replace(case, query=""), ids)
    if verb == "get":
        return browser.client.get(f"/s/{browser.slug}{where}")
    return browser.post(where, None if case.body is None else json.loads(_filled(case.body, ids)), method=verb)


def _filled(body, ids):
    text = json.dumps(body)
    for name, row in ids.items():
        text = text.replace("{" + name + "}", row)
    return text


def image_of(content):
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("L"), int)


def declared():
    """Return name and verb of every door whose answer the schema declares to be no JSON."""
    paths = {}
    for route, pattern in routes_of(get_resolver().url_patterns):
        path = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
        for verb in VERBS:
            if verb in SCHEMA["paths"].get(path, {}):
                paths[pattern.name, verb] = SCHEMA["paths"][path][verb]
    assert paths.keys() >= {(name, verb) for name, (_, verbs) in ROUTES.items() for verb in verbs}
    kinds = {
        door: {kind for code, told in said["responses"].items() if code.startswith("2") for kind in told.get("content", {})}
        for door, said in paths.items()
    }
    return {door: found - {"application/json"} for door, found in kinds.items() if found - {"application/json"}}


def test_every_door_that_hands_out_bytes_is_known_here():
    images = {door for door, kinds in declared().items() if any(kind.startswith("image/") for kind in kinds)}
    assert images == {(name, "get") for name in LOOKED_AT} | {("asset-download", "post"), ("asset-by-link", "get")}
    others = {name for (name, _), kinds in declared().items() if not any(kind.startswith("image/") for kind in kinds)}
    texts = {"generation-events", "training-run-events", "ledger-proof", "ledger-checkpoint", "log-checkpoint", "review-evidence"}
    assert others - texts == {"exit-bundle", "bundle-by-link", "ledger-export", "log-entries", "log-tile"}


@pytest.mark.parametrize(("name", "least"), LOOKED_AT.items())
def test_a_guest_sees_a_marked_copy_and_another_person_the_picture_itself(name, least, place, ids, browsers):
    whose = {"withheld-picture": "olive", "asset-picture": "alice", "asset-thumbnail": "alice", "generation-preview": "alice"}
    plain = ask(browsers[whose.get(name, "tina")], name, ids)
    assert plain.status_code == 200 and "Guildhall-Marked" not in plain.headers
    for who, role in GUESTS.items():
        answer = ask(browsers[who], name, ids)
        if least is None or (least == "guest_trainer" and role is Role.GUEST_ARTIST):
            assert answer.status_code == 403, who
            assert not answer.headers["Content-Type"].startswith("image/")
            continue
        if name == "generation-preview":
            assert answer.status_code == 404  # another's request: her own is tried below
            continue
        assert (answer.status_code, answer.headers["Guildhall-Marked"]) == (200, "visible"), who
        assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert _shows_a_mark(plain.content, answer.content)
        assert b"caBX" not in answer.content


def _shows_a_mark(plain, shown):
    """Return whether a good part of the pixels, in each quarter, is another than in the picture itself."""
    before, after = image_of(plain), image_of(shown)
    factor = after.shape[0] // before.shape[0]
    before = np.kron(before, np.ones((factor, factor), int))
    changed = np.abs(before - after) > 25
    quarters = [part for rows in np.array_split(changed, 2, axis=0) for part in np.array_split(rows, 2, axis=1)]
    return before.shape == after.shape and all(part.mean() > 0.05 for part in quarters)


def test_the_signed_picture_has_a_manifest_and_the_marked_one_has_none(ids, browsers):
    from governance.provenance import services as provenance

    signed = ask(browsers["alice"], "asset-picture", ids).content
    assert b"caBX" in signed
    assert provenance.record_in(signed)
    marked = ask(browsers["gus"], "asset-picture", ids).content
    assert b"caBX" not in marked and b"c2pa" not in marked


def test_a_guests_own_preview_carries_her_mark(place, ids, browsers, keeper, as_login):
    from tenants.generations import services as generations
    from tests.factories import rows

    studio, things = place
    gus = studio.actor("gus")
    (row,) = generations.submit(gus, order=generations.Order(prompt="a red apple", base=things.base, seed=5))
    rows._preview(Worker(keeper, as_login), row)
    answer = ask(browsers["gus"], "generation-preview", ids | {"previewed": str(row.pk)})
    assert (answer.status_code, answer.headers["Guildhall-Marked"]) == (200, "visible")
    plain = ask(browsers["alice"], "generation-preview", ids)
    assert _shows_a_mark(plain.content, answer.content)


@pytest.mark.parametrize(("name", "verb"), sorted(TAKEN_AWAY))
def test_no_guest_takes_anything_away(name, verb, place, ids, browsers):
    if name in {"asset-by-link", "bundle-by-link"}:
        theirs = {"asset-by-link": ("alice", "asset-download-link"), "bundle-by-link": ("lena", "exit-download-link")}[name]
        whose, maker = theirs
        headers = {"Authorization": f"Bearer {place[0].token(whose)}"}
        made = Client(headers=headers).post(address(ROUTES[maker][0], CASES[maker, "post"], ids)).json()["url"]
        for who in GUESTS:
            assert browsers[who].client.get(made).status_code == 404
        assert Client(headers=headers).get(made).status_code == 200
        return
    for who in GUESTS:
        assert ask(browsers[who], name, ids, verb).status_code == 403, who


def test_no_read_of_a_guest_has_a_picture_in_it_that_carries_no_mark(place, ids, browsers):
    """Every address that answers reads, tried by both: whatever opens as a picture carries a mark."""
    tried = 0
    for who in GUESTS:
        for name, (_, verbs) in ROUTES.items():
            if "get" not in verbs or name in {"generation-events", "training-run-events"} or name.endswith("-by-link"):
                continue
            answer = ask(browsers[who], name, ids)
            if answer.status_code != 200:
                continue
            tried += 1
            assert "Guildhall-Marked" in answer.headers or not _is_picture(answer.content), (who, name)
            assert b"data:image" not in answer.content and b"iVBOR" not in answer.content, (who, name)
    assert tried > 20


def _is_picture(content):
    try:
        image_of(content)
    except OSError:
        return False
    return True


def test_a_role_of_the_studios_own_takes_nothing_away_that_it_may_not_see(place):
    studio, things = place
    tom = studio.actor("tom", project=False)
    with tom.writing():
        own = CustomRole.objects.create(
            name="Carrier", reach=Reach.PROJECT.value,
            permissions=[Permission.PROJECT_READ, Permission.ASSET_READ, Permission.ASSET_DOWNLOAD],
        )  # fmt: skip
    person = access.add_person(tom, email="carl@example.com", name="Carl").pk
    access.grant(tom, person=person, role=own.pk, project=studio.project)
    carl = access.actor_for(person, tenant=studio.tenant, project=studio.project)
    for deed in (gallery.download, gallery.link):
        with pytest.raises(Forbidden, match=r"asset\.unmarked"):
            deed(carl, asset=things.asset)
        assert deed(studio.actor("alice"), asset=things.asset)


def test_a_guests_access_ends_with_its_day(place, ids, browsers, keeper, as_login):
    studio, _ = place
    tom = studio.actor("tom", project=False)
    assert ask(browsers["greta"], "asset-picture", ids).status_code == 200
    with tom.writing():
        held = Grant.objects.filter(user_id=studio.people["greta"])
        before = held.get().expires
        held.update(expires=timezone.now() - timedelta(seconds=1))
    try:
        for name in ("asset-picture", "assets", "project", "datasets"):
            assert ask(browsers["greta"], name, ids).status_code == 404, name
            assert ask(browsers["gus"], name, ids).status_code in {200, 403}, name
    finally:
        with tom.writing():
            Grant.objects.filter(user_id=studio.people["greta"]).update(expires=before)
    assert ask(browsers["greta"], "asset-picture", ids).status_code == 200
