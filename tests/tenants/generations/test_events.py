"""A request's stream: it begins with the row's state, and ends when the row has ended, whatever was told and when."""

import asyncio
import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import AsyncClient, Client
from django.utils import timezone

from access import services as access
from access import tokens
from access.models import ApiToken, SecurityPolicy, Session, User
from access.roles import Role
from dispatch import services as dispatch
from dispatch.services import telling
from kernel.scope import tenant_scope
from tenants.registry import services as registry
from tests.access.signing_in import Browser


@pytest.fixture
def call(studio):
    """Call the API of the studio's project as its artist."""
    base = registry.register_base(
        studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="Starter", licence="Apache-2.0"
    )
    sent = {"Authorization": f"Bearer {studio.token('alice')}"}

    def ask(method, path, **more):
        body = {"base": str(base.pk), "steps": 4, "seed": 5, "width": 64, "height": 64} | more
        url = f"/api/v1/projects/{studio.project}/{path}"
        return getattr(Client(), method)(url, data=body, content_type="application/json", headers=sent)

    return ask


async def heard(studio, row, most=None, token=None):
    """Return the words of a request's stream over HTTP: all of them, or the first few."""
    url = f"/api/v1/projects/{studio.project}/generations/{row}/events"
    answer = await AsyncClient().get(url, headers={"Authorization": f"Bearer {token or studio.token('alice')}"})
    words, stream = [], answer.streaming_content
    async for part in stream:
        words += [json.loads(line[6:]) for line in part.decode().splitlines() if line.startswith("data: ")]
        if most is not None and len(words) >= most:
            break
    await stream.aclose()
    return words


def hear(studio, row, most=None):
    """Listen; a stream that does not end fails after 10 seconds."""
    return asyncio.run(asyncio.wait_for(heard(studio, row, most), timeout=10))


def the_minute_is_over(studio, row):
    telling._broker().delete(telling._name("tell", studio.tenant, studio.project, uuid.UUID(row)))


def state(name):
    return {"event": "state", "state": name}


def test_what_ended_long_ago_ends_its_stream_at_once(studio, call):
    (row,) = call("post", "generations", prompt="a red apple").json()["results"]
    assert call("post", f"generations/{row['id']}/cancel").status_code == 200
    assert hear(studio, row["id"]) == [state("cancelled")]
    the_minute_is_over(studio, row["id"])
    assert hear(studio, row["id"]) == [state("cancelled")]


def test_what_was_refused_ends_its_stream_at_once(studio, call):
    (row,) = call("post", "generations", prompt="a swastika").json()["results"]
    assert row["state"] == "refused"
    assert hear(studio, row["id"]) == [state("refused")]


def test_a_stream_begins_with_the_state_and_ends_with_the_row(studio, call):
    (row,) = call("post", "generations", prompt="a red apple").json()["results"]
    assert hear(studio, row["id"], most=1) == [state("queued")]
    place = {"tenant": studio.tenant, "project": studio.project, "row": uuid.UUID(row["id"])}
    dispatch.tell(**place, event=state("cancelled"))
    assert hear(studio, row["id"], most=1) == [state("queued")], "what is told is no end while the row goes on"
    dispatch.tell(**place, event={"event": "progress", "step": 2})
    ending = threading.Timer(1.0, lambda: call("post", f"generations/{row['id']}/cancel"))
    ending.start()
    assert hear(studio, row["id"]) == [state("queued"), {"event": "progress", "step": 2}, state("cancelled")]
    ending.join()


def lose(after, deed):
    """Do something in a moment, on a thread of its own."""
    timer = threading.Timer(after, deed)
    timer.start()
    return timer


@pytest.fixture
def listened(studio, call):
    """A request that waits, and where words about it are told."""
    (row,) = call("post", "generations", prompt="a red apple").json()["results"]
    yield row["id"], {"tenant": studio.tenant, "project": studio.project, "row": uuid.UUID(row["id"])}
    call("post", f"generations/{row['id']}/cancel")


def word(step):
    return {"event": "progress", "step": step}


