"""A body never reaches the disk: it is refused while it arrives."""

import asyncio
import json
import tempfile

import pytest


def send_body(chunks, *, headers=()):
    """Send a body in chunks to the ASGI door; return status and problem."""
    from config.asgi import application

    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/tokens", "raw_path": b"/api/v1/tokens", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), *headers], "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "scheme": "http",
        "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    waiting, answers = list(chunks), []

    async def receive():
        if not waiting:
            await asyncio.sleep(60)
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message):
        answers.append(message)

    asyncio.run(application(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in answers)
    return answers[0]["status"], json.loads(body) if body.startswith(b"{") else {}


@pytest.fixture
def limit(settings_of, monkeypatch):
    """Let the limit be small, and any temporary file an error."""
    settings_of(UPLOAD_BODY_LIMIT=4096, FILE_UPLOAD_MAX_MEMORY_SIZE=4096)

    def refuse(*_arguments, **_options):
        raise AssertionError("a body went to disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)


@pytest.fixture
def settings_of(monkeypatch):
    from django.conf import settings

    def change(**values):
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value)

    return change


TOKEN = ((b"authorization", b"Bearer ghl_pat_x"),)


def test_a_body_that_says_it_is_too_long_is_refused_unread(limit):
    status, problem = send_body([b"x"], headers=(*TOKEN, (b"content-length", b"4097")))
    assert (status, problem["code"], problem["facts"]) == (413, "body.too_large", {"most": 4096})


def test_a_body_that_grows_too_long_is_refused_on_the_way(limit):
    assert send_body([b"x" * 1000] * 9, headers=TOKEN)[0] == 413


def test_a_body_up_to_the_limit_stays_in_memory(limit):
    assert send_body([b"x" * 1024] * 4, headers=TOKEN)[0] == 401


def test_a_stranger_may_send_little(settings_of):
    assert send_body([b"x"], headers=((b"content-length", b"2000000"),))[0] == 413
