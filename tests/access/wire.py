"""The real web process, and clients that speak to it byte by byte: what they get is kept whole, however early they hang up."""

import contextlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass

import httpx

from tests.conftest import HOME, ROOT
from tests.factories.studio import PASSWORD

PATIENCE = 60


@contextlib.contextmanager
def web(services):
    """Run the web process as the supervisor starts it: its own login, a pool of connections; yield host and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path = HOME / "logs" / f"web-{port}.log"
    command = [
        sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port),
        "--lifespan", "off", "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3",
    ]  # fmt: skip
    with path.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **services.environment("web")}, stdout=log, stderr=log)
        try:
            _wait(port, process, path)
            yield Server("127.0.0.1", port, path, process)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(port, process, path):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError(path.read_text()[-2000:])


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    log: object
    process: subprocess.Popen


@dataclass(frozen=True)
class Ask:
    """A request as it goes over the wire."""

    what: str
    method: str
    path: str
    headers: dict
    body: bytes = b""
    expected: int = 200
    is_stream: bool = False

    def bytes(self, server):
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {server.host}:{server.port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.method != "GET":
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Got:
    """What came back: every byte, and of an answer that came whole its status, its type and its body."""

    ask: Ask
    raw: bytes
    status: int = 0
    kind: str = ""
    body: bytes = b""


def whole(server, ask):
    """Send a request and read its answer to the end; of a stream the first few words."""
    line = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    with contextlib.closing(line):
        line.request(ask.method, ask.path, body=ask.body or None, headers=ask.headers)
        answer = line.getresponse()
        body = b"".join(answer.readline() for _ in range(8)) if ask.is_stream else answer.read()
        head = "\r\n".join(f"{name}: {value}" for name, value in answer.getheaders()).encode()
    return Got(ask, head + b"\r\n\r\n" + body, answer.status, answer.headers.get_content_type(), body)


def broken_while_sending(server, ask):
    """Hang up in the middle of the request: of its body if there is one."""
    sent = ask.bytes(server)
    head = len(sent) - len(ask.body)
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as line:
        line.sendall(sent[: random.randrange(head, len(sent)) if ask.body else random.randrange(1, head - 1)])
    return Got(ask, b"")


def broken_while_receiving(server, ask):
    """Send the whole request and hang up before, or soon after, the answer begins."""
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as line:
        line.sendall(ask.bytes(server))
        wanted = random.choice([0, 0, 1, 200, 700, 3000])
        got = b""
        while len(got) < wanted:
            part = line.recv(wanted - len(got))
            if not part:
                break
            got += part
    return Got(ask, got)


class Browser:
    """Somebody signed in at her studio's address."""

    def __init__(self, server, studio, who):
        prefix = f"/s/{studio.slug}"
        with httpx.Client(base_url=f"http://{server.host}:{server.port}", timeout=PATIENCE) as client:
            client.get(f"{prefix}/")
            answer = client.post(
                f"{prefix}/_allauth/browser/v1/auth/login",
                json={"email": f"{who}@example.com", "password": PASSWORD},
                headers={"X-CSRFToken": client.cookies["csrftoken"]},
            )
            assert answer.status_code == 200, answer.text
            cookies = {name: client.cookies[name] for name in ("csrftoken", "guildhall_session")}
        self.studio, self.who, self.key, self.prefix = studio, who, cookies["guildhall_session"], prefix
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "X-CSRFToken": cookies["csrftoken"],
        }  # fmt: skip


class Program:
    """Somebody's program, with her token."""

    def __init__(self, studio, who):
        self.studio, self.who, self.prefix = studio, who, ""
        self.headers = {"Authorization": f"Bearer {studio.token(who)}"}


def said(body):
    """Return headers and bytes of a body of JSON."""
    return {"Content-Type": "application/json"}, json.dumps(body).encode()


def form(fields, name, file):
    """Return headers and bytes of a form with one file."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()
    ]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'.encode()
    )
    return {"Content-Type": f"multipart/form-data; boundary={edge}"}, b"".join(parts) + file + f"\r\n--{edge}--\r\n".encode()
