"""How SCIM travels: media type, who asks, entity tags, and which attributes are wanted."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from access.actor import Actor
from access.api.scoped import ScopedAPIView
from access.middleware import address_of
from access.models import Group, User
from access.scim.errors import ScimError, as_scim, bad
from access.scim.schemas import ON_REQUEST, lowered, version_of
from access.services import provisioning_actor
from kernel.errors import Unauthenticated

MEDIA_TYPE: Final = "application/scim+json"
MOST_BYTES: Final = 1024 * 1024
# They stand in every answer, whatever is asked for.
_ALWAYS: Final = frozenset({"schemas", "id"})


@dataclass(frozen=True)
class Client:
    """A provisioning client that was recognised."""

    known: Actor
    is_authenticated: bool = True

    def actor(self, project: UUID | None) -> Actor:
        """Return who acts; provisioning concerns no project."""
        del project
        return self.known


class ProvisioningAuthentication(BaseAuthentication):
    """A provisioning token of the studio in the address, and nothing else: no session, no person's token."""

    def authenticate(self, request: Request) -> tuple[Client, None] | None:
        """Return the client, or None for nobody. Raises Unauthenticated for any other token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        tenant: UUID | None = getattr(request._request, "tenant", None)
        if scheme.lower() != "bearer":
            return None
        if tenant is None:
            raise Unauthenticated("token.unusable")
        return Client(provisioning_actor(token.strip(), tenant=tenant, address=address_of(request._request))), None

    def authenticate_header(self, request: Request) -> str:
        """Return what makes the answer to nobody a 401."""
        del request
        return 'Bearer realm="guildhall"'


class ScimRenderer(JSONRenderer):
    """JSON under SCIM's media type."""

    media_type = MEDIA_TYPE
    format = "scim"


class ScimParser(BaseParser):
    """A JSON object of bounded size, without what no database can hold."""

    media_type = MEDIA_TYPE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the object. Raises ParseError."""
        del media_type, parser_context
        sent = stream.read(MOST_BYTES + 1)
        if len(sent) > MOST_BYTES:
            raise ScimError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A request has at most {MOST_BYTES} bytes.")
        try:
            said = json.loads(sent)
        except (ValueError, RecursionError):
            raise ParseError from None
        if not isinstance(said, dict):
            raise ParseError
        return said


class JsonParser(ScimParser):
    """The same under JSON's own media type."""

    media_type = "application/json"


class Negotiation(DefaultContentNegotiation):
    """What is asked for in no form that we have is answered in SCIM's."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return a renderer and its media type."""
        del format_suffix
        chosen = next((one for one in renderers if one.media_type in request.headers.get("Accept", "")), renderers[0])
        return chosen, chosen.media_type


class ScimView(ScopedAPIView):
    """The base of every SCIM view."""

    authentication_classes = (ProvisioningAuthentication,)
    permission_classes = ()
    renderer_classes = (ScimRenderer, JSONRenderer)
    parser_classes = (ScimParser, JsonParser)
    content_negotiation_class = Negotiation
    schema = None

    def get_exception_handler(self) -> Callable[..., Any]:
        """Return what says errors in SCIM's form."""
        return as_scim

    @property
    def said(self) -> dict[str, Any]:
        """Return the object that was sent, as our parsers read nothing else."""
        return cast("dict[str, Any]", self.request.data)

    @property
    def base(self) -> str:
        """Return the address of this studio's SCIM service."""
        return str(self.request.build_absolute_uri(f"{self.request._request.studio_path}scim/v2"))  # type: ignore[attr-defined]  # StudioMiddleware's


def check_unchanged(request: Request, row: User | Group) -> None:
    """Raise ScimError (412) when the client says which version it means, and it is another."""
    wanted = request.headers.get("If-Match", "").strip()
    if wanted and not _names(wanted, version_of(row)):
        raise ScimError(HTTPStatus.PRECONDITION_FAILED, "The resource has changed since.")


def is_known(request: Request, row: User | Group) -> bool:
    """Return whether the client has this version already."""
    return _names(request.headers.get("If-None-Match", "").strip(), version_of(row))


def _names(header: str, version: str) -> bool:
    # Weak comparison: the mark W/ does not count, and some clients leave it out.
    tags = {one.strip().removeprefix("W/") for one in header.split(",")}
    return header == "*" or version.removeprefix("W/") in tags


@dataclass(frozen=True)
class Wanted:
    """Which attributes an answer has; names in lower case, with their sub-attribute."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def names(self, name: str) -> bool:
        """Return whether this attribute will be in the answer."""
        if name in _ALWAYS:
            return True
        if self.only:
            return any(one.partition(".")[0] == name for one in self.only)
        return name not in self.without

    def of(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return a resource with these attributes."""
        kept = {name: self._inner(name.lower(), value) for name, value in said.items() if self.names(name.lower())}
        return {name: value for name, value in kept.items() if value not in ({}, [])}

    def _inner(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._inner(name, one) if isinstance(one, dict) else one for one in value]
        return {sub: one for sub, one in value.items() if self._has(name, sub.lower())} if isinstance(value, dict) else value

    def _has(self, name: str, sub: str) -> bool:
        full = f"{name}.{sub}"
        if full in ON_REQUEST:
            return full in self.only
        if self.only:
            return name in self.only or full in self.only
        return full not in self.without


def wanted_in(said: Mapping[str, Any]) -> Wanted:
    """Return the attributes that a query or a search asks for. Raises ScimError for both ways at once."""
    known = lowered(said)
    only, without = _words(known.get("attributes")), _words(known.get("excludedattributes"))
    if only and without:
        raise bad("invalidValue", "attributes and excludedAttributes exclude one another.")
    return Wanted(only, without)


def _words(said: Any) -> frozenset[str]:
    if said is None:
        return frozenset()
    listed = said.split(",") if isinstance(said, str) else said
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise bad("invalidValue", "Attributes are a list of names.")
    return frozenset(_plain(one.strip().lower()) for one in listed if one.strip())


def _plain(name: str) -> str:
    """Return an attribute's name without its schema."""
    return name.rpartition(":")[2] if name.startswith("urn:") else name
