"""The base of every API view: who acts, whether he may, and in which scope the answer is made.

A read runs whole, rendering included, in one read-only transaction of the Actor's scope. A deed calls its service
unscoped (the service's own transaction is durable) and renders in a second scope. Streams enter scopes of their own.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from access.actor import Actor
from access.roles import Permission
from kernel.errors import InvalidInput, NotFound, Unauthenticated


class ScopedAPIView(APIView):
    """An API view with an Actor. `permissions` maps method → what it needs; a tuple any of these, none only being there."""

    permissions: ClassVar[Mapping[str, Permission | tuple[Permission, ...]]] = {}
    # Read by the schema: whatever a view lists comes in pages.
    pagination_class = api_settings.DEFAULT_PAGINATION_CLASS
    scoped_reads: ClassVar[bool] = True
    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read who acts and ask whether he may. Raises Unauthenticated, NotFound or Forbidden."""
        super().initial(request, *args, **kwargs)
        caller: Any = request.user
        if caller is None or not getattr(caller, "is_authenticated", False):
            raise Unauthenticated
        self.actor = caller.actor(_project(kwargs.get("project")))
        # Django answers HEAD by the handler of GET, so it needs the same.
        needed = self.permissions.get("GET" if request.method == "HEAD" else request.method or "")
        if needed is not None:
            self.actor.require_any(*((needed,) if isinstance(needed, Permission) else needed))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer a read inside the Actor's scope, rendered; anything else outside one."""
        if request.method not in SAFE_METHODS or not self.scoped_reads:
            return super().dispatch(request, *args, **kwargs)
        return self._read(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say with each 401 how to come back, as HTTP asks."""
        final: Any = super().finalize_response(request, response, *args, **kwargs)
        if final.status_code == HTTPStatus.UNAUTHORIZED:
            final.headers.setdefault("WWW-Authenticate", 'Bearer realm="guildhall"')
        return final

    def _read(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            handler = getattr(self, str(self.request.method).lower(), self.http_method_not_allowed)
            with self.actor.reading():
                response = self._rendered(handler(self.request, *args, **kwargs))
        except Exception as exc:  # noqa: BLE001  # DRF's own way: its handler answers or raises again
            response = self._rendered(self.handle_exception(exc))
        return response

    def _rendered(self, response: Any) -> Any:
        self.response = self.finalize_response(self.request, response, *self.args, **self.kwargs)
        if isinstance(self.response, Response):
            self.response.render()
        return self.response


def needs_browser(request: Request) -> None:
    """Raise InvalidInput for a token: what is of browsers' sessions is no program's to see or to end."""
    if getattr(request.user, "bearer", None) is not None:
        raise InvalidInput("session.needs_browser")


def _project(value: Any) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        raise NotFound("project.unknown") from None
