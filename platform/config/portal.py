"""Serves the portal's page: one built file, whatever the address; its router does the rest."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@require_safe
def health(_request: HttpRequest) -> HttpResponseBase:
    """Answer that this process serves, and for which installation; says nothing about anybody."""
    return HttpResponse(f"ok {settings.HERE.digest}", content_type="text/plain")


@require_safe
@ensure_csrf_cookie
def portal(_request: HttpRequest) -> HttpResponseBase:
    """Return the portal's page, or a sentence that says how to build it."""
    page = settings.PORTAL_DIST / "index.html"
    if not page.is_file():
        return HttpResponse("The portal is not built yet: run `make portal`.", status=503, content_type="text/plain")
    response = HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