@pytest.mark.parametrize("what", ["role", "token", "person"])
def test_a_stream_ends_with_the_right_to_listen(studio, call, listened, what):
    row, place = listened
    owner, alice = studio.actor("tom", project=False), studio.people["alice"]
    value = access.issue_token(studio.actor("alice"), name="listens")
    with tenant_scope(studio.tenant, read_only=True):
        token = ApiToken.objects.get(hash=tokens.digest(value)).pk

    def end():
        if what == "role":
            access.revoke(owner, person=alice, role=Role.ARTIST, project=studio.project)
        elif what == "token":
            access.revoke_token(studio.actor("alice"), token=token)
        else:
            set_active(studio, alice, is_active=False)
        dispatch.tell(**place, event=word(9))
        connection.close()

    try:
        dispatch.tell(**place, event=word(1))
        ending = lose(1.0, end)
        heard_ = asyncio.run(asyncio.wait_for(heard(studio, row, token=value), timeout=10))
        ending.join()
    finally:
        set_active(studio, alice, is_active=True)
        access.grant(owner, person=alice, role=Role.ARTIST, project=studio.project)
    assert heard_ == [state("queued"), word(1)], "the word after the loss is not said"


def heard_by_session(studio, listened, deed):
    """Return what a browser of Alice's hears, while a deed is done between the first word and the ninth."""
    row, place = listened
    browser = Browser(studio.slug)
    assert browser.sign_in("alice").status_code == 200
    url = f"/s/{studio.slug}/api/v1/projects/{studio.project}/generations/{row}/events"

    async def hear_by_session():
        client = AsyncClient()
        client.cookies = browser.client.cookies
        answer = await client.get(url)
        assert answer.status_code == 200
        return [part async for part in answer.streaming_content]

    dispatch.tell(**place, event=word(1))
    ending = lose(1.0, lambda: then_told(studio, place, deed))
    parts = b"".join(asyncio.run(asyncio.wait_for(hear_by_session(), timeout=10)))
    ending.join()
    return parts


def then_told(studio, place, deed):
    with tenant_scope(studio.tenant):
        deed()
    dispatch.tell(**place, event=word(9))
    connection.close()


def test_a_stream_ends_with_its_session(studio, listened):
    parts = heard_by_session(studio, listened, lambda: Session.objects.filter(user_id=studio.people["alice"]).delete())
    assert b'"step": 1' in parts
    assert b'"step": 9' not in parts


@pytest.fixture
def policy(studio):
    """Set the studio's policy within a scope; afterwards it asks for nothing again."""
    yield SecurityPolicy.objects.update_or_create
    with tenant_scope(studio.tenant):
        SecurityPolicy.objects.update(sso_only=False, second_factor=False, networks=[])


ASKED = {"network": {"networks": ["192.0.2.0/24"]}, "factor": {"second_factor": True}, "provider": {"sso_only": True}}
AGED = {"too old": {"created": timedelta(days=8)}, "idle": {"seen": timedelta(hours=13)}}


@pytest.mark.parametrize("what", [*ASKED, *AGED])
def test_a_stream_ends_when_the_gate_would_refuse_its_session(studio, listened, policy, what):
    def deed():
        if what in ASKED:
            policy(defaults=ASKED[what])
        else:
            moved = {name: timezone.now() - age for name, age in AGED[what].items()}
            Session.objects.filter(user_id=studio.people["alice"]).update(**moved)

    parts = heard_by_session(studio, listened, deed)
    assert b'"step": 1' in parts
    assert b'"step": 9' not in parts


@pytest.mark.parametrize("what", ["network", "provider"])
def test_a_stream_ends_when_the_gate_would_refuse_its_token(studio, listened, policy, what):
    row, place = listened
    dispatch.tell(**place, event=word(1))
    ending = lose(1.0, lambda: then_told(studio, place, lambda: policy(defaults=ASKED[what])))
    words = hear(studio, row)
    ending.join()
    assert words == [state("queued"), word(1)]


def test_listening_is_no_use_of_a_session(studio, listened):
    """Or a tab that somebody left open would keep a session that nobody uses."""
    _, place = listened
    hers, ago = Session.objects.filter(user_id=studio.people["alice"]), timezone.now() - timedelta(hours=1)
    seen = set()

    def end():
        seen.update(hers.values_list("seen", flat=True))
        hers.delete()

    ending = lose(3.0, lambda: then_told(studio, place, end))
    parts = heard_by_session(studio, listened, lambda: hers.update(seen=ago))
    ending.join()
    assert b'"step": 9' in parts
    assert seen == {ago}


def set_active(studio, person, *, is_active):
    with tenant_scope(studio.tenant):
        User.objects.filter(pk=person).update(is_active=is_active)
