"""What lies or travels outside the database says by its own name whose it is: cache keys, blobs, event streams, previews,
remembered asks. And what is rung says nothing at all. Looked at in the real Valkey and on the real disk.
"""

import asyncio
import base64
import itertools
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from access.models import KeyedAsk
from dispatch import services as dispatch
from dispatch.services.telling import broker_url
from kernel.scope import tenant_scope
from tenants.generations import services as generations
from tests.access import wire
from tests.access.signing_in import Browser
from tests.conftest import ROOT
from tests.factories.marked import marked
from tests.factories.studio import found
from tests.factories.working import Worker

QUEUES = ("cpu", "device")


@pytest.fixture(scope="module")
def side(keeper, as_login):
    return marked(Worker(keeper, as_login), "Fernhollow", (40, 190, 60))


@pytest.fixture
def broker():
    with redis.Redis.from_url(broker_url()) as line:
        yield line


@pytest.fixture
def kept():
    """Return the cache's own keys, as they lie there."""
    with redis.Redis.from_url(settings.CACHE_URL) as line:
        yield lambda: {key.decode() for key in line.keys("*")}


# --- the cache ---------------------------------------------------------------------------------------------------------


def test_a_cached_value_is_one_tenants(studio, elsewhere, kept):
    name = uuid.uuid4().hex
    for one in (studio, elsewhere):
        with tenant_scope(one.tenant, read_only=True):
            assert cache.get(name) is None
            cache.set(name, str(one.tenant), timeout=30)
    for one in (studio, elsewhere):
        with tenant_scope(one.tenant, read_only=True):
            assert cache.get(name) == str(one.tenant)
    assert cache.get(name) is None, "nobody's value"
    assert {key for key in kept() if name in key} == {f":1:{one.tenant}:{name}" for one in (studio, elsewhere)}


def test_whatever_signing_in_caches_has_its_studio_in_its_key(keeper, kept):
    """allauth counts what was tried: at one studio's address it does not count for another's."""
    # Nobody has tried anything at these yet.
    here, there = found("Here"), found("There")
    before = kept()
    for one in (here, there):
        for _ in range(2):
            assert Browser(one.slug).sign_in("alice", password="wrong word here").status_code in {400, 429}
    added = kept() - before
    assert added
    assert {key.split(":")[2] for key in added} == {str(here.tenant), str(there.tenant)}


def test_nothing_else_of_ours_is_cached():
    """Nothing of a project is: a value of one would need the project in its key too."""
    users = {
        path.relative_to(ROOT).as_posix()
        for room in ("platform", "governance", "tenants", "workers")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"django\.core\.cache|cache_page|cached_db|cache_control", path.read_text(encoding="utf-8"))
    }
    federation = {f"platform/access/federation/{name}.py" for name in ("drafts", "ending", "saml_provider")}
    assert users == {"platform/config/settings.py", "platform/access/sso.py"} | federation


# --- blobs -------------------------------------------------------------------------------------------------------------


def test_every_blob_lies_in_its_tenants_and_projects_folder(side):
    root = Path(settings.OBJECT_STORE_ROOT)
    files = [path.relative_to(root).parts for path in root.rglob("*") if path.is_file()]
    assert len(files) > 10
    for parts in files:
        assert re.fullmatch(r"[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9a-f-]{36}\.\d+", "/".join(parts)), parts
    of_side = {
        uuid.UUID(name.partition(".")[0]): uuid.UUID(project)
        for tenant, project, name in files
        if tenant == str(side.studio.tenant)
    }
    assert of_side
    with tenant_scope(side.studio.tenant, read_only=True), connection.cursor() as cursor:
        cursor.execute("SELECT id, project_id FROM vault_object WHERE id = ANY(%s)", [list(of_side)])
        assert dict(cursor.fetchall()) == of_side


def test_no_blob_or_its_name_shows_what_is_in_it(side):
    folder = Path(settings.OBJECT_STORE_ROOT) / str(side.studio.tenant)
    mark = side.mark.lower().encode()
    for path in folder.rglob("*"):
        assert mark not in str(path).lower().encode()
        assert path.is_dir() or not (mark in (content := path.read_bytes()).lower() or b"PNG" in content[:64] or b"IHDR" in content)


# --- streams and previews -------------------------------------------------------------------------------------------------


