"""The only signal receivers in the house: allauth offers nothing else to hear of log-ins and refusals."""

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from access.models import User
from access.services import sessions


@receiver(user_logged_in)
def record_login(request: HttpRequest, user: User, **_: Any) -> None:
    """Record that a session was opened."""
    sessions.record_opened(tenant=user.tenant_id, pseudonym=user.pseudonym)
    del request


@receiver(user_login_failed)
def record_refusal(request: HttpRequest | None = None, **_: Any) -> None:
    """Record that somebody was not let in."""
    tenant = getattr(request, "tenant", None)
    if tenant is not None:
        sessions.record_refused(tenant=tenant, why=sessions.Refused.WRONG)


@receiver(password_changed)
def record_password(request: HttpRequest, user: User, **_: Any) -> None:
    """Record that a person changed her password."""
    sessions.record_new_password(tenant=user.tenant_id, pseudonym=user.pseudonym)
    del request
