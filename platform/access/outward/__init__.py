"""The only way in which `web` asks an address that a tenant chose: discovery, tokens, keys and metadata of identity providers.

It promises, for every request: https (plain http only to an origin that the operator wrote with `http://`); the certificate
is that of the name; the name is resolved once, and the connection goes to exactly the addresses that were judged; private,
local and reserved addresses are refused unless the operator allows them; no redirect is followed; the answer has an end in
size and in time; no proxy, cookie or netrc of the environment takes part. What an answer says stands in no message of ours.
"""

import contextlib
import functools
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final

import certifi
import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from access.outward.places import Address, NotReached, Place, Word, judged, permitted, words

Resolver = Callable[[str, int], Iterable[str]]

SECONDS: Final = 10.0
LARGEST: Final = 2 * 1024 * 1024
_ADDRESSES_TRIED: Final = 4


def system_resolver(host: str, port: int) -> list[str]:
    """Return what the machine's resolver says."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass(frozen=True)
class Way:
    """How to go out: what is allowed, who resolves, whose certificates count, and where an answer ends."""

    allowed: tuple[Word, ...] = ()
    authorities: str = ""
    resolve: Resolver = field(default=system_resolver)
    seconds: float = SECONDS
    largest: int = LARGEST


def of_installation() -> Way:
    """Return the way that this installation's settings describe."""
    return Way(allowed=words(tuple(settings.OUTWARD_ALLOWED)), authorities=settings.OUTWARD_CA)


def fetch(url: str, way: Way | None = None) -> bytes:
    """Return what stands at an address, or raise NotReached."""
    return _body("GET", url, way)


def post(url: str, fields: Mapping[str, str], way: Way | None = None) -> bytes:
    """Return what an address answers to a form, or raise NotReached."""
    return _body("POST", url, way, data=dict(fields))


def judge(url: str, way: Way | None = None) -> Place:
    """Return whom a URL names, when its form and scheme may be asked at all; nothing is resolved or asked."""
    return judged(url, (way or of_installation()).allowed)


class Session(requests.Session):
    """A session of `requests` that keeps the promises above, whatever its caller sets."""

    def __init__(self, way: Way | None = None) -> None:
        super().__init__()
        self.way = way or of_installation()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.mount("https://", _Adapter(self.way))
        self.mount("http://", _Adapter(self.way))

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Judge the address as it was written too, before `requests` makes another of it."""
        judged(url if isinstance(url, str) else url.decode("latin-1"), self.way.allowed)
        return super().request(method, url, *args, **kwargs)


@functools.lru_cache(maxsize=8)
def trust(authorities: str) -> ssl.SSLContext:
    """Return a context that trusts the public authorities, and those of a file of the operator's (read once)."""
    context = ssl.create_default_context(cafile=certifi.where())
    if authorities:
        context.load_verify_locations(cafile=authorities)
    return context


# --- connecting --------------------------------------------------------------------------------------------------------


