"""Where a browser begins: a link at the sign-in page, at the provider's own dashboard, for a step-up or a test; and its end."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from access.federation.drafts import Draft
from access.federation.ending import leaving_url
from access.federation.places import SIGN_IN_PAGE, absolute, address, page
from access.federation.saml_provider import is_too_often
from access.models import IdentityProvider
from access.rules import Protocol
from access.sealed import open_secret
from access.services.identity import Opener


@require_GET
def begin(request: HttpRequest, slug: str) -> Any:
    """Lead to the provider. `next` is where to go afterwards; `fresh=1` asks who is signed in to sign in there anew."""
    if is_too_often(request, "begin"):
        return HttpResponse(status=429)
    if _is_led_here(request):
        return redirect(page(request, SIGN_IN_PAGE))
    try:
        provider = get_adapter().get_provider(request, slug)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    fresh = request.GET.get("fresh") == "1" and request.user.is_authenticated
    try:
        return provider.redirect(
            request, AuthProcess.LOGIN, next_url=request.GET.get("next"), data={"fresh": True} if fresh else None
        )
    except ImmediateHttpResponse as stopped:
        return stopped.response


def _is_led_here(request: HttpRequest) -> bool:
    """Return whether another site's page sent the browser without its person's doing: she is then asked on the sign-in page.

    Source: Fetch Metadata Request Headers (W3C); `Sec-Fetch-User` says that she followed a link or pressed a button.
    """
    elsewhere = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    return elsewhere and request.headers.get("Sec-Fetch-User") != "?1"


def begin_test(request: HttpRequest, draft: Draft) -> str:
    """Return the provider's address to which a test leads; the session remembers that it is one."""
    request.sso_draft = draft  # type: ignore[attr-defined]  # read by our adapter
    provider = get_adapter().get_provider(request, draft.row.slug)
    answer: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, data=None)
    return str(answer["Location"])


def link(protocol: str, slug: str) -> str:
    """Return where signing in by a provider begins."""
    return reverse("saml_login" if protocol == Protocol.SAML else "openid_connect_login", args=[slug])


def our_side(request: HttpRequest, row: IdentityProvider) -> dict[str, str]:
    """Return what is entered at a provider: addresses of ours, and for SAML our certificate."""
    is_saml = row.protocol == Protocol.SAML
    return {
        "redirect_uri": "" if is_saml else address("openid_connect_callback", row.slug),
        "backchannel_logout_uri": "" if is_saml else address("openid_connect_logout", row.slug),
        "post_logout_redirect_uri": "" if is_saml else absolute(page(request, SIGN_IN_PAGE)),
        "sign_in_uri": absolute(link(row.protocol, row.slug)),
        "entity_id": address("saml_metadata", row.slug) if is_saml else "",
        "acs_url": address("saml_acs", row.slug) if is_saml else "",
        "sls_url": address("saml_sls", row.slug) if is_saml else "",
        "certificate": row.endpoints.get("own_certificate", ""),
    }


def leaving(request: HttpRequest, opener: Opener | None) -> str:
    """Return where a browser goes after signing out here, or nothing."""
    if opener is None:
        return ""
    row = opener.row
    secret = open_secret(row.sealed_secret, tenant=row.tenant_id) if row.protocol == Protocol.SAML else ""
    return leaving_url(row, secret=secret, uid=opener.uid, request=request)
