"""What we answer to allauth: nobody signs up by himself, people sign in by e-mail within the studio of the address."""

import hashlib
from typing import Any, Final
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from access.models import User
from access.sealed import open_secret, seal_secret
from access.services import sessions
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


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by e-mail and password inside a scope; without one nobody exists."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the person, or None."""
        if open_scope() is None:
            return None
        found: User | None = super().authenticate(request, **credentials)
        return found

    def get_user(self, user_id: UUID | str) -> User | None:
        """Return the person of a session, or None."""
        if open_scope() is None:
            return None
        found: User | None = User.objects.filter(pk=user_id, is_active=True).first()
        return found
