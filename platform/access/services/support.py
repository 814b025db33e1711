"""The platform's support is let into a studio by the studio alone: for a time, in one role, for a stated reason.

Whoever of the platform comes in acts as a user of the studio's own, of kind *support*, by a token that ends with the consent.
Without a live consent a studio does not exist for support.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from access import tokens
from access.actor import Actor
from access.models import PLATFORM, ApiToken, Grant, GrantSource, Project, SupportConsent, User
from access.roles import Permission, Role
from access.rules import Kind, TokenKind
from access.sealed import draw_opening
from access.services.founding import inside
from access.services.platform import require_platform
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import InvalidInput, NotFound

LONGEST_CONSENT: Final = timedelta(hours=72)
LONGEST_STAY: Final = timedelta(hours=8)
# What support may be: who reads the ledger, people and roles of the whole studio, or who looks at one project.
ADMITTED: Final = frozenset({Role.AUDITOR, Role.VIEWER})
NAME: Final = "Guildhall support"


@dataclass(frozen=True)
class Entered:
    """A way into a studio: the token is shown this once, and ends with the consent."""

    token: str
    project: UUID | None
    role: Role
    expires: Any


@dataclass(frozen=True)
class Terms:
    """On which terms support is let in: an auditor of the studio, or a viewer of one project; and why."""

    role: Role
    project: UUID | None
    lasts: timedelta
    reason: str

    def check(self) -> None:
        """Raise InvalidInput for a role that support never gets, a place that is not the role's, a time, or no reason."""
        if self.role not in ADMITTED:
            raise InvalidInput("support.role", role=self.role.value)
        if (self.role is Role.VIEWER) != (self.project is not None):
            raise InvalidInput("role.wrong_reach", role=self.role.value)
        if not timedelta() < self.lasts <= LONGEST_CONSENT:
            raise InvalidInput("support.too_long", most_hours=LONGEST_CONSENT // timedelta(hours=1))
        if not self.reason.strip():
            raise InvalidInput("support.reason")


def admit_support(actor: Actor, *, terms: Terms) -> SupportConsent:
    """Let the platform's support in for a time. Raises InvalidInput, or NotFound for a project that is not the studio's."""
    actor.require_step_up(Permission.SUPPORT_ADMIT)
    terms.check()
    opening = draw_opening(tenant=actor.tenant)
    with actor.writing():
        if terms.project is not None and not Project.objects.filter(pk=terms.project, closed=None).exists():
            raise NotFound("project.unknown")
        made: SupportConsent = SupportConsent.objects.create(
            role=terms.role.value, project_id=terms.project, reason=terms.reason, given_by=actor.person,
            reason_opening=opening.sealed, until=timezone.now() + terms.lasts,
        )  # fmt: skip
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=terms.project, actor=actor.pseudonym, kind=Event.SUPPORT_ADMITTED,
            facts={"consent": str(made.pk), "role": terms.role.value, "until": made.until.isoformat()},
            commits={"reason": opening.commit("reason", terms.reason, tenant=actor.tenant)},
        )  # fmt: skip
    return made


def end_support(actor: Actor, *, consent: UUID) -> None:
    """Send support away at once: its token, its role and its work end. May be repeated. Raises NotFound."""
    actor.require(Permission.SUPPORT_ADMIT)
    with actor.writing():
        found = SupportConsent.objects.select_for_update(of=("self",)).select_related("user").filter(pk=consent).first()
        if found is None:
            raise NotFound("consent.unknown")
        if found.ended is not None:
            return
        now = timezone.now()
        SupportConsent.objects.filter(pk=consent).update(ended=now)
        if found.user is not None:
            _send_away(found.user)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=found.project_id, actor=actor.pseudonym, kind=Event.SUPPORT_ENDED,
            facts={"consent": str(consent), "support": found.user.pseudonym if found.user is not None else None},
        )  # fmt: skip


def enter_studio(actor: Actor, *, studio: UUID) -> Entered:
    """Return a support person's way into a studio that has let support in. Raises NotFound for any other.

    Who comes again gets another token, and the one before ends.
    """
    require_platform(actor, Permission.STUDIO_ENTER)
    actor.require_step_up(Permission.STUDIO_ENTER)
    token, entry = tokens.draw(TokenKind.SUPPORT), uuid.uuid4()
    with actor.writing():
        with inside(studio):
            consent = _live_consent()
            if studio == PLATFORM or consent is None:
                raise NotFound("studio.unknown")
            user, expires = _come_in(consent, token)
            audit.append(
                id=uuid.uuid4(), tenant=studio, project=consent.project_id, actor=user.pseudonym, kind=Event.SUPPORT_ENTERED,
                facts={
                    "consent": str(consent.pk), "support": user.pseudonym, "until": expires.isoformat(),
                    "platform_entry": str(entry),
                },
            )  # fmt: skip
        audit.append(
            id=entry, tenant=PLATFORM, project=None, actor=actor.pseudonym, kind=Event.SUPPORT_ENTERED,
            facts={"studio": str(studio), "support": user.pseudonym},
        )  # fmt: skip
    return Entered(token, consent.project_id, Role(consent.role), expires)


def _live_consent() -> SupportConsent | None:
    """Return the newest live consent of the scope's studio, locked: its end waits for who is coming in."""
    live = SupportConsent.objects.filter(ended=None, until__gt=timezone.now()).order_by("-created", "-id")
    found: SupportConsent | None = live.select_for_update(of=("self",)).select_related("user").first()
    return found


def _come_in(consent: SupportConsent, token: str) -> tuple[User, Any]:
    now = timezone.now()
    user = consent.user or _new_user(consent)
    expires = min(consent.until, now + LONGEST_STAY)
    ApiToken.objects.filter(user_id=user.pk, revoked=None).update(revoked=now)
    ApiToken.objects.create(
        kind=TokenKind.SUPPORT, user=user, project_id=consent.project_id, name=NAME, hash=tokens.digest(token), expires=expires
    )
    return user, expires


def _new_user(consent: SupportConsent) -> User:
    user = User(kind=Kind.SUPPORT, display_name=NAME, pseudonym=f"support_{uuid.uuid4().hex[:16]}")
    user.set_unusable_password()
    user.save(force_insert=True)
    Grant.objects.create(
        user=user, project_id=consent.project_id, role=consent.role, expires=consent.until, granted_by=consent.given_by,
        source=GrantSource.SUPPORT,
    )  # fmt: skip
    SupportConsent.objects.filter(pk=consent.pk).update(user=user)
    return user


def _send_away(user: User) -> None:
    ApiToken.objects.filter(user_id=user.pk, revoked=None).update(revoked=timezone.now())
    Grant.objects.filter(user_id=user.pk).delete()
    User.objects.filter(pk=user.pk).update(is_active=False)
    dispatch.stop(tenant=user.tenant_id, person=user.pk)
