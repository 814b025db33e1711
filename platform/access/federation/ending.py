"""Signing out in both directions: a provider ends our sessions by a signed word, and our sign-out is told to the provider."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from access.errors import SignInRefused
from access.federation import oidc
from access.federation.places import SIGN_IN_PAGE, absolute, address, page
from access.federation.saml import NS, tree
from access.federation.saml_provider import RELAYED, Provider, is_too_often, library_for, provider_of
from access.federation.tokens import logout_token
from access.models import IdentityProvider
from access.outward.places import NotReached
from access.services.identity.ending import end_sessions

_LONGEST_QUERY: Final = 16 * 1024
_ONE_OF_EACH: Final = ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature")
_OLDEST: Final = timedelta(minutes=10)


@csrf_exempt
@require_POST
def oidc_backchannel(request: HttpRequest, slug: str) -> HttpResponse:
    """End what a logout_token names. Answers as OpenID Connect Back-Channel Logout 1.0 asks: 200, or 400."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > 128 * 1024 or is_too_often(request, "logout"):
        return _told("invalid_request", status=400)
    try:
        row = _openid_row(request, slug)
        claims = logout_token(request.POST.get("logout_token", ""), oidc.keys_of(row), oidc.expected_of(row))
        _use_once(row, claims["jti"])
    except (SignInRefused, NotReached):
        return _told("invalid_request", status=400)
    end_sessions(row, uid=claims.get("sub", ""), session=claims.get("sid", ""))
    return _told("", status=200)


@require_GET
def saml_log_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a provider's signed request to end sessions, or its answer to ours; where it leads on was set up before."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > _LONGEST_QUERY or any(len(request.GET.getlist(name)) > 1 for name in _ONE_OF_EACH):
        return HttpResponse(status=400)
    provider = provider_of(request, slug)
    try:
        return _requested(request, provider) if "SAMLRequest" in request.GET else _answered(request, provider)
    except (SignInRefused, OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, ValueError):
        return HttpResponse(status=400)


def leaving_url(row: IdentityProvider, *, secret: str, uid: str, request: HttpRequest) -> str:
    """Return where a browser goes after signing out here, so that the provider hears of it; nothing where it need not."""
    back = absolute(page(request, SIGN_IN_PAGE))
    if row.endpoints.get("end_session_endpoint"):
        told = urlencode({"client_id": row.client_id, "post_logout_redirect_uri": back})
        return f"{row.endpoints['end_session_endpoint']}{'&' if '?' in row.endpoints['end_session_endpoint'] else '?'}{told}"
    if not row.endpoints.get("slo") or not uid:
        return ""
    app = SocialApp(provider="saml", provider_id=row.slug, client_id=row.slug, name=row.name, secret=secret)
    app.row, app.draft = row, None
    url: str = library_for(Provider(request, app=app), "saml_sls").logout(return_to=RELAYED, name_id=uid)
    return url


def _requested(request: HttpRequest, provider: Provider) -> HttpResponse:
    xml = OneLogin_Saml2_Utils.decode_base64_and_inflate(request.GET["SAMLRequest"])
    root = _checked(xml, provider, name="LogoutRequest")
    auth = _library(request, provider)
    url = auth.process_slo(keep_local_session=True)
    if auth.get_errors() or url is None:
        raise SignInRefused("sso.signature")
    _use_once(provider.row, root.get("ID"))
    uid = OneLogin_Saml2_Logout_Request.get_nameid(xml)
    indexes = OneLogin_Saml2_Logout_Request.get_session_indexes(xml)
    for index in indexes or [""]:
        end_sessions(provider.row, uid=uid, session=index)
    return HttpResponseRedirect(url)


def _answered(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Lead to the sign-in page: what we had to end has ended before the provider was told."""
    _checked(OneLogin_Saml2_Utils.decode_base64_and_inflate(request.GET.get("SAMLResponse", "")), provider, name="LogoutResponse")
    auth = _library(request, provider)
    auth.process_slo(keep_local_session=True)
    if auth.get_errors():
        raise SignInRefused("sso.signature")
    return HttpResponseRedirect(page(request, SIGN_IN_PAGE))


def _checked(xml: bytes, provider: Provider, *, name: str) -> Any:
    root = tree(xml)
    issuers = root.findall("a:Issuer", NS)
    told = (
        root.tag == f"{{{NS['p']}}}{name}" and root.get("ID") and root.get("Destination") == address("saml_sls", provider.row.slug)
        and [one.text for one in issuers] == [provider.row.issuer]
    )  # fmt: skip
    made = datetime.fromisoformat(root.get("IssueInstant") or "")
    if not told or made.tzinfo is None or abs(datetime.now(UTC) - made) > _OLDEST:
        raise SignInRefused("sso.form")
    return root


def _library(request: HttpRequest, provider: Provider) -> Any:
    auth = library_for(provider, "saml_sls", get=request.GET.dict())
    # Signed is the query as it was written.
    auth._request_data |= {"query_string": request.META["QUERY_STRING"], "validate_signature_from_qs": True}  # noqa: SLF001  # no other way
    return auth


def _use_once(row: IdentityProvider, message: str) -> None:
    if not cache.add(f"access:sso:logout:{row.pk}:{message}", 1, timeout=3600):
        raise SignInRefused("sso.used")


def _openid_row(request: HttpRequest, slug: str) -> IdentityProvider:
    try:
        provider = get_adapter().get_provider(request, slug)
    except SocialApp.DoesNotExist:
        raise SignInRefused("sso.unknown") from None
    if not isinstance(provider, oidc.Provider):
        raise SignInRefused("sso.unknown")
    return provider.row


def _told(error: str, *, status: int) -> HttpResponse:
    body = json.dumps({"error": error}) if error else ""
    return HttpResponse(body, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})
