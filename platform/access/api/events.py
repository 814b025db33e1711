"""Server-sent events about one row: its state, then ids and numbers as they are told, until it has ended.

What is told is a hint and kept for a minute; the row alone says whether it has ended. So it is read once the ear is
open, at each word that speaks of a state, and after each quiet spell: a stream of what ended yesterday ends at once,
one of what was taken up again goes on, and a lost word costs seconds.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from access.actor import Actor
from access.api.scoped import ScopedAPIView
from dispatch import services as dispatch

ENDED: Final = frozenset({"completed", "refused", "withheld", "failed", "cancelled", "finished"})


class EventStreamView(ScopedAPIView):
    """A view whose answer is a stream of events."""

    def perform_content_negotiation(self, request: Request, *, force: bool = False) -> Any:  # type: ignore[override]
        """Answer whatever a client says that it accepts: a browser accepts of events only `text/event-stream`."""
        del force
        return super().perform_content_negotiation(request, force=True)


def event_stream(actor: Actor, *, row: UUID, state: Callable[[], str]) -> StreamingHttpResponse:
    """Return the stream of what is told about a row of the Actor's project; `state` reads the row's, in the Actor's scope."""
    response = StreamingHttpResponse(events(actor, row, state), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def events(actor: Actor, row: UUID, state: Callable[[], str]) -> AsyncIterator[bytes]:
    """Yield a row's events as they go over the wire; end with its last state."""
    yield b": listening\n\n"
    known = ""
    async with aclosing(dispatch.alisten(tenant=actor.tenant, project=actor.project, row=row)) as told:  # type: ignore[type-var]  # an async generator
        async for word in told:
            speaks = word.get("event") == "state"
            if speaks or not word or not known:
                now = await sync_to_async(_read)(actor, state)
                if now != known:
                    yield _event(word if speaks and word.get("state") == now else {"event": "state", "state": now})
                known = now
                if known in ENDED:
                    return
            if not word:
                yield b": still here\n\n"
            elif not speaks:
                yield _event(word)


def _read(actor: Actor, state: Callable[[], str]) -> str:
    """Read, and hold no connection for the length of a stream."""
    try:
        with actor.reading():
            return state()
    finally:
        connection.close()


def _event(word: dict[str, Any]) -> bytes:
    return f"event: {word.get('event', 'message')}\ndata: {json.dumps(word)}\n\n".encode()
