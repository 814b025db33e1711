"""The base of the doors that a link opens: for the person it was made for, by session or token; for all others no door.

Who shows another's link, one that is over or changed, or has lost the right since, and whoever is nobody, all get the
same answer: nothing is there. What the person herself is told, that a licence forbids it for one, stays as it is.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access import links
from access.actor import Actor
from access.services import address_of
from kernel.errors import Forbidden, NotFound, Unauthenticated


class LinkSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    expires = serializers.DateTimeField()


class LinkedAPIView(APIView):
    """A door for one `purpose`; a view opens the link and hands out what it names."""

    permission_classes = (AllowAny,)
    # A HEAD would be answered by GET, and recorded as bytes handed out that were not.
    http_method_names = ["get", "options"]  # noqa: RUF012  # Django's own attribute
    purpose: ClassVar[links.Purpose]

    def opened(self, request: Request, link: str) -> tuple[Actor, UUID]:
        """Return who shows the link, rights read anew, and the row that it names. Raises NotFound."""
        caller: Any = request.user
        if caller is None:
            raise Unauthenticated
        holder = links.Holder(caller.tenant, caller.person)
        target = links.read(link, holder=holder, purpose=self.purpose, now=timezone.now())
        if target is None:
            raise NotFound("link.unknown")
        return caller.actor(target.project), target.row

    def handle_exception(self, exc: Exception) -> Response:
        """Give one answer to all whom the link does not serve."""
        hidden = isinstance(exc, Unauthenticated | Forbidden | NotFound)
        return super().handle_exception(NotFound("link.unknown") if hidden else exc)


def said(actor: Actor, request: HttpRequest, *, link: links.Link, door: str) -> dict[str, str | datetime]:
    """Return a link as the API says it: within the studio's address, so that her session and her token open it alike."""
    address = reverse(door, kwargs={"link": link.text})
    if getattr(request, "tenant", None) is None:
        address = f"/s/{address_of(actor)}{address}"
    return {"url": address, "expires": link.expires}
