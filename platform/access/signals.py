"""The only signal receivers in the house: allauth offers nothing else to hear of log-ins and refusals."""

import uuid
from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from governance.audit import services as audit
from governance.audit.events import Event

from access.models import User
from kernel.scope import Scope, entered


@receiver(user_logged_in)
def record_login(request: HttpRequest, user: User, **_: Any) -> None:
    """Record that a session was opened."""
    _record(request, Event.SESSION_OPENED, actor=user.pseudonym)


@receiver(user_login_failed)
def record_refusal(request: HttpRequest | None = None, **_: Any) -> None:
    """Record that somebody was not let in; by whom it was tried stays unsaid."""
    if request is not None:
        _record(request, Event.SESSION_REFUSED, actor="unknown")


def _record(request: HttpRequest, kind: Event, *, actor: str) -> None:
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return
    with transaction.atomic(), entered(Scope(tenant, "app.tenant", str(tenant))):
        audit.append(id=uuid.uuid4(), tenant=tenant, project=None, actor=actor, kind=kind, facts={})
