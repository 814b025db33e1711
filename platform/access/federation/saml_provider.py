"""A studio's SAML provider: signed requests, answers to requests of this very session alone, each used once."""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from access.errors import SignInRefused
from access.federation import testing
from access.federation.adapter import StudioProvider, noted
from access.federation.places import address, within
from access.federation.said import Named, Said, said_by
from access.federation.saml import LARGEST, NAME_FORMATS, PERSISTENT, Awaited, Seen, decoded, seen_in, tree
from access.middleware import address_of
from access.models import IdentityProvider

_KEPT_SECONDS: Final = 120
_POSTED: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_REDIRECTED: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_RSA: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SHA: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
# Nothing hangs on it; but the library signs an empty one, which the standard leaves out, so that providers find a wrong signature.
RELAYED: Final = "guildhall"
# How strict the library is, whatever any row or document says.
SECURITY: Final = {
    "authnRequestsSigned": True, "logoutRequestSigned": True, "logoutResponseSigned": True, "signMetadata": False,
    "wantMessagesSigned": True, "wantAssertionsSigned": True, "wantNameId": True, "wantNameIdEncrypted": False,
    "wantAssertionsEncrypted": False, "wantAttributeStatement": True, "allowRepeatAttributeName": False,
    "requestedAuthnContext": False, "rejectDeprecatedAlgorithm": True, "allowSingleLabelDomains": True,
    "signatureAlgorithm": _RSA, "digestAlgorithm": _SHA,
}  # fmt: skip


