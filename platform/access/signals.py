"""The only signal receivers in the house: allauth offers nothing else to hear of log-ins, factors and refusals."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed, password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from access import mails
from access.middleware import address_of
from access.models import User
from access.services import alarms, sessions

_CODES = Authenticator.Type.RECOVERY_CODES


@receiver(user_logged_in)
def record_login(request: HttpRequest, user: User, sociallogin: Any = None, **_: Any) -> None:
    """Record that a session was opened; a break-glass account's, without the provider, is an alarm too."""
    sessions.record_opened(tenant=user.tenant_id, pseudonym=user.pseudonym)
    if user.is_break_glass and sociallogin is None:
        sessions.record_break_glass(tenant=user.tenant_id, pseudonym=user.pseudonym)
        alarms.glass_broken(user, address=address_of(request) or "unknown")


@receiver(authentication_step_completed)
def renew_key(request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:  # noqa: FBT001, FBT002  # the library's
    """Give a session that was proved anew a key of its own: one that was taken before opens nothing that the proof has opened."""
    if reauthenticated:
        request.session.cycle_key()


@receiver(user_logged_out)
def record_logout(user: User | None = None, **_: Any) -> None:
    """Record that a person ended her session."""
    if user is not None and user.is_authenticated:
        sessions.record_signed_out(tenant=user.tenant_id, pseudonym=user.pseudonym)


@receiver(user_login_failed)
def record_refusal(request: HttpRequest | None = None, **_: Any) -> None:
    """Record that somebody was not let in."""
    tenant = getattr(request, "tenant", None)
    if tenant is not None:
        sessions.record_refused(tenant=tenant, why=sessions.Refused.WRONG)


@receiver(authentication_failed)
def record_wrong_factor(user: User, **_: Any) -> None:
    """Record that a second factor was wrong."""
    sessions.record_refused(tenant=user.tenant_id, why=sessions.Refused.WRONG_FACTOR)


@receiver(password_changed)
def record_password(request: HttpRequest, user: User, **_: Any) -> None:
    """Record that a person changed her password."""
    sessions.record_new_password(tenant=user.tenant_id, pseudonym=user.pseudonym)
    alarms.proof_changed(user, mails.Proof.PASSWORD)
    del request


@receiver(password_reset)
def record_reset(request: HttpRequest, user: User, **_: Any) -> None:
    """Record a password that was set by a link, which also proves the mailbox that it was sent to."""
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)
    sessions.record_new_password(tenant=user.tenant_id, pseudonym=user.pseudonym)
    alarms.proof_changed(user, mails.Proof.PASSWORD)
    del request


@receiver(authenticator_added)
def record_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Record one more factor, or the codes that come with the first."""
    if authenticator.type == _CODES:
        sessions.record_recovery_codes(tenant=user.tenant_id, pseudonym=user.pseudonym)
    else:
        sessions.record_factor_added(tenant=user.tenant_id, pseudonym=user.pseudonym, kind=authenticator.type)
        alarms.proof_changed(user, mails.Proof.FACTOR_ADDED)


@receiver(authenticator_removed)
def record_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Record a factor less."""
    sessions.record_factor_removed(tenant=user.tenant_id, pseudonym=user.pseudonym, kind=authenticator.type)
    if authenticator.type != _CODES:  # they go with the last factor
        alarms.proof_changed(user, mails.Proof.FACTOR_REMOVED)


@receiver(authenticator_reset)
def record_reset_codes(user: User, **_: Any) -> None:
    """Record recovery codes that were made anew."""
    sessions.record_recovery_codes(tenant=user.tenant_id, pseudonym=user.pseudonym)
    alarms.proof_changed(user, mails.Proof.CODES)
