"""Two studios' people at once on the real server, some hanging up in the middle: nobody sees another's answer."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from access import services as access
from tests.conftest import HOME, ROOT
from tests.factories.studio import PASSWORD, found

PEOPLE = ["alice", "tina", "lena", "olive"]


@pytest.fixture(scope="module")
def server(keeper):
    """The web process as the supervisor starts it: uvicorn, its own login, a pool of connections."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (HOME / "logs" / "web.log").open("wb")
    web = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **keeper.environment("web")},
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, web)
        yield address
    finally:
        web.terminate()
        web.wait(timeout=20)
        log.close()


def _wait(address, web):
    until = time.monotonic() + 60
    while time.monotonic() < until and web.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/health").status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError((HOME / "logs" / "web.log").read_text()[-2000:])


class Person:
    """Somebody in a browser at her studio's address."""

    def __init__(self, server, studio, who):
        self.studio, self.who, self.prefix = studio, who, f"{server}/s/{studio.slug}"
        self.client = httpx.Client(timeout=60)

    def sign_in(self):
        self.client.get(f"{self.prefix}/")
        answer = self.client.post(
            f"{self.prefix}/_allauth/browser/v1/auth/login",
            json={"email": f"{self.who}@example.com", "password": PASSWORD},
            headers={"X-CSRFToken": self.client.cookies["csrftoken"]},
        )
        assert answer.status_code == 200, answer.text
        return self

    def look(self):
        answer = self.client.get(f"{self.prefix}/api/v1/session").json()
        return answer["tenant"]["slug"] == self.studio.slug and answer["person"]["id"] == str(self.studio.people[self.who])

    def look_by_token(self, server, token):
        answer = httpx.get(f"{server}/api/v1/session", headers={"Authorization": f"Bearer {token}"}, timeout=60).json()
        return answer["tenant"]["slug"] == self.studio.slug

    def library_look(self):
        user = self.client.get(f"{self.prefix}/_allauth/browser/v1/auth/session").json()["data"]["user"]
        return (user["email"], user["id"]) == (f"{self.who}@example.com", str(self.studio.people[self.who]))

    def hang_up(self, server):
        host, port = server.removeprefix("http://").split(":")
        key = self.client.cookies["guildhall_session"]
        with socket.create_connection((host, int(port))) as line:
            line.sendall(
                f"GET /s/{self.studio.slug}/api/v1/session HTTP/1.1\r\nHost: {host}\r\n"
                f"Cookie: guildhall_session={key}\r\n\r\n".encode()
            )
        return True

    def look_across(self, other):
        """Show this session's key at the other studio's address."""
        key = self.client.cookies["guildhall_session"]
        path = f"{other.prefix}/api/v1/session"
        return httpx.get(path, headers={"Cookie": f"guildhall_session={key}"}, timeout=60).status_code == 401


def test_nobody_sees_another_studios_answer(server):
    ours, theirs = found("Ours"), found("Theirs")
    people = [Person(server, studio, who).sign_in() for studio in (ours, theirs) for who in PEOPLE]
    tokens = {studio.slug: access.issue_token(studio.actor("tina"), name="t") for studio in (ours, theirs)}
    asks = []
    for _ in range(6):
        for at, one in enumerate(people):
            other = people[(at + len(PEOPLE)) % len(people)]
            asks += [one.look, one.library_look, one.look]
            asks.append(lambda one=one: one.look_by_token(server, tokens[one.studio.slug]))
            asks.append(lambda one=one: one.hang_up(server))
            asks.append(lambda one=one, other=other: one.look_across(other))
    secrets.SystemRandom().shuffle(asks)
    with ThreadPoolExecutor(12) as many:
        answers = list(many.map(lambda ask: ask(), asks))
    assert len(answers) == 6 * 6 * 8
    assert all(answers)


def test_no_transaction_stays_open(server, services):
    import psycopg

    time.sleep(0.5)
    with psycopg.connect(services.postgres.url("owner"), autocommit=True) as connection:
        idle = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        ).fetchone()[0]
    assert idle == 0