class Provider(StudioProvider, SAMLProvider):  # type: ignore[misc]  # allauth ships no types
    """A studio's SAML provider."""

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Lead to the provider with a signed request, whose id the session remembers."""
        del kwargs
        if process != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(get_adapter().refused(request, self, SignInRefused("sso.not_a_sign_in")))
        auth = library_for(self, "saml_acs")
        since = datetime.now(UTC).timestamp()
        url = auth.login(return_to=RELAYED, force_authn=bool((data or {}).get("fresh")))
        self.stash_redirect_state(
            request, process, within(request, next_url), data, state_id=auth.get_last_request_id(), since=since, headless=True
        )
        return HttpResponseRedirect(url)

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        """Return where signing in begins."""
        del request, kwargs
        return reverse("saml_login", args=[self.row.slug])


def settings_for(row: IdentityProvider, key: str) -> dict[str, Any]:
    """Return what the library is told: addresses and certificates of the row; never how strict to be."""
    idp: dict[str, Any] = {
        "entityId": row.issuer,
        "singleSignOnService": {"url": row.endpoints["sso"], "binding": _REDIRECTED},
        "x509certMulti": {"signing": list(row.certificates)},
    }
    if row.endpoints.get("slo"):
        idp["singleLogoutService"] = {"url": row.endpoints["slo"], "binding": _REDIRECTED}
    return {
        "strict": True, "debug": False, "security": dict(SECURITY), "idp": idp,
        "sp": {
            "entityId": address("saml_metadata", row.slug),
            "assertionConsumerService": {"url": address("saml_acs", row.slug), "binding": _POSTED},
            "singleLogoutService": {"url": address("saml_sls", row.slug), "binding": _REDIRECTED},
            "NameIDFormat": PERSISTENT,
            "x509cert": row.endpoints["own_certificate"],
            "privateKey": key,
        },
    }  # fmt: skip


def library_for(provider: Provider, route: str, *, post: Any = None, get: Any = None) -> OneLogin_Saml2_Auth:
    """Return the library at one of our addresses: the public one, whatever host the request names."""
    place = urlsplit(address(route, provider.row.slug))
    asked = {
        "https": "on" if place.scheme == "https" else "off", "http_host": place.netloc, "script_name": place.path,
        "get_data": get or {}, "post_data": post or {},
    }  # fmt: skip
    return OneLogin_Saml2_Auth(asked, settings_for(provider.row, provider.app.secret))


def provider_of(request: HttpRequest, slug: str) -> Provider:
    """Return the provider of an address. Raises Http404."""
    try:
        found = get_adapter().get_provider(request, slug)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if not isinstance(found, Provider):
        raise Http404
    return found


@csrf_exempt
@require_POST
def acs(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a response, which comes without our cookie, and lead to where the cookie comes along. Nothing is judged yet."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST * 2:
        return HttpResponse(status=413)
    posted = request.POST.get("SAMLResponse", "")
    if not posted or len(posted) > LARGEST * 4 // 3 + 4 or is_too_often(request, "acs"):
        return HttpResponse(status=400)
    ticket = get_random_string(32)
    cache.set(f"access:sso:posted:{ticket}", posted, timeout=_KEPT_SECONDS)
    return HttpResponseRedirect(f"{reverse('saml_finish_acs', args=[slug])}?ticket={ticket}")


@require_GET
def finish_acs(request: HttpRequest, slug: str) -> Any:
    """Judge a response in the session that asked for it."""
    name = f"access:sso:posted:{request.GET.get('ticket', '')[:64]}"
    posted = cache.get(name)
    provider: Provider | None = None
    try:
        xml = decoded(posted if posted is not None and cache.delete(name) else "")
        request.sso_draft = testing.draft_in(request, _answered(xml))  # type: ignore[attr-defined]  # read by our adapter
        provider = provider_of(request, slug)
        login = _judged(request, provider, posted, xml)
        if provider.draft is not None:
            return testing.passed(request, provider.draft, login.said)
        response = complete_social_login(request, login)
    except SignInRefused as refused:
        return get_adapter().refused(request, provider, refused)
    except ImmediateHttpResponse as stopped:
        return stopped.response
    noted(request, login)
    return response


def _judged(request: HttpRequest, provider: Provider, posted: str, xml: bytes) -> SocialLogin:
    """Return who signed in. Raises SignInRefused; the request that is answered is used up either way."""
    row = provider.row
    awaited = Awaited(address("saml_acs", row.slug), address("saml_metadata", row.slug), row.issuer, datetime.now(UTC))
    seen = seen_in(xml, awaited)
    state = statekit.unstash_state(request, state_id=seen.request, provider_id=provider.sub_id)
    if state is None:
        raise SignInRefused("sso.not_asked_for")
    auth = library_for(provider, "saml_acs", post={"SAMLResponse": posted})
    try:
        auth.process_response(request_id=seen.request)
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, ValueError):
        raise SignInRefused("sso.signature") from None
    if auth.get_errors() or not auth.is_authenticated():
        raise SignInRefused("sso.signature")
    _use_once(row, seen)
    if (state.get("data") or {}).get("fresh") and seen.signed_in.timestamp() < state["since"] - 60:
        raise SignInRefused("sso.not_fresh")
    login = provider.sociallogin_from_response(request, _said(row, auth, seen))
    login.state = state
    return login


def _answered(xml: bytes) -> str:
    """Return which request a response says it answers, to tell a test from a sign-in; it is checked afterwards."""
    return str(tree(xml).get("InResponseTo") or "")


def _use_once(row: IdentityProvider, seen: Seen) -> None:
    left = int((seen.ends - datetime.now(UTC)).total_seconds()) + 600
    if not cache.add(f"access:sso:used:{row.pk}:{seen.assertion}", 1, timeout=left):
        raise SignInRefused("sso.used")


def _said(row: IdentityProvider, auth: OneLogin_Saml2_Auth, seen: Seen) -> Said:
    """Return what the library verified; its name's form was checked before."""
    claims = {**auth.get_attributes(), "NameID": auth.get_nameid()}
    if (auth.get_nameid_format() or PERSISTENT) not in NAME_FORMATS:
        raise SignInRefused("sso.subject")
    return said_by(
        claims, uid=str(auth.get_nameid()), named=Named(row.email_claim, row.name_claim, row.groups_claim),
        signed_in=seen.signed_in.timestamp(), session=str(auth.get_session_index() or ""),
    )  # fmt: skip


@require_GET
def metadata(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what the provider's admin enters there: addresses and our certificate."""
    provider = provider_of(request, slug)
    return HttpResponse(own_metadata(provider.row), content_type="application/samlmetadata+xml")


def own_metadata(row: IdentityProvider) -> str:
    """Return our own metadata for a provider. It is not signed, so the key stays sealed; the library asks for some."""
    told = OneLogin_Saml2_Settings(settings_for(row, "none is needed"), sp_validation_only=True).get_sp_metadata()
    return told.decode() if isinstance(told, bytes) else str(told)


def is_too_often(request: HttpRequest, what: str, *, most: int = 300) -> bool:
    """Return whether an address has asked for this more than so many times in this minute."""
    minute = int(datetime.now(UTC).timestamp()) // 60
    name = f"access:sso:often:{what}:{minute}:{address_of(request)}"
    cache.add(name, 0, timeout=120)
    return bool(cache.incr(name) > most)
