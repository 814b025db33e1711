"""What the peers share: a WSGI application over https on the loopback, which says its address in one line when it is ready."""

import argparse
import json
import os
import secrets
import socketserver
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from tests.peers.certificates import Leaf


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # wsgiref asks for the machine's name, which may take seconds
        self.server_name, self.server_port = self.server_address
        self.setup_environ()

    def handle_error(self, *_):
        pass  # a client that goes away is no news


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def handle(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return
        handler = ServerHandler(self.rfile, self.wfile, self.get_stderr(), {**self.get_environ(), "HTTPS": "on"}, multithread=True)
        handler.request_handler = self
        handler.run(self.server.get_app())

    def address_string(self):
        return self.client_address[0]

    def log_message(self, *_):
        pass


def arguments() -> argparse.Namespace:
    """Read `--port`, `--folder`, `--certificate` and `--key`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--certificate", type=Path, required=True)
    parser.add_argument("--key", type=Path, required=True)
    return parser.parse_args()


def bind(given: argparse.Namespace) -> Threaded:
    """Take the port, so that the application can be made knowing its own address."""
    server = Threaded(("127.0.0.1", given.port), Quiet)
    context = Leaf(certificate=given.certificate, key=given.key, authority=given.certificate).context()
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


def serve(server: Threaded, app) -> None:
    """Serve until the process is ended, or until who started it is gone."""
    server.set_app(app)
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"https://127.0.0.1:{server.server_port}"}) + "\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(0)


# --- small applications ---------------------------------------------------------------------------------------------------


@dataclass
class Asked:
    """One request, read whole."""

    method: str
    path: str
    base: str
    query: dict
    form: dict
    json: dict
    cookies: dict
    headers: dict
    raw_query: str


@dataclass
class Answer:
    status: int = 200
    body: bytes | str | dict | list = b""
    headers: dict = field(default_factory=dict)

    def encoded(self) -> tuple[bytes, str]:
        if isinstance(self.body, dict | list):
            return json.dumps(self.body).encode(), "application/json"
        return (self.body.encode() if isinstance(self.body, str) else self.body), "text/html; charset=utf-8"


def redirect(to: str, **headers) -> Answer:
    return Answer(302, headers={"Location": to, **headers})


def application(routes):
    """Return a WSGI application of `{"METHOD /path": function(Asked) -> Answer}`."""

    def app(environ, start_response):
        asked = _read(environ)
        found = routes.get(f"{asked.method} {asked.path}")
        answer = found(asked) if found else Answer(404, {"error": "not_found"})
        body, kind = answer.encoded()
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store", **answer.headers}
        start_response(f"{answer.status} Said", list(headers.items()))
        return [body]

    return app


def _read(environ) -> Asked:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    kind = environ.get("CONTENT_TYPE", "")
    cookies = [pair.strip().partition("=") for pair in environ.get("HTTP_COOKIE", "").split(";") if "=" in pair]
    return Asked(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        base=f"https://{environ['HTTP_HOST']}",
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        form=dict(parse_qsl(body.decode(), keep_blank_values=True)) if "urlencoded" in kind else {},
        json=json.loads(body) if "json" in kind and body else {},
        cookies={name: value for name, _, value in cookies},
        headers={name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")},
        raw_query=environ.get("QUERY_STRING", ""),
    )


def drawn() -> str:
    return secrets.token_urlsafe(24)
