"""What we answer to allauth: nobody signs up by himself, people sign in by e-mail within the studio of the address."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from access.models import User
from kernel.scope import open_scope


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Our side of account flows."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by those who manage members."""
        del request
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return to the studio's portal."""
        return str(getattr(request, "studio_path", "/"))


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
