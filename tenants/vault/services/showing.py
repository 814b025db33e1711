"""What somebody is shown of an opened picture: the picture, or a copy with her mark on it."""

from dataclasses import dataclass

from django.utils import timezone
from PIL import UnidentifiedImageError

from access.actor import Actor
from access.roles import Permission
from kernel.errors import VerificationFailed
from tenants.vault.marking import marked, words_for


@dataclass(frozen=True)
class Picture:
    """The bytes to show, and whether they carry a mark."""

    content: bytes
    is_marked: bool


def for_eyes_of(actor: Actor, content: bytes, *, media_type: str) -> Picture:
    """Return a picture as the Actor may see it. What cannot be marked is shown to nobody who needs a mark."""
    if actor.may(Permission.ASSET_UNMARKED):
        return Picture(content, is_marked=False)
    words = words_for(actor.display, actor.pseudonym, timezone.now().date())
    try:
        return Picture(marked(content, words=words, media_type=media_type), is_marked=True)
    except UnidentifiedImageError:
        raise VerificationFailed("picture.unreadable") from None
