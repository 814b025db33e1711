"""What we answer to the sign-in library about identity providers: which there are, what they may do, and who comes in."""

import time
from typing import Any, Final, cast

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import HttpRequest, HttpResponseRedirect

from access import outward
from access.agents import in_words
from access.errors import SignInRefused
from access.federation.drafts import Draft
from access.federation.places import SIGN_IN_PAGE, page, within
from access.federation.said import Said
from access.middleware import address_of
from access.models import IdentityProvider
from access.proofs import OPENED_BY
from access.rules import Protocol
from access.sealed import open_secret
from access.services.identity import joining
from kernel.errors import GuildhallError

PROVIDER_IDS: Final = {Protocol.OIDC.value: "openid_connect", Protocol.SAML.value: "saml"}


class StudioProvider:
    """Mixed into the library's providers: the row, the session's names, and what none of them does."""

    app: SocialApp
    supports_token_authentication = False

    @property
    def row(self) -> IdentityProvider:
        """Return the studio's own row, or the unsaved one of a test."""
        return cast("IdentityProvider", self.app.row)

    @property
    def draft(self) -> Draft | None:
        """Return the test that this is for, if it is."""
        return cast("Draft | None", self.app.draft)

    @property
    def sub_id(self) -> str:
        """Name the provider in the session's states: what a test began, no sign-in ends."""
        return f"test:{self.draft.ticket}" if self.draft else str(self.app.provider_id)

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Keep nothing of what was received."""
        del data
        return {}

    def extract_uid(self, data: Said) -> str:
        """Return the provider's name for the person."""
        return data.uid

    def extract_common_fields(self, data: Said) -> dict[str, Any]:
        """Hand nothing on: who joins is made by a service of ours."""
        del data
        return {}

    def extract_email_addresses(self, data: Said) -> list[Any]:
        """Trust no address."""
        del data
        return []

    def sociallogin_from_response(self, request: HttpRequest, response: Said) -> SocialLogin:
        """Return the library's sign-in with what was said beside it."""
        login = super().sociallogin_from_response(request, response)  # type: ignore[misc]  # the library's provider
        login.said = response
        return login


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Our side of social sign-in. Providers are rows of the studio; the library's own table stays empty."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[SocialApp]:
        """Return the studio's enabled providers, without secrets."""
        del request
        rows = IdentityProvider.objects.filter(is_enabled=True).order_by("name", "id")
        apps = [_app(row) for row in rows]
        wanted = [app for app in apps if provider is None or provider in {app.provider, app.provider_id}]
        return [app for app in wanted if client_id is None or app.client_id == client_id]

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """Return one provider with its secret opened: the one that is tested in this very request, else an enabled one."""
        draft: Draft | None = getattr(request, "sso_draft", None)
        if draft is not None and draft.row.slug == provider:
            return _opened(_app(draft.row, draft))
        # By its own name alone: "the only SAML provider" is nobody's address.
        found = [app for app in self.list_apps(request, client_id=client_id) if app.provider_id == provider]
        if len(found) != 1:
            raise SocialApp.DoesNotExist
        return _opened(found[0])

    def get_requests_session(self) -> outward.Session:
        """Go out by the guarded way alone."""
        return outward.Session()

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Sign nobody in by an address, whatever any setting says."""
        del login, email
        return False

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Take no provider's word for an address."""
        del provider, email
        return False

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Say no: who may join has joined before the library asks."""
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let the person in, or stop here; tokens and claims end with this request."""
        sociallogin.token = None
        sociallogin.email_addresses = []
        provider, state = sociallogin.provider, sociallogin.state
        try:
            _check_process(provider, state)
            admitted = joining.admit(provider.row, sociallogin.said)
            self._check_same_person(request, admitted.person, state)
        except SignInRefused as refused:
            raise ImmediateHttpResponse(self.refused(request, provider, refused)) from None
        sociallogin.user, sociallogin.account = admitted.person, admitted.account
        # The library has opened the session anew since, without where it comes from.
        opened: Any = request.session
        opened.agent, opened.address = in_words(request.headers.get("User-Agent", "")), address_of(request)
        if _is_fresh(state):
            record_authentication(
                request, request.user, "socialaccount", provider=sociallogin.account.provider, uid=sociallogin.account.uid,
                reauthenticated=True,
            )  # fmt: skip
            noted(request, sociallogin)
            raise ImmediateHttpResponse(HttpResponseRedirect(within(request, state.get("next"))))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Record why, and lead back to the sign-in page: nothing of what the provider sent is shown."""
        del extra_context
        code = exception.code if isinstance(exception, GuildhallError) else f"sso.{error or 'unknown'}"
        raise ImmediateHttpResponse(self.refused(request, provider, SignInRefused(code)))

    def refused(self, request: HttpRequest, provider: Any, refused: SignInRefused) -> HttpResponseRedirect:
        """Record a refusal and return where it is told: on the sign-in page, or on the test's."""
        draft = getattr(provider, "draft", None)
        if draft is not None:
            draft.fail(refused.code)
            return HttpResponseRedirect(page(request, "settings/single-sign-on", test=draft.ticket))
        row = getattr(provider, "row", None)
        joining.record_refused(request.tenant, provider=row.slug if row else "", why=refused.code)  # type: ignore[attr-defined]  # the middleware's
        return HttpResponseRedirect(page(request, SIGN_IN_PAGE, error=refused.code))

    def _check_same_person(self, request: HttpRequest, person: Any, state: dict[str, Any]) -> None:
        """A step-up is for who is signed in: another person's sign-in proves nothing of hers."""
        if _is_fresh(state) and (not request.user.is_authenticated or request.user.pk != person.pk):
            raise SignInRefused("sso.other_person")


def noted(request: HttpRequest, login: SocialLogin) -> None:
    """Note in the session which provider opened it, and when it saw the person; nothing else of what it said."""
    said: Said = login.said
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    if not isinstance(records, list) or not records or records[-1].get("method") != "socialaccount":
        return
    if said.signed_in is not None:
        records[-1]["auth_time"] = min(said.signed_in, time.time())
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    request.session[OPENED_BY] = {
        "provider": str(login.provider.row.pk), "session": joining.session_digest(login.provider.row.pk, said.session),
    }  # fmt: skip


def _check_process(provider: Any, state: dict[str, Any]) -> None:
    if provider.draft or state.get("process") != AuthProcess.LOGIN:
        raise SignInRefused("sso.not_a_sign_in")


def _is_fresh(state: dict[str, Any]) -> bool:
    return bool((state.get("data") or {}).get("fresh"))


def _app(row: IdentityProvider, draft: Draft | None = None) -> SocialApp:
    """Return a row as the library knows providers; what it may be told by settings is empty but for its own address."""
    app = SocialApp(
        provider=PROVIDER_IDS[row.protocol], provider_id=row.slug, name=row.name, client_id=row.client_id or row.slug,
        settings={"server_url": row.issuer},
    )  # fmt: skip
    app.row, app.draft = row, draft
    return app


def _opened(app: SocialApp) -> SocialApp:
    app.secret = open_secret(app.row.sealed_secret, tenant=app.row.tenant_id) if app.row.sealed_secret else ""
    return app
