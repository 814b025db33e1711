"""Two studios' people at once on the real server, one in five hanging up in the middle: nobody gets another's byte.

Everything of a studio carries its mark: names, prompts, captions, file names, events, and the colour of its pictures. The
bytes that anybody receives, of answers that broke off too, are searched for the other's mark and ids.
"""

import contextlib
import io
import itertools
import json
import random
import threading
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from dispatch import services as dispatch
from governance.audit import services as audit
from tests.access import wire
from tests.access.wire import Ask, Browser, Program
from tests.factories.marked import marked
from tests.factories.working import Worker

ROUNDS = 5
CLIENTS = 16
SENDING, RECEIVING = wire.broken_while_sending, wire.broken_while_receiving
PEOPLE = ("alice", "tina", "lena", "olive", "tom")


@pytest.fixture(scope="module")
def server(keeper):
    with wire.web(keeper) as running:
        yield running


@pytest.fixture(scope="module")
def sides(keeper, as_login):
    """Two studios of red and of blue."""
    worker = Worker(keeper, as_login)
    both = [marked(worker, "Quillrook", (200, 40, 40)), marked(worker, "Brackmoor", (40, 60, 210))]
    with worker.be("integrator"):
        audit.integrate_once()
    return both


@pytest.fixture(scope="module")
def callers(server, sides):
    """Each person in a browser and with a program."""
    return {
        (side.mark, who): [Browser(server, side.studio, who), Program(side.studio, who)] for side in sides for who in PEOPLE
    }  # fmt: skip


def asks(side, callers):
    """Yield every kind of request of a studio's people, by session and by token."""
    for who, what, method, path, sent in _deeds(side):
        for caller in callers[side.mark, who]:
            headers, body = sent() if sent else ({}, b"")
            expected = {"submit": 201, "upload": 201}.get(what, 200)
            url = f"{caller.prefix}/api/v1/{path}"
            yield Ask(what, method, url, caller.headers | headers, body, expected, is_stream=what == "events")

    for who in PEOPLE:
        browser, _ = callers[side.mark, who]
        yield Ask("library", "GET", f"{browser.prefix}/_allauth/browser/v1/auth/session", browser.headers)


def _deeds(side):
    here, asset, item, waiting = (
        f"projects/{side.studio.project}", random.choice(side.assets), random.choice(side.items), random.choice(side.asked[3:])
    )  # fmt: skip
    order = {"prompt": f"{side.mark} a fox", "base": str(side.base), "steps": 4, "seed": 5}
    fields = {"rights": "own_work", "caption": f"{side.mark} caption"}
    return [
        ("alice", "session", "GET", "session", None),
        ("alice", "list", "GET", "projects", None),
        ("alice", "list", "GET", f"{here}/assets", None),
        ("alice", "list", "GET", f"{here}/generations", None),
        ("alice", "detail", "GET", f"{here}/assets/{asset}", None),
        ("lena", "detail", "GET", f"{here}/generations/{waiting}", None),
        ("alice", "picture", "GET", f"{here}/assets/{asset}/picture", None),
        ("lena", "picture", "GET", f"{here}/assets/{asset}/thumbnail", None),
        ("alice", "download", "POST", f"{here}/assets/{asset}/download", None),
        ("alice", "link", "POST", f"{here}/assets/{asset}/download-link", None),
        ("alice", "submit", "POST", f"{here}/generations", lambda: wire.said(order)),
        ("alice", "events", "GET", f"{here}/generations/{waiting}/events", None),
        ("tina", "events", "GET", f"{here}/training-runs/{side.run}/events", None),
        ("tina", "list", "GET", f"{here}/datasets/{side.dataset}/items", None),
        ("tina", "picture", "GET", f"{here}/datasets/{side.dataset}/items/{item}/picture", None),
        ("tina", "upload", "POST", f"{here}/datasets/{side.dataset}/items",
         lambda: wire.form(fields, f"{side.mark} new.png", side.picture(200))),
        ("tina", "list", "GET", f"{here}/models", None),
        ("tina", "detail", "GET", f"{here}/training-runs/{side.run}", None),
        ("tom", "list", "GET", "people", None),
        ("olive", "list", "GET", "ledger/entries", None),
        ("olive", "export", "GET", "ledger/export", None),
    ]  # fmt: skip


@contextlib.contextmanager
def telling(sides):
    """Tell both studios' progress all the while, each with its mark."""
    is_over = threading.Event()

    def tell():
        for number in itertools.count():
            for side in sides:
                for row in (*side.asked[3:], side.run):
                    event = {"event": "step", "step": number, "said": side.mark}
                    dispatch.tell(tenant=side.studio.tenant, project=side.studio.project, row=row, event=event)
            if is_over.wait(0.05):
                return

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        yield
    finally:
        is_over.set()
        teller.join()


@pytest.fixture(scope="module")
def answers(server, sides, callers):
    """What everybody got, beside the studio that asked and the way it was asked."""
    asked = [(side, ask) for _ in range(ROUNDS) for side in sides for ask in asks(side, callers)]
    # Of each kind every fifth hangs up, and of those every second before the request is out.
    asked.sort(key=lambda turn: turn[1].what)
    ways = [(SENDING, RECEIVING)[at % 2] if at % 5 == 0 else wire.whole for at in range(len(asked))]
    turns = [(side, ask, way) for (side, ask), way in zip(asked, ways, strict=True)]
    random.shuffle(turns)
    with telling(sides), ThreadPoolExecutor(CLIENTS) as many:
        got = list(many.map(lambda turn: turn[2](server, turn[1]), turns))
    return [(side, way, one) for (side, _, way), one in zip(turns, got, strict=True)]


