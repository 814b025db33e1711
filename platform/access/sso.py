"""What we answer to allauth: nobody signs up by himself, people sign in by e-mail within the studio of the address.

Where a studio lets in by its provider alone, a password is as good as a wrong one, no link is sent and no key opens, but
for break-glass accounts; what is answered is the same for everybody, known or not.
"""

import hashlib
import time
from typing import Any, Final
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from access import gate, mails, passwords
from access.gate import Verdict
from access.gating import refusal
from access.middleware import address_of
from access.models import Tenant, User
from access.places import studio_url
from access.proofs import proofs_in
from access.rules import Kind
from access.sealed import open_secret, seal_secret
from access.services import sessions
from access.services.admitting import policy_here, standing_of
from kernel.scope import current_tenant, open_scope

_LOCKED_SECONDS: Final = 300


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Our side of account flows."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by those who manage members."""
        del request
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who has guessed too often. allauth tells nobody of that, so it is recorded here, once per lock-out."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tried = hashlib.sha256(str(credentials.get("email", "")).lower().encode()).hexdigest()
            tenant = getattr(request, "tenant", None)
            if tenant is not None and cache.add(f"access:locked:{tried}", 1, timeout=_LOCKED_SECONDS):
                sessions.record_refused(tenant=tenant, why=sessions.Refused.TOO_MANY_ATTEMPTS)
            raise

    def pre_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse | None:
        """Refuse who is no person, was suspended, or has to come by the studio's provider; whatever the way in."""
        by_provider = "sociallogin" in (told.get("signal_kwargs") or {})
        if user.kind != Kind.PERSON or not (by_provider or _may_by_itself(user)):
            clear_login(request)
            return refusal(Verdict.PROVIDER)
        refused: HttpResponse | None = super().pre_login(request, user, **told)
        return refused

    def is_reauthentication_required(self, *, app: str, **told: Any) -> bool:
        """Not where the second factor is fresh: that is more than the password that the library would ask for."""
        shown = proofs_in(dict(self.request.session.items()))
        return not shown.is_stepped_up(time.time()) and bool(super().is_reauthentication_required(app=app, **told))

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Check a new password. For who has to come by the provider there is none, so no key of a link opens."""
        if user is not None and not _may_by_itself(user):
            raise self.validation_error("invalid_password_reset")
        studio = Tenant.objects.get()
        own = () if user is None else (user.display_name, str(user.email))
        passwords.check(password, names=(studio.name, studio.slug, *own))
        return password

    def set_password(self, user: User, password: str) -> None:
        """Set a person's password, and only that column."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send a link to set a new password, to a person who may sign in by it."""
        del email
        if user.kind == Kind.PERSON and user.email and _may_by_itself(user):
            studio = Tenant.objects.get()
            link = f"{studio_url(studio.slug)}set-password#{context['uid']}-{context['key']}"
            mails.send(mails.new_password(studio=studio.name, link=link), to=[user.email])

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:  # noqa: FBT001  # allauth's
        """Send a link that proves an address."""
        del request, signup
        studio = Tenant.objects.get()
        link = f"{studio_url(studio.slug)}verify-email#{emailconfirmation.key}"
        mails.send(mails.verification(studio=studio.name, link=link), to=[emailconfirmation.email_address.email])

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where a request comes from, behind the operator's own proxies alone."""
        return address_of(request) or "unknown"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return to the studio's portal."""
        return str(getattr(request, "studio_path", "/"))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Our side of second factors: seeds lie sealed under the studio's own key."""

    def encrypt(self, text: str) -> str:
        """Seal a seed for the tenant of the scope."""
        return seal_secret(text, tenant=current_tenant())

    def decrypt(self, encrypted_text: str) -> str:
        """Open a seed of the scope's tenant."""
        return open_secret(encrypted_text, tenant=current_tenant())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who a passkey is for: the host of the address, under the product's name."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]
    """Our side of the library's API: links are made where their mails are, so it needs no addresses of pages."""

    def get_frontend_url(self, urlname: str, **kwargs: Any) -> str:
        """Return the studio's own address, whatever page is meant: nothing of a key stands in what is logged."""
        del urlname, kwargs
        return studio_url(Tenant.objects.values_list("slug", flat=True).get())


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by e-mail and password inside a scope; without one nobody exists."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the person, or None."""
        if open_scope() is None:
            return None
        found: User | None = super().authenticate(request, **credentials)
        if found is not None and (found.kind != Kind.PERSON or not _may_by_itself(found)):
            return None
        return found

    def get_user(self, user_id: UUID | str) -> User | None:
        """Return the person of a session, or None."""
        if open_scope() is None:
            return None
        found: User | None = User.objects.filter(pk=user_id, is_active=True).first()
        return found


def _may_by_itself(user: User) -> bool:
    return gate.may_sign_in_by_itself(policy_here(), standing_of(user.pk))
