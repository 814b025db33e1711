"""The ASGI door. A body is refused above the limit while it arrives, and never spooled to disk.

Django keeps a body in memory up to FILE_UPLOAD_MAX_MEMORY_SIZE and lets it over into a temporary file beyond: pictures
and captions in clear. The limit here is the same number, so that it never comes to that.
"""

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
STRANGERS_LIMIT: Final = 1 << 20  # who shows neither token nor cookie has nothing to upload

django_application = get_asgi_application()


class _TooLarge(Exception):  # not an error of ours: the body is
    """The body is longer than its sender may send."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Pass HTTP to Django, its body up to the limit; anything else is closed."""
    if scope["type"] != "http":
        return
    headers, limit = dict(scope["headers"]), settings.UPLOAD_BODY_LIMIT
    if b"authorization" not in headers and b"cookie" not in headers:
        limit = min(limit, STRANGERS_LIMIT)
    if _announced(headers) > limit:
        await _refuse(send, limit)
        return
    # The server before us ends TLS; how people reach it is known, and never taken from a header.
    scope = {**scope, "scheme": "https" if settings.SECURE_COOKIES else scope["scheme"]}
    try:
        await django_application(scope, _counted(receive, limit), send)
    except _TooLarge:
        await _refuse(send, limit)


def _announced(headers: Mapping[bytes, bytes]) -> int:
    said = headers.get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


def _counted(receive: Receive, limit: int) -> Receive:
    arrived = 0

    async def counted() -> Mapping[str, Any]:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > limit:
            raise _TooLarge
        return message

    return counted


async def _refuse(send: Send, limit: int) -> None:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    problem = {
        "type": "urn:guildhall:problem:body.too_large", "title": status.phrase, "status": int(status), "code": "body.too_large",
        "detail": f"Send at most {limit} bytes at once; one picture a request.", "facts": {"most": limit},
    }  # fmt: skip
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