class _Deadline:
    """The end of a request's time. A socket under it is shut down then, however slowly the other side drips."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.001, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    @contextlib.contextmanager
    def over(self, connected: socket.socket) -> Iterator[None]:
        # A copy of the descriptor: wrapping a socket in TLS takes its own away from it.
        copy = connected.dup()
        timer = threading.Timer(self.left, _shut, [copy])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            copy.close()


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _resolved(place: Place, way: Way, deadline: _Deadline) -> list[Address]:
    """Return the addresses of a place, all of them permitted. A name that leads also to a forbidden one leads nowhere."""
    said = [str(place.address)] if place.address is not None else _asked(place, way, deadline)
    try:
        addresses = [ipaddress.ip_address(one) for one in said]
    except ValueError:
        raise NotReached("outward.refused_address", why="resolver") from None
    if not addresses:
        raise NotReached("outward.failed", why="name")
    if not all(permitted(place, address, way.allowed) for address in addresses):
        raise NotReached("outward.refused_address", why="address")
    return addresses[:_ADDRESSES_TRIED]


def _asked(place: Place, way: Way, deadline: _Deadline) -> list[str]:
    """Ask the resolver, which knows no limit of time, in a thread that is left behind when it takes too long."""
    answer: list[str] = []
    failed: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            answer.extend(way.resolve(place.host, place.port))
        except (OSError, UnicodeError) as broken:
            failed.append(broken)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(deadline.left)
    if asking.is_alive():
        raise NotReached("outward.timeout")
    if failed:
        raise NotReached("outward.failed", why="name")
    return answer


def _connected(addresses: list[Address], port: int, deadline: _Deadline) -> socket.socket:
    for address in addresses:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        made = socket.socket(family, socket.SOCK_STREAM)
        made.settimeout(deadline.left)
        try:
            made.connect((str(address), port))
        except OSError:
            made.close()
        else:
            return made
    raise NotReached("outward.timeout" if deadline.is_over else "outward.failed", why="unanswered")


class _Plain(HTTPConnection):
    """A connection over a socket that was made for it; it makes none itself."""

    made: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.made


class _Secure(HTTPSConnection):
    """The same with TLS: the name is what is sent and verified."""

    made: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.made


class _Adapter(HTTPAdapter):
    """Sends one request over one connection, and reads the answer whole before it hands it on."""

    def __init__(self, way: Way) -> None:
        super().__init__(max_retries=0)
        self._way = way

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Ask; the caller's timeout, proxies and wishes about certificates are not looked at."""
        deadline = _Deadline(self._way.seconds)
        place = judged(request.url or "", self._way.allowed)
        made = _connected(_resolved(place, self._way, deadline), place.port, deadline)
        with contextlib.closing(_connection(place, made, self._way)) as connection, deadline.over(made):
            try:
                response = self._exchanged(request, connection)
            except ssl.SSLCertVerificationError:
                raise NotReached("outward.failed", why="certificate") from None
            except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as broken:
                raise _told(broken, deadline) from None
            if deadline.is_over:
                raise NotReached("outward.timeout")
            return response

    def _exchanged(self, request: requests.PreparedRequest, connection: HTTPConnection) -> requests.Response:
        headers = {**_texts(request.headers), "Accept-Encoding": "identity", "Connection": "close"}
        connection.request(
            request.method or "GET",
            request.path_url,
            body=request.body,  # type: ignore[arg-type]  # ours are bytes and text, never streams
            headers=headers,
            preload_content=False,
        )
        raw = connection.getresponse()
        if 300 <= raw.status < 400:
            raise NotReached("outward.redirect", status=raw.status)
        body = raw.read(self._way.largest + 1, decode_content=True)
        if len(body) > self._way.largest:
            raise NotReached("outward.too_large", most=self._way.largest)
        response = self.build_response(request, raw)
        response._content = body  # noqa: SLF001  # read here, under the limits
        response._content_consumed = True  # noqa: SLF001
        return response


def _texts(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value.decode("latin-1") for name, value in headers.items()}


def _connection(place: Place, made: socket.socket, way: Way) -> HTTPConnection:
    connection: _Plain | _Secure
    if place.scheme == "https":
        connection = _Secure(place.host, place.port, ssl_context=trust(way.authorities), timeout=way.seconds)
    else:
        connection = _Plain(place.host, place.port, timeout=way.seconds)
    connection.made = made
    return connection


def _told(broken: Exception, deadline: _Deadline) -> NotReached:
    """Say what happened by its kind alone."""
    if isinstance(broken, NotReached):
        return broken
    if deadline.is_over or isinstance(broken, TimeoutError):
        return NotReached("outward.timeout")
    if isinstance(broken, ssl.SSLError | urllib3.exceptions.SSLError):
        verification = "CERTIFICATE_VERIFY_FAILED" in str(broken)
        return NotReached("outward.failed", why="certificate" if verification else "tls")
    return NotReached("outward.failed", why="answer")


def _body(method: str, url: str, way: Way | None, **sent: Any) -> bytes:
    with Session(way) as session:
        response = session.request(method, url, **sent)
    if not response.ok:
        raise NotReached("outward.failed", why="status", status=response.status_code)
    return response.content
