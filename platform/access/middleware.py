"""Which tenant a request is for, before anything is read: the studio's name in the address, else the session's key.

A studio has a host of its own where the installation has a domain for them (`<slug>.<domain>`); an installation with one
host uses `/s/<slug>/…` (the prefix becomes the script name, the cookie's path and the portal's base). A token names its
tenant itself and needs no studio in the address. An unknown studio does not exist.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import set_script_prefix

from access import gate
from access.agents import in_words
from access.places import PREFIX, studio_of_host
from access.refusals import problem
from access.services import is_suspended, studio
from access.sessions import SessionStore, tenant_of
from kernel.scope import open_scope, statement_scope

API_ROUTES: Final = "/api/"
LIBRARY_ROUTES: Final = "/_allauth/"
PROVISIONING_ROUTES: Final = "/scim/"
BROWSER_ROUTES: Final = f"{LIBRARY_ROUTES}browser/v1/"
# What allauth offers and we do too. Its others (sign-up, more addresses, codes, phones) do not exist until they are
# walled and tested: each is one more way in.
OPEN_ROUTES: Final = frozenset(
    f"{BROWSER_ROUTES}{route}"
    for route in (
        "config", "auth/session", "auth/login", "auth/reauthenticate", "account/password/change",
        "auth/password/request", "auth/password/reset", "auth/email/verify",
        "auth/2fa/authenticate", "auth/2fa/reauthenticate",
        "auth/webauthn/authenticate", "auth/webauthn/reauthenticate", "auth/webauthn/login",
        "account/authenticators", "account/authenticators/totp", "account/authenticators/recovery-codes",
        "account/authenticators/webauthn", "auth/provider/redirect",
    )
)  # fmt: skip
# Ours, under the names by which the library looks for them; each carries its provider's name.
PROVIDER_ROUTES: Final = re.compile(
    rf"{LIBRARY_ROUTES}(?:oidc/[a-z0-9-]+/(?:login/(?:callback/)?|logout/)|saml/[a-z0-9-]+/(?:login/|acs/(?:finish/)?|sls/|metadata/))"
)
Answer = Callable[[HttpRequest], HttpResponseBase]


class StudioMiddleware:
    """Finds the tenant and moves the studio's prefix from the path to the script name."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.tenant = None  # type: ignore[attr-defined]  # what this middleware is for
        request.studio_path = "/"  # type: ignore[attr-defined]
        named = studio_of_host(request.get_host()) if settings.STUDIO_DOMAIN else None
        if named is not None:
            request.tenant = studio(named)  # type: ignore[attr-defined]
            if request.tenant is None or request.path_info.startswith(PREFIX):  # type: ignore[attr-defined]
                return _nothing_there("studio.unknown", "no studio has this address")
        elif settings.STUDIO_DOMAIN and request.path_info.startswith(PREFIX):
            return _nothing_there("studio.unknown", "no studio has this address")
        elif request.path_info.startswith(PREFIX):
            slug, _, rest = request.path_info[len(PREFIX) :].partition("/")
            tenant = studio(slug)
            if tenant is None:
                return _nothing_there("studio.unknown", "no studio has this address")
            _enter(request, tenant=tenant, prefix=f"{PREFIX}{slug}", rest=f"/{rest}")
        elif request.path_info.startswith(LIBRARY_ROUTES):
            return _nothing_there("studio.unknown", "no studio has this address")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix("/")


class NoStoreMiddleware:
    """No answer of the API is kept by a browser or a proxy: what was opened for one person is nobody's afterwards."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # The studio's prefix is off the path by now, unless no studio had that name.
        if request.path_info.startswith((API_ROUTES, LIBRARY_ROUTES, PROVISIONING_ROUTES, PREFIX)):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class StudioSessionMiddleware(SessionMiddleware):
    """Django's session middleware, with a session that knows its tenant and a cookie that stays in its studio."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of this studio; another tenant's key is dropped."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        tenant: UUID | None = request.tenant  # type: ignore[attr-defined]
        if tenant is None or tenant_of(key) != tenant:
            key = None
        request.session = SessionStore(
            key, tenant=tenant, agent=in_words(request.headers.get("User-Agent", "")), address=address_of(request)
        )  # fmt: skip

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Keep the cookie within the studio's path."""
        if getattr(request, "tenant", None) is None:
            return response
        answered = super().process_response(request, response)
        cookie = answered.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None:
            cookie["path"] = request.studio_path  # type: ignore[attr-defined]
        return answered


class LibraryRoutesMiddleware:
    """allauth's routes are neither reads nor deeds: there each statement gets a scope of its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        tenant: UUID | None = request.tenant  # type: ignore[attr-defined]
        if not request.path_info.startswith(LIBRARY_ROUTES):
            return self.get_response(request)
        is_open = request.path_info in OPEN_ROUTES or PROVIDER_ROUTES.fullmatch(request.path_info)
        if tenant is None or not is_open:
            return _nothing_there("route.unknown", "nothing is offered at this address")
        if is_suspended(tenant):
            return problem(HTTPStatus.FORBIDDEN, "studio.suspended", "nobody of this studio is let in for now")
        with statement_scope(tenant):
            return self.get_response(request)


class StudioCsrfMiddleware(CsrfViewMiddleware):
    """Django's CSRF check, where a studio's own host is its own origin, and no other studio's."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        own = f"{urlsplit(settings.PUBLIC_URL).scheme}://{request.get_host()}"
        return request.META["HTTP_ORIGIN"] == own or bool(super()._origin_verified(request))  # type: ignore[misc]  # Django's own


def address_of(request: HttpRequest) -> str | None:
    """Return where a request comes from; None where that cannot be told."""
    return gate.client_address(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""), proxies=settings.TRUSTED_PROXIES
    )  # fmt: skip


def _enter(request: HttpRequest, *, tenant: UUID, prefix: str, rest: str) -> None:
    request.tenant = tenant  # type: ignore[attr-defined]
    request.studio_path = f"{prefix}/"  # type: ignore[attr-defined]
    request.path_info = rest
    request.META["SCRIPT_NAME"] = prefix
    request.META["PATH_INFO"] = rest
    set_script_prefix(f"{prefix}/")


def _nothing_there(code: str, detail: str) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, code, detail)


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Return a cache key that carries the tenant by construction (Django's KEY_FUNCTION)."""
    scope = open_scope()
    tenant = scope.tenant if scope is not None else None
    return f"{key_prefix}:{version}:{tenant or '-'}:{key}"
