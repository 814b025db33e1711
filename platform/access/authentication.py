"""DRF: who makes this request, by token or by the studio's session. The Actor itself is read per view."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from access.actor import Actor
from access.gate import Verdict
from access.gating import check_session
from access.middleware import StudioCsrfMiddleware, address_of
from access.proofs import proofs_in
from access.roles import Permission, by_token
from access.services import Bearer, Shown, actor_from_session, actor_of_bearer, bearer_of, check_bearer
from access.services.admitting import Admitted
from kernel.errors import Unauthenticated


@dataclass(frozen=True)
class Caller:
    """Who was recognised, and by what; `actor(project)` reads the rights."""

    person: UUID
    tenant: UUID
    bearer: Bearer | None = None
    shown: Shown | None = None
    admitted: Admitted | None = None
    is_authenticated: bool = True

    def actor(self, project: UUID | None) -> Actor:
        """Return the Actor in a project, or tenant-wide. Raises NotFound for a stranger to the project."""
        if self.bearer is not None:
            return actor_of_bearer(self.bearer, project=project)
        if self.shown is None:
            raise Unauthenticated
        return actor_from_session(self.shown, project=project)

    def anew(self, request: HttpRequest, project: UUID | None) -> Actor:
        """Do as `actor` does, long after the request began: the token or the session is looked up again, and the gate asked."""
        if self.bearer is not None:
            check_bearer(self.bearer, address=address_of(request) or "")
        else:
            check_session(request)
        return self.actor(project)

    def carried(self, held: frozenset[Permission]) -> frozenset[Permission]:
        """Return what this way of asking carries of what the person may: a token can be narrower."""
        if self.bearer is None:
            return held
        return by_token(held, scope=self.bearer.scope, is_bound=self.bearer.project is not None)


class ActorAuthentication(BaseAuthentication):
    """A bearer token first; else the session of the studio in the address, with Django's CSRF check."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        """Return the Caller, or None for nobody. Raises Unauthenticated for a bad token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return _by_token(request, token.strip()), None
        session = getattr(request._request, "session", None)  # DRF's only way to Django's request
        person = session.get(SESSION_KEY) if session is not None else None
        if not person or session is None or session.tenant is None:
            return None
        # No session is somebody unless the gate was asked.
        admitted: Admitted | None = getattr(request._request, "admitted", None)
        if admitted is None:
            raise Unauthenticated(Verdict.OUTDATED.value)
        _check_csrf(request)
        shown = Shown(
            UUID(person), session.tenant, session.get(HASH_SESSION_KEY, ""), proofs_in(dict(session.items())),
            provider_steps_up=admitted.policy.provider_step_up,
        )  # fmt: skip
        return Caller(shown.person, shown.tenant, shown=shown, admitted=admitted), None

    def authenticate_header(self, request: Request) -> str:
        """Return what makes the answer to nobody a 401."""
        del request
        return 'Bearer realm="guildhall"'


class ActorAuthenticationScheme(OpenApiAuthenticationExtension):  # registers by being a class
    """How the schema names it."""

    target_class = "access.authentication.ActorAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme."""
        del auto_schema
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ghl_pat_…"}


def _by_token(request: Request, token: str) -> Caller:
    bearer = bearer_of(token, address=address_of(request._request) or "")
    address = getattr(request._request, "tenant", None)
    if address is not None and address != bearer.tenant:
        raise Unauthenticated("token.unusable")
    return Caller(bearer.person, bearer.tenant, bearer=bearer)


class _CsrfCheck(StudioCsrfMiddleware):
    """Only its verdict is used: the reason why not, as DRF's own check has it."""

    def _reject(self, _request: Any, reason: str) -> Any:
        return reason


def _check_csrf(request: Request) -> None:
    check = _CsrfCheck(lambda _: None)  # type: ignore[arg-type]  # never called
    check.process_request(request._request)
    view: Any = None
    if check.process_view(request._request, view, (), {}):
        raise PermissionDenied
