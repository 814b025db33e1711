"""The one way in which pictures are shown over HTTP: marked for whoever may not see them without a mark."""

from typing import Final

from django.http import HttpResponse

from access.actor import Actor
from tenants.vault import services as vault

MARKED: Final = "Guildhall-Marked"
_PRIVATE: Final = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def shown_picture(actor: Actor, content: bytes, *, media_type: str) -> HttpResponse:
    """Return an opened picture as the Actor may see it; a header says when it carries a mark and so no manifest."""
    picture = vault.for_eyes_of(actor, content, media_type=media_type)
    headers = _PRIVATE | ({MARKED: "visible"} if picture.is_marked else {})
    return HttpResponse(picture.content, content_type=media_type, headers=headers)
