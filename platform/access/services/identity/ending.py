"""A provider says that somebody has signed out there: her sessions that it opened end here."""

import uuid

from allauth.socialaccount.models import SocialAccount

from access.models import IdentityProvider, Session
from access.services.identity.joining import session_digest
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.scope import tenant_scope


def end_sessions(provider: IdentityProvider, *, uid: str = "", session: str = "") -> int:
    """End the sessions that a provider names: one of its own, or all of a person's. May be repeated; records how many."""
    with tenant_scope(provider.tenant_id):
        ended = Session.objects.filter(provider_id=provider.pk)
        if session:
            ended = ended.filter(provider_session=session_digest(provider.pk, session))
        if uid or not session:
            people = SocialAccount.objects.filter(provider=provider.slug, uid=uid).values("user_id")
            ended = ended.filter(user_id__in=people)
        count, _ = ended.delete()
        if count:
            audit.append(
                id=uuid.uuid4(), tenant=provider.tenant_id, project=None, actor=f"provider:{provider.slug}"[:64],
                kind=Event.SESSION_ENDED, facts={"sessions": count, "provider": provider.slug},
            )  # fmt: skip
    return int(count)
