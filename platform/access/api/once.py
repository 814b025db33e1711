"""The header with which a program may ask twice and be answered as once."""

from typing import Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from access.services.once import LONGEST_KEY

HEADER: Final = "Idempotency-Key"
KEY: Final = OpenApiParameter(
    HEADER, {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}, OpenApiParameter.HEADER,
    description="Asked again with the same key, the deed is not done again: the answer is the first one's. "
    "The same key with another ask is refused (409 idempotency.key_reused).",
)  # fmt: skip


def key_of(request: Request) -> str | None:
    """Return the request's key, or None; whoever uses it checks it."""
    key: str | None = request.headers.get(HEADER)
    return key
