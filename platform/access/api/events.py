"""Server-sent events about one row: its state, then ids and numbers as they are told, until it has ended.

What is told is a hint and kept for a minute; the row alone says whether it has ended. So it is read once the ear is
open, at each word that speaks of a state, and after each quiet spell: a stream of what ended yesterday ends at once,
one of what was taken up again goes on, and a lost word costs seconds.

Whoever listens is asked for her rights anew at each word and after each quiet spell, and the gate with her: with the role, the
session or the token the stream ends too, as with the network or the factor that a request would lack, and says nothing more.
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
from access.roles import Permission
from dispatch import services as dispatch
from kernel.errors import Forbidden, NotFound, Unauthenticated

ENDED: Final = frozenset({"completed", "refused", "withheld", "failed", "cancelled", "finished"})


class EventStreamView(ScopedAPIView):
    """A view whose answer is a stream of events."""

    def perform_content_negotiation(self, request: Request, *, force: bool = False) -> Any:  # type: ignore[override]
        """Answer whatever a client says that it accepts: a browser accepts of events only `text/event-stream`."""
        del force
        return super().perform_content_negotiation(request, force=True)

    def anew(self) -> Actor:
        """Return who listens, rights read anew. Raises once the right, the session or the token has gone, or the gate refuses."""
        caller: Any = self.request.user
        actor: Actor = caller.anew(self.request._request, self.actor.project)  # DRF's only way to Django's request
        needed = self.permissions["GET"]
        actor.require_any(*((needed,) if isinstance(needed, Permission) else needed))
        return actor

    def stream(self, *, row: UUID, state: Callable[[Actor], str]) -> StreamingHttpResponse:
        """Return the stream of what is told about a row; `state` reads the row's for an Actor, in his scope."""
        return event_stream(self.actor, row=row, state=state, anew=self.anew)


def event_stream(actor: Actor, *, row: UUID, state: Callable[[Actor], str], anew: Callable[[], Actor]) -> StreamingHttpResponse:
    """Return the stream of what is told about a row of the Actor's project, while `anew` says that he may still listen."""
    response = StreamingHttpResponse(events(actor, row, state, anew), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def events(actor: Actor, row: UUID, state: Callable[[Actor], str], anew: Callable[[], Actor]) -> AsyncIterator[bytes]:
    """Yield a row's events as they go over the wire; end with its last state, or with the right to listen."""
    yield b": listening\n\n"
    known = ""
    async with aclosing(dispatch.alisten(tenant=actor.tenant, project=actor.project, row=row)) as told:  # type: ignore[type-var]  # an async generator
        async for word in told:
            listener = await sync_to_async(_still)(anew)
            if listener is None:
                return
            speaks = word.get("event") == "state"
            if speaks or not word or not known:
                now = await sync_to_async(_read)(listener, state)
                if now != known:
                    yield _event(word if speaks and word.get("state") == now else {"event": "state", "state": now})
                known = now
                if known in ENDED:
                    return
            if not word:
                yield b": still here\n\n"
            elif not speaks:
                yield _event(word)


def _still(anew: Callable[[], Actor]) -> Actor | None:
    """Return who listens, or None when he may no longer; hold no connection for the length of a stream."""
    try:
        return anew()
    except (Unauthenticated, Forbidden, NotFound):
        return None
    finally:
        connection.close()


def _read(actor: Actor, state: Callable[[Actor], str]) -> str:
    """Read, and hold no connection either."""
    try:
        with actor.reading():
            return state(actor)
    finally:
        connection.close()


def _event(word: dict[str, Any]) -> bytes:
    return f"event: {word.get('event', 'message')}\ndata: {json.dumps(word)}\n\n".encode()