def test_a_word_or_a_preview_is_kept_under_tenant_project_and_row(side, broker):
    tenant, project, row = side.studio.tenant, side.studio.project, uuid.uuid4()
    dispatch.tell(tenant=tenant, project=project, row=row, event={"event": "step", "step": 1})
    dispatch.show(tenant=tenant, project=project, row=row, blob=b"sealed")
    names = {key.decode() for key in broker.keys(f"*{row}*")}
    assert names == {f"guildhall:{what}:{tenant}:{project}:{row}" for what in ("tell", "show")}
    assert all(0 < broker.ttl(name) <= 60 for name in names)


def test_whoever_listens_elsewhere_hears_nothing_of_the_same_row(side, elsewhere):
    """The row's id alone is no way in, nor with one of the other two."""
    row, ours = uuid.uuid4(), (side.studio.tenant, side.studio.project)
    others = [
        place for place in itertools.product((ours[0], elsewhere.tenant), (ours[1], elsewhere.project, None)) if place != ours
    ]
    dispatch.show(tenant=ours[0], project=ours[1], row=row, blob=b"sealed")
    assert dispatch.shown(tenant=ours[0], project=ours[1], row=row) == b"sealed"
    for tenant, project in others:
        assert dispatch.shown(tenant=tenant, project=project, row=row) is None
    assert asyncio.run(heard(row, [ours, *others], speaker=ours)) == [[{}, {"step": 1}, {"step": 2}], *([[{}]] * len(others))]


async def heard(row, places, speaker):
    """Return what each place hears while one is spoken to."""
    words = [[] for _ in places]
    are_open = [asyncio.Event() for _ in places]

    async def listen(at, tenant, project):
        async for word in dispatch.alisten(tenant=tenant, project=project, row=row):
            words[at].append(word)
            are_open[at].set()

    ears = [asyncio.create_task(listen(at, *place)) for at, place in enumerate(places)]
    for one in are_open:
        await asyncio.wait_for(one.wait(), timeout=10)
    for step in (1, 2):
        await asyncio.to_thread(dispatch.tell, tenant=speaker[0], project=speaker[1], row=row, event={"step": step})
    await asyncio.sleep(0.5)
    for ear in ears:
        ear.cancel()
    await asyncio.gather(*ears, return_exceptions=True)
    return words


# --- what is asked for twice ---------------------------------------------------------------------------------------------


def test_one_key_is_another_key_in_each_project_and_tenant(side, elsewhere, keeper, as_login):
    """Of equal keys and equal asks nothing equal is kept, and each place does its own deed."""
    from access import services as access
    from access.roles import Role

    owner = side.studio.actor("tom", project=False)
    second = access.create_project(owner, name=f"{side.mark} second").pk
    access.grant(owner, person=side.studio.people["alice"], role=Role.ARTIST, project=second)
    alice, key = side.studio.people["alice"], uuid.uuid4().hex
    order = generations.Order(prompt=f"{side.mark} a fox", base=side.base, seed=5)
    made = set()
    for project in (side.studio.project, second):
        actor = access.actor_for(alice, tenant=side.studio.tenant, project=project)
        (first,), (again,) = (generations.submit(actor, order=order, key=key) for _ in range(2))
        assert first.pk == again.pk
        made.add(first.pk)
    assert len(made) == 2
    with tenant_scope(side.studio.tenant, read_only=True):
        rows = [one for one in KeyedAsk.objects.all() if set(one.rows) & {str(pk) for pk in made}]
    digests = {one.key for one in rows} | {one.ask for one in rows}
    assert (len(rows), len(digests)) == (2, 4)
    assert not [one for one in digests if key in one]
    strange = access.keyed(elsewhere.actor("alice"), key=key, deed="generation.submit", ask={})
    ours = access.keyed(side.studio.actor("alice"), key=key, deed="generation.submit", ask={})
    assert not {strange.key, strange.ask} & {ours.key, ours.ask, *digests}


# --- bells -----------------------------------------------------------------------------------------------------------------


def messages(broker):
    """Return what lies in the queues, as it lies there."""
    return [json.loads(raw) for key in broker.keys("*") if key.decode() in QUEUES for raw in broker.lrange(key, 0, -1)]


