"""OpenID Connect: the code flow with state, nonce and PKCE, every time; the id_token verified with the provider's own keys.

Where to ask was checked and kept when the provider was set up: at a sign-in nothing is discovered.
"""

import hmac
import secrets
import time
from typing import Any, Final
from urllib.parse import quote

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

from access.errors import SignInRefused
from access.federation import testing
from access.federation.adapter import StudioProvider, noted
from access.federation.places import address, within
from access.federation.said import Named, Said, said_by
from access.federation.tokens import Expected, id_token
from access.models import IdentityProvider

_MOST_ANSWER: Final = 256 * 1024


class Client(OAuth2Client):  # type: ignore[misc]  # allauth ships no types
    """Asks the token endpoint, and takes nothing but JSON with both tokens."""

    def get_access_token(self, code: str, pkce_code_verifier: str | None = None, extra_data: Any = None) -> dict[str, Any]:
        """Return what the endpoint answers. Raises SignInRefused without a word of it."""
        del extra_data
        sent = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.callback_url,
            "code_verifier": pkce_code_verifier or "", "client_id": self.consumer_key,
        }  # fmt: skip
        auth = None
        if self.basic_auth:
            auth = requests.auth.HTTPBasicAuth(quote(self.consumer_key, safe=""), quote(self.consumer_secret, safe=""))
        else:
            sent["client_secret"] = self.consumer_secret
        with get_adapter().get_requests_session() as session:
            answer = session.request("POST", self.access_token_url, data=sent, auth=auth, headers={"Accept": "application/json"})
        said = _json(answer, "sso.token_refused")
        if not all(isinstance(said.get(name), str) and said[name] for name in ("access_token", "id_token")):
            raise SignInRefused("sso.token_refused")
        return said


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in at one provider."""

    client_class = Client
    provider: "Provider | None" = None
    completed: SocialLogin | None = None

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        # What the session kept of this sign-in's beginning.
        self.stashed: dict[str, Any] = {}

    def get_provider(self) -> "Provider":
        """Return the provider, looked up once."""
        if self.provider is None:
            self.provider = super().get_provider()
        return self.provider

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what was checked when the provider was set up."""
        row = self.get_provider().row
        return {**row.endpoints, "issuer": row.issuer}

    @property
    def basic_auth(self) -> bool:
        """Send the secret as the provider takes it; the header where it says nothing."""
        return not self.openid_config.get("token_by_form")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return our address, as it was registered at the provider."""
        del request, app
        return address("openid_connect_callback", self.get_provider().row.slug)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Return who signed in, or end a test. Raises SignInRefused."""
        del app
        provider = self.get_provider()
        said = self._said(provider.row, kwargs["response"]["id_token"], token.token)
        if provider.draft is not None:
            raise ImmediateHttpResponse(testing.passed(request, provider.draft, said))
        self.completed = provider.sociallogin_from_response(request, said)
        return self.completed

    def _said(self, row: IdentityProvider, token: str, access_token: str) -> Said:
        fresh = self.stashed.get("since") if (self.stashed.get("data") or {}).get("fresh") else None
        expected = expected_of(row, nonce=str(self.stashed.get("nonce", "")), fresh_since=fresh)
        claims = id_token(token, keys_of(row), expected)
        more = self._userinfo(access_token) if row.endpoints.get("userinfo_endpoint") else {}
        if more and more.get("sub") != claims["sub"]:
            raise SignInRefused("sso.subject")
        if any(name in claims and name in more and not _same(claims[name], more[name]) for name in ("email", row.email_claim)):
            raise SignInRefused("sso.claims_differ")
        return said_by(
            {**more, **claims}, uid=claims["sub"], named=Named(row.email_claim, row.name_claim, row.groups_claim),
            signed_in=claims.get("auth_time") if isinstance(claims.get("auth_time"), int | float) else None,
            session=claims["sid"] if isinstance(claims.get("sid"), str) else "",
        )  # fmt: skip

    def _userinfo(self, access_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.request(
                "GET", self.openid_config["userinfo_endpoint"], headers={"Authorization": f"Bearer {access_token}"}
            )
        return _json(answer, "sso.userinfo_refused")


class Provider(StudioProvider, OpenIDConnectProvider):  # type: ignore[misc]
    """A studio's OpenID provider."""

    oauth2_adapter_class = Adapter

    def get_oauth2_adapter(self, request: HttpRequest) -> Adapter:
        """Return the adapter of this very provider."""
        made = Adapter(request, self.app.provider_id)
        made.provider = self
        return made

    def get_callback_url(self) -> str:
        """Return our address, as it was registered at the provider."""
        return address("openid_connect_callback", self.row.slug)

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Lead to the provider, with a state, a nonce and a challenge of this sign-in alone."""
        del kwargs
        if process != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(get_adapter().refused(request, self, SignInRefused("sso.not_a_sign_in")))
        nonce, now = secrets.token_urlsafe(32), time.time()
        asked = {"nonce": nonce, **({"prompt": "login", "max_age": "0"} if (data or {}).get("fresh") else {})}
        answer: HttpResponse = super().redirect(
            request, process, next_url=within(request, next_url), data=data, auth_params=asked,
            scope=self.row.endpoints.get("scopes") or ["openid", "email", "profile"], nonce=nonce, since=now, headless=True,
        )  # fmt: skip
        return answer

    def get_pkce_params(self) -> dict[str, Any]:
        """Return a challenge, always."""
        params: dict[str, Any] = generate_code_challenge()
        return params


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """Where the browser comes back."""

    adapter: Adapter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Check who answers before anything is asked, then go the library's way."""
        issuer = request.GET.get("iss")
        row = self.adapter.get_provider().row
        if (issuer is not None and issuer != row.issuer) or (issuer is None and row.endpoints.get("says_issuer")):
            return get_adapter().refused(request, self.adapter.get_provider(), SignInRefused("sso.issuer"))
        return super().dispatch(request, *args, **kwargs)

    def _get_state(self, request: HttpRequest, provider: Provider) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.stashed = state or {}
        return state, response


def callback(request: HttpRequest, slug: str) -> Any:
    """Answer one return of a browser."""
    adapter = Adapter(request, slug)
    try:
        request.sso_draft = testing.draft_in(request, request.GET.get("state", ""))  # type: ignore[attr-defined]  # read by our adapter
        if not isinstance(adapter.get_provider(), Provider):
            raise Http404
    except SignInRefused as refused:
        return get_adapter().refused(request, None, refused)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    response = Callback.adapter_view(adapter)(request)
    if adapter.completed is not None:
        noted(request, adapter.completed)
    return response


def keys_of(row: IdentityProvider) -> list[dict[str, Any]]:
    """Return the provider's present keys. Raises SignInRefused, or NotReached."""
    with get_adapter().get_requests_session() as session:
        said = _json(session.request("GET", row.endpoints["jwks_uri"]), "sso.keys")
    keys = said.get("keys")
    if not isinstance(keys, list):
        raise SignInRefused("sso.keys")
    return keys


def expected_of(row: IdentityProvider, *, nonce: str = "", fresh_since: float | None = None) -> Expected:
    """Return what a token of this provider must say now."""
    return Expected(
        issuer=row.issuer, client=row.client_id, algorithms=frozenset(row.endpoints["algorithms"]), now=time.time(), nonce=nonce,
        fresh_since=fresh_since,
    )  # fmt: skip


def _json(answer: requests.Response, refusal: str) -> dict[str, Any]:
    if answer.status_code != 200 or len(answer.content) > _MOST_ANSWER:
        raise SignInRefused(refusal)
    try:
        said = answer.json()
    except ValueError:
        raise SignInRefused(refusal) from None
    if not isinstance(said, dict):
        raise SignInRefused(refusal)
    return said


def _same(first: Any, second: Any) -> bool:
    return hmac.compare_digest(str(first).casefold().encode(), str(second).casefold().encode())