def other_of(side, sides):
    return sides[1] if side is sides[0] else sides[0]


def test_enough_was_asked_and_a_fifth_hung_up(answers):
    assert len(answers) >= 400
    ways = Counter(way for _, way, _ in answers)
    assert ways[SENDING] + ways[RECEIVING] >= len(answers) // 5
    assert min(ways[SENDING], ways[RECEIVING]) > 30
    # Of every kind some came whole and some were broken off.
    whole, broken = ({got.ask.what for _, way, got in answers if (way is wire.whole) == is_whole} for is_whole in (True, False))
    assert whole == broken >= {"list", "detail", "picture", "events", "upload", "submit", "download", "link", "export", "library"}
    assert sum(len(got.raw) >= 200 for _, way, got in answers if way is RECEIVING) > 5


def test_whoever_waited_was_answered(answers):
    wrong = [
        (got.ask.what, got.status, got.body[:300])
        for _, way, got in answers
        if way is wire.whole and got.status != got.ask.expected
    ]
    assert not wrong


def test_no_byte_of_another_studio_reached_anybody(answers, sides):
    for side, _, got in answers:
        assert not other_of(side, sides).words_in(unpacked(got)), (got.ask.what, got.ask.path)
    # The search finds what is there: one's own.
    for kind in ("list", "detail", "events", "session", "library", "export"):
        own = [got for side, way, got in answers if way is wire.whole and got.ask.what == kind and side.words_in(unpacked(got))]
        assert own, kind


def unpacked(got):
    """Return every byte, those of an archive's files too."""
    if got.kind != "application/zip":
        return got.raw
    with zipfile.ZipFile(io.BytesIO(got.body)) as archive:
        return got.raw + b"\n".join(archive.read(name) for name in archive.namelist())


def test_every_picture_has_the_colour_of_who_asked(answers, sides):
    seen = Counter()
    for side, way, got in answers:
        if way is wire.whole and got.kind.startswith("image/"):
            assert side.is_ours(got.body), got.ask.path
            assert not other_of(side, sides).is_ours(got.body)
            seen[side.mark, got.ask.what] += 1
    assert set(seen) == {(side.mark, what) for side in sides for what in ("picture", "download")}


def test_every_stream_told_its_own_rows_words(answers):
    told = Counter()
    for side, way, got in answers:
        if way is wire.whole and got.ask.what == "events":
            words = [json.loads(line[6:]) for line in got.body.decode().splitlines() if line.startswith("data: ")]
            assert {word["said"] for word in words if word["event"] == "step"} == {side.mark}
            told[side.mark] += 1
    assert min(told.values()) > 5


def test_what_was_written_meanwhile_is_its_studios(server, sides, answers):
    """Also what was sent and not waited for: whatever is there now carries the mark of where it lies."""
    for side in sides:
        submitted = [got for one, way, got in answers if one is side and way is wire.whole and got.ask.what == "submit"]
        ids = [row["id"] for got in submitted for row in json.loads(got.body)["results"]]
        assert ids
        lena = Program(side.studio, "lena")
        for path in (f"generations/{ids[0]}", f"generations/{ids[-1]}", f"datasets/{side.dataset}/items?limit=200"):
            got = wire.whole(server, Ask("after", "GET", f"/api/v1/projects/{side.studio.project}/{path}", lena.headers))
            assert got.status == 200
            assert side.mark.encode() in got.body
            assert not other_of(side, sides).words_in(got.body)


def test_no_session_or_link_opens_anything_at_the_other_address(server, sides, callers, answers):
    for side in sides:
        other = other_of(side, sides)
        browser = callers[side.mark, "alice"][0]
        session = f"/s/{other.studio.slug}/api/v1/session"
        assert wire.whole(server, Ask("across", "GET", session, browser.headers)).status == 401
        assert wire.whole(server, Ask("own", "GET", f"{browser.prefix}/api/v1/session", browser.headers)).status == 200
        links = [
            json.loads(got.body)["url"] for one, _, got in answers if one is side and got.ask.what == "link" and got.status == 200
        ]
        for caller, expected in ((callers[other.mark, "alice"], 404), (callers[side.mark, "lena"], 404)):
            assert {wire.whole(server, Ask("link", "GET", links[-1], one.headers)).status for one in caller} == {expected}


def test_no_connection_keeps_a_transaction_or_a_scope(services, answers):
    """A scope is a setting of its transaction: where none is open, none is left."""
    connection.close()  # the tests' own
    time.sleep(0.5)
    with services.postgres.superuser() as superuser:  # others are not shown what a connection does
        states = superuser.execute(
            "SELECT state, xact_start, backend_xid FROM pg_stat_activity WHERE usename = 'ghtest_app' AND datname = %s",
            [services.postgres.database],
        ).fetchall()
    assert len(states) > 1
    assert set(states) == {("idle", None, None)}


def test_the_server_answers_as_before_and_complained_of_nothing(server, callers, answers):
    asked = [
        (caller, Ask("session", "GET", f"{caller.prefix}/api/v1/session", caller.headers))
        for of in callers.values()
        for caller in of
    ]
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as many:
        got = list(many.map(lambda one: wire.whole(server, one[1]), asked))
    assert time.monotonic() - began < 20
    for (caller, _), answer in zip(asked, got, strict=True):
        assert answer.status == 200
        said = json.loads(answer.body)
        assert (said["tenant"]["slug"], said["person"]["id"]) == (caller.studio.slug, str(caller.studio.people[caller.who]))
    assert server.process.poll() is None
    assert "Traceback" not in server.log.read_text()
