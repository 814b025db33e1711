"""Server-sent events about one row: ids and numbers as they are told, a comment when nothing is, until its end."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final
from uuid import UUID

from django.http import StreamingHttpResponse
from rest_framework.request import Request

from access.actor import Actor
from access.api.scoped import ScopedAPIView
from dispatch import services as dispatch

ENDED: Final = frozenset({"completed", "refused", "withheld", "failed", "cancelled", "finished", "done"})


class EventStreamView(ScopedAPIView):
    """A view whose answer is a stream of events."""

    def perform_content_negotiation(self, request: Request, *, force: bool = False) -> Any:  # type: ignore[override]
        """Answer whatever a client says that it accepts: a browser accepts of events only `text/event-stream`."""
        del force
        return super().perform_content_negotiation(request, force=True)


def event_stream(actor: Actor, *, row: UUID) -> StreamingHttpResponse:
    """Return the stream of what is told about a row of the Actor's project; it ends with the row's last state."""
    response = StreamingHttpResponse(_events(actor, row), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(actor: Actor, row: UUID) -> AsyncIterator[bytes]:
    yield b": listening\n\n"
    async with aclosing(dispatch.alisten(tenant=actor.tenant, project=actor.project, row=row)) as told:  # type: ignore[type-var]  # an async generator
        async for word in told:
            if not word:
                yield b": still here\n\n"
                continue
            yield f"event: {word.get('event', 'message')}\ndata: {json.dumps(word)}\n\n".encode()
            if word.get("event") == "state" and word.get("state") in ENDED:
                return
