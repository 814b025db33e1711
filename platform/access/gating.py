"""The gate at every request: reads what it has to know, and answers instead of the view where a session lacks something."""

import contextlib
import time
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from access import gate
from access.gate import Standing, Verdict
from access.middleware import API_ROUTES, BROWSER_ROUTES, LIBRARY_ROUTES, Answer, address_of
from access.proofs import proofs_in
from access.refusals import problem
from access.services.admitting import Admitted, factors_of, policy_here, standing_of
from access.services.people import locked
from kernel.errors import Forbidden, Unauthenticated
from kernel.scope import Scope, entered, open_scope, tenant_scope

# Pages without content, what is said before anybody has signed in, and what a provider's own servers ask for or end; the gate
# has nothing to ask there.
UNGUARDED: Final = frozenset(
    {"portal", "health", "openapi", "docs", "studio", "sign-in", "openid_connect_logout", "saml_metadata"}
)  # fmt: skip


class GateMiddleware:
    """Asks at every request what a session may still do; a view without content is named, everything else is guarded."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Answer instead of the view where the session lacks something; else note what was decided on the request."""
        tenant: UUID | None = request.tenant  # type: ignore[attr-defined]
        match = request.resolver_match
        if tenant is None or (match is not None and match.url_name in UNGUARDED):
            return None
        in_library = request.path_info.startswith(LIBRARY_ROUTES)
        if request.path_info.startswith(API_ROUTES) and bears_token(request):
            return None
        session: Any = request.session
        person = session.get(SESSION_KEY)
        if session.is_outdated and not in_library:
            return refusal(Verdict.OUTDATED)
        if person is None and not in_library:
            return None
        admitted = _admitted(tenant, session, person, address_of(request))
        request.admitted = admitted  # type: ignore[attr-defined]
        if admitted.verdict in gate.ENDED:
            session.flush()
        if not gate.opens(admitted.verdict, method=request.method or "", route=_route(request)):
            return refusal(admitted.verdict)
        return None if person is None or not in_library else _proving(request, admitted, view, args, kwargs)


def check_session(request: HttpRequest) -> None:
    """Ask the gate anew for a session whose answer is still under way. Raises Unauthenticated or Forbidden as it would refuse."""
    tenant: UUID = request.tenant  # type: ignore[attr-defined]
    session: Any = request.session
    with tenant_scope(tenant, read_only=True):
        if not session.goes_on():
            raise Unauthenticated("session.ended")
        admitted = _admitted(tenant, session, session[SESSION_KEY], address_of(request))
    if admitted.verdict in gate.ENDED:
        raise Unauthenticated(admitted.verdict.value)
    if admitted.verdict is not Verdict.OPEN:
        raise Forbidden(admitted.verdict.value)


def _proving(request: HttpRequest, admitted: Admitted, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
    """Ask more where a person changes how she proves herself."""
    method, route = request.method or "", _route(request)
    if route == "account/password/change" and not gate.may_sign_in_by_itself(admitted.policy, admitted.standing):
        return problem(HTTPStatus.FORBIDDEN, Verdict.PROVIDER.value, _SAID[Verdict.PROVIDER])
    stepped_up = proofs_in(dict(request.session.items())).is_stepped_up(time.time())
    if not stepped_up and gate.needs_step_up(method=method, route=route, has_factor=admitted.standing.has_factor):
        return problem(HTTPStatus.FORBIDDEN, "step_up.needed", "this needs your second factor again")
    if gate.removes_a_factor(method=method, route=route):
        return _removed(request, view, args, kwargs)
    return None


def _admitted(tenant: UUID, session: Any, person: str | None, address: str | None) -> Admitted:
    with _reading(tenant):
        policy = policy_here()
        standing = Standing(has_factor=False) if person is None else standing_of(UUID(person))
    if person is None:
        verdict = Verdict.OPEN if policy.admits(address) else Verdict.NETWORK
    else:
        verdict = gate.verdict(policy, proofs=proofs_in(dict(session.items())), standing=standing, address=address)
    return Admitted(verdict, policy, standing)


def _removed(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase:
    """Let the library remove factors, unless one of them is the last and the studio asks for one.

    The person's row is locked meanwhile: of two who remove two factors at once, the second finds one left.
    """
    tenant: UUID = request.tenant  # type: ignore[attr-defined]
    admitted: Admitted = request.admitted  # type: ignore[attr-defined]
    person = UUID(str(request.session[SESSION_KEY]))
    with transaction.atomic(), entered(Scope(tenant, "app.tenant", str(tenant))):
        locked(person)
        had = len(factors_of(person))
        answer: HttpResponseBase = view(request, *args, **kwargs)
        if admitted.policy.second_factor and had and not factors_of(person):
            transaction.set_rollback(True)
            answer = problem(HTTPStatus.CONFLICT, "factor.last", "the studio asks for a second factor, and this is the last one")
    return answer


def _reading(tenant: UUID) -> contextlib.AbstractContextManager[object]:
    scope = open_scope()
    return contextlib.nullcontext() if scope is not None and scope.tenant == tenant else tenant_scope(tenant, read_only=True)


def _route(request: HttpRequest) -> str:
    return request.path_info.removeprefix(BROWSER_ROUTES).removeprefix("/")


def bears_token(request: HttpRequest) -> bool:
    """Return whether a request comes with a token, which then alone counts."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower() == "bearer"


def refusal(verdict: Verdict) -> HttpResponse:
    """Return the answer of the gate: 401 where the session is over, 403 where it can become what is asked for."""
    status = HTTPStatus.UNAUTHORIZED if verdict in gate.ENDED else HTTPStatus.FORBIDDEN
    return problem(status, verdict.value, _SAID[verdict])


_SAID: Final = {
    Verdict.ENROL: "the studio asks for a second factor: add one first",
    Verdict.FACTOR: "the studio asks for a second factor: show yours",
    Verdict.PROVIDER: "the studio lets in by its identity provider alone",
    Verdict.NETWORK: "the studio lets nobody in from this network",
    Verdict.OUTDATED: "this session has ended: sign in again",
}
