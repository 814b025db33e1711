"""Addresses of ours that identity providers and browsers are given; no part of them is taken from what a request says."""

from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.core import context
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from access.places import studio_of_host, studio_url

SIGN_IN_PAGE: Final = "sign-in"
TEST_PAGE: Final = "settings/single-sign-on"


def address(name: str, slug: str) -> str:
    """Return the full address of a provider's route, in the studio of the request."""
    return absolute(reverse(name, args=[slug]))


def absolute(path: str) -> str:
    """Return a path of ours as a full address: of the installation's one host, or of the studio's own."""
    named = studio_of_host(context.request.get_host()) if settings.STUDIO_DOMAIN else None
    origin = urlsplit(studio_url(named) if named else settings.PUBLIC_URL)
    return f"{origin.scheme}://{origin.netloc}{path}"


def page(request: HttpRequest, name: str, **said: str) -> str:
    """Return a page of the portal in the studio of the request."""
    return f"{studio_path(request)}{name}{'?' if said else ''}{urlencode(said)}"


def within(request: HttpRequest, path: Any) -> str:
    """Return where to go after signing in: the path if it lies within the studio, else the studio's first page."""
    home = studio_path(request)
    is_ours = isinstance(path, str) and path.startswith(home) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and not {"..", "."} & set(urlsplit(path).path.split("/")) else home


def studio_path(request: HttpRequest) -> str:
    """Return the studio's first page."""
    return str(getattr(request, "studio_path", "/"))