def test_a_message_of_the_queue_carries_nothing(side, broker):
    """Work of every kind waits by now and nobody listens: what lies in the broker names a task, and no row, person or tenant."""
    alice = side.studio.actor("alice")
    for queue in QUEUES:
        broker.delete(queue)
    generations.submit(alice, order=generations.Order(prompt=f"{side.mark} a fox", base=side.base, seed=5))
    for kind in ("generate", "train", "exit"):
        dispatch.ring(kind)
    waiting = messages(broker)
    assert {message["headers"]["task"] for message in waiting} == {"workers.tasks.turn", "workers.tasks.errand"}
    for message in waiting:
        args, kwargs, embedded = json.loads(base64.b64decode(message["body"]))
        assert (args, kwargs) == ([], {})
        assert {name: value for name, value in embedded.items() if value} == {}
        head = message["headers"]
        assert (head["argsrepr"], head["kwargsrepr"]) == ("()", "{}")
        # Its ids are its own: drawn for the message, and said in no row.
        assert head["root_id"] == head["id"] == message["properties"]["correlation_id"]
        assert not side.words_in(json.dumps(message).encode())
        assert not side.words_in(base64.b64decode(message["body"]))


def test_nothing_of_a_tenant_lies_in_the_broker_but_what_is_told(side, broker):
    """Whatever Celery keeps there beside its queues is looked through too."""
    said = {key.decode() for key in broker.keys("*")}
    assert {name.split(":")[1] for name in said if name.startswith("guildhall:")} <= {"tell", "show", "alive"}
    for name in said:
        if name.startswith("guildhall:"):
            continue
        kind = broker.type(name)
        content = {b"list": lambda name: broker.lrange(name, 0, -1), b"set": broker.smembers, b"hash": broker.hgetall,
                   b"zset": lambda name: broker.zrange(name, 0, -1), b"string": broker.get}[kind](name)  # fmt: skip
        assert not side.words_in(f"{name} {content}".encode()), name
    assert current_app.conf.task_ignore_result


# --- temporary files -------------------------------------------------------------------------------------------------------

# A process that asks its own ASGI door, and tells its status, what it opened for writing in its temporary folder, what a
# file opened there on purpose adds to that, and what it opened in the object store.
WATCHED = """
import asyncio, json, os, sys, tempfile
written, there = [], os.path.realpath(tempfile.gettempdir())
def look(event, given):
    if event == "open" and isinstance(given[0], str) and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR):
        written.append(os.path.realpath(given[0]))
def temporary():
    return [path for path in written if path.startswith(there)]
from config.asgi import application
fields = json.load(sys.stdin)
with open(fields["body"], "rb") as file:
    body = file.read()
sys.addaudithook(look)
async def upload():
    parts = [body[at : at + 65536] for at in range(0, len(body), 65536)]
    answers = []
    async def receive():
        if not parts:
            await asyncio.sleep(60)
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}
    async def send(message):
        answers.append(message)
    headers = [(name.lower().encode(), value.encode()) for name, value in fields["headers"].items()]
    headers.append((b"content-length", str(len(body)).encode()))
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": fields["path"],
             "raw_path": fields["path"].encode(), "query_string": b"", "headers": headers, "scheme": "http", "root_path": "",
             "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    await application(scope, receive, send)
    return answers[0]["status"]
status, found = asyncio.run(upload()), temporary()
with tempfile.SpooledTemporaryFile(max_size=1) as file:
    file.write(b"xx")
print(json.dumps([status, found, len(temporary()) - len(found), [path for path in written if "/objects/" in path]]))
"""


def test_an_upload_is_written_to_no_temporary_file(side, keeper, tmp_path):
    """In a process whose temporary folder is its own: whatever it opens for writing is noted by the interpreter."""
    headers, body = wire.form({"rights": "own_work", "caption": side.mark}, f"{side.mark}.png", side.picture(2000))
    assert len(body) > 3 << 20
    (tmp_path / "body").write_bytes(body)
    folder = tmp_path / "temporary"
    folder.mkdir()
    said = headers | {"Authorization": f"Bearer {side.studio.token('tina')}", "Host": "127.0.0.1"}
    sent = {"path": f"/api/v1/projects/{side.studio.project}/datasets/{side.dataset}/items", "headers": said,
            "body": str(tmp_path / "body")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=ROOT, env={**os.environ, **keeper.environment("web"), "TMPDIR": str(folder)},
        input=json.dumps(sent), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    status, temporary, control, objects = json.loads(done.stdout.splitlines()[-1])
    assert status == 201
    assert temporary == []
    assert control > 0, "the watch has gone blind"
    assert objects
    assert all(f"/objects/{side.studio.tenant}/{side.studio.project}" in path for path in objects)
