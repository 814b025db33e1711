"""A studio's security policy, and the accounts that break the glass; each change is recorded with before and after."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from access.actor import Actor
from access.gate import LONGEST, LONGEST_IDLE, Policy, network_in
from access.models import PLATFORM, IdentityProvider, SecurityPolicy, Tenant, User
from access.roles import Permission
from access.rules import Kind
from access.services.admitting import factors_of, policy_here
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound

MOST_HOURS: Final = int(LONGEST.total_seconds() // 3600)
MOST_IDLE: Final = int(LONGEST_IDLE.total_seconds() // 60)
# Use is noted once a minute, so a shorter idle time would end sessions that are used.
LEAST_IDLE: Final = 5
MOST_NETWORKS: Final = 64


@dataclass(frozen=True)
class Wanted:
    """A whole policy, as it is to be from now on."""

    sso_only: bool = False
    second_factor: bool = False
    provider_step_up: bool = False
    session_hours: int = MOST_HOURS
    idle_minutes: int = MOST_IDLE
    networks: tuple[str, ...] = ()
    changed: datetime | None = field(default=None, compare=False)

    def values(self) -> dict[str, Any]:
        """Return the row's columns."""
        return {
            "sso_only": self.sso_only, "second_factor": self.second_factor, "provider_step_up": self.provider_step_up,
            "session_hours": self.session_hours, "idle_minutes": self.idle_minutes, "networks": list(self.networks),
        }  # fmt: skip


def security_policy(actor: Actor) -> Wanted:
    """Return the studio's policy, in the caller's scope."""
    actor.require(Permission.SECURITY_CONFIGURE)
    return _present()


def set_security_policy(actor: Actor, *, wanted: Wanted, address: str | None) -> Wanted:
    """Set the studio's policy; it holds from the next request on, for sessions that are open too.

    Raises InvalidInput for a value that cannot be, and Conflict for what would lock out the asker, or everybody.
    """
    actor.require_step_up(Permission.SECURITY_CONFIGURE)
    wanted = _checked(wanted)
    if not Policy(networks=wanted.networks).admits(address):
        raise Conflict("security.locks_you_out")
    with actor.writing():
        # Two who change it at once, or one who takes away what the other relies on, wait here for one another.
        Tenant.objects.select_for_update().get()
        before = _present()
        if before == wanted:
            return before
        if actor.tenant == PLATFORM and not wanted.second_factor:
            # Nobody stands above the platform's own people who would notice.
            raise Conflict("security.platform_factor")
        if wanted.second_factor and not before.second_factor and not factors_of(actor.person):
            raise Conflict("security.no_factor")
        if wanted.sso_only and not before.sso_only:
            _check_ways_in()
        now = timezone.now()
        SecurityPolicy.objects.update_or_create(defaults={**wanted.values(), "changed": now})
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=Event.SECURITY_CHANGED,
            facts={"before": before.values(), "after": wanted.values()},
        )  # fmt: skip
    return replace(wanted, changed=now)


def name_break_glass(actor: Actor, *, person: UUID) -> None:
    """Name an account that signs in by itself when the provider is away. May be repeated.

    Raises NotFound, or Conflict for who has no password.
    """
    _check_naming(actor)
    with actor.writing():
        found = _person(person)
        if not found.has_usable_password():
            raise Conflict("break_glass.no_password")
        if User.objects.filter(pk=person, is_break_glass=False).update(is_break_glass=True, changed=timezone.now()):
            _record(actor, Event.BREAK_GLASS_NAMED, person=found)


def dismiss_break_glass(actor: Actor, *, person: UUID) -> None:
    """Make a break-glass account one as any other. May be repeated. Raises NotFound, or Conflict for the last one needed."""
    _check_naming(actor)
    with actor.writing():
        found = _person(person)
        keep_break_glass(besides=person)
        if User.objects.filter(pk=person, is_break_glass=True).update(is_break_glass=False, changed=timezone.now()):
            _record(actor, Event.BREAK_GLASS_DISMISSED, person=found)


def keep_break_glass(*, besides: UUID) -> None:
    """Raise Conflict when a studio that signs in by its provider alone would lose its last break-glass account."""
    Tenant.objects.select_for_update().get()
    if not policy_here().sso_only or not User.objects.filter(pk=besides, is_break_glass=True).exists():
        return
    if not _break_glass().exclude(pk=besides).exists():
        raise Conflict("security.no_break_glass")


def keep_provider(*, besides: UUID) -> None:
    """Raise Conflict when a studio that signs in by its provider alone would lose the last one that people come in by."""
    # Whoever asks for the provider alone waits here, as does who takes away another one.
    Tenant.objects.select_for_update().get()
    if policy_here().sso_only and not _ways_in().exclude(pk=besides).exists():
        raise Conflict("identity.last_provider")


def _present() -> Wanted:
    row: SecurityPolicy | None = SecurityPolicy.objects.first()
    if row is None:
        return Wanted()
    return Wanted(
        sso_only=row.sso_only, second_factor=row.second_factor, provider_step_up=row.provider_step_up,
        session_hours=row.session_hours, idle_minutes=row.idle_minutes, networks=tuple(row.networks),
        changed=row.changed,
    )  # fmt: skip


def _checked(wanted: Wanted) -> Wanted:
    if not 1 <= wanted.session_hours <= MOST_HOURS:
        raise InvalidInput("security.session_hours", least=1, most=MOST_HOURS)
    if not LEAST_IDLE <= wanted.idle_minutes <= MOST_IDLE:
        raise InvalidInput("security.idle_minutes", least=LEAST_IDLE, most=MOST_IDLE)
    known = [network_in(one) for one in wanted.networks]
    if None in known or len(known) > MOST_NETWORKS:
        raise InvalidInput("security.networks", number=known.index(None) + 1 if None in known else len(known), most=MOST_NETWORKS)
    networks = tuple(dict.fromkeys(str(one) for one in known))
    return replace(wanted, networks=networks)


def _check_ways_in() -> None:
    if not _ways_in().exists():
        raise Conflict("security.no_provider")
    if not _break_glass().exists():
        raise Conflict("security.no_break_glass")


def _ways_in() -> Any:
    """Return the providers that are known to let people in: enabled, and tested as they stand."""
    as_it_stands = Q(redescribed__isnull=True) | Q(tested__gte=F("redescribed"))
    return IdentityProvider.objects.filter(as_it_stands, is_enabled=True, tested__isnull=False)


def _break_glass() -> Any:
    return User.objects.filter(is_break_glass=True, is_active=True, kind=Kind.PERSON.value)


def _check_naming(actor: Actor) -> None:
    named_by = (Permission.OWNER_APPOINT, Permission.SECURITY_CONFIGURE)
    actor.require_any(*named_by)
    if not actor.is_stepped_up:
        raise Forbidden("step_up.needed", permission=next(one for one in named_by if actor.may(one)).value)


def _person(person: UUID) -> User:
    found: User | None = User.objects.filter(pk=person, kind=Kind.PERSON.value, is_active=True).first()
    if found is None:
        raise NotFound("person.unknown")
    return found


def _record(actor: Actor, kind: Event, *, person: User) -> None:
    audit.append(
        id=uuid.uuid4(), tenant=actor.tenant, project=None, actor=actor.pseudonym, kind=kind, facts={"person": person.pseudonym}
    )
