"""What the platform's own people do: name operators, found studios, suspend and restore them, set their quotas.

They hold their roles in the platform's tenant alone and see nothing of a studio but its row in the register and its quota.
What they do to a studio stands in both logs, in one transaction.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from access import mails
from access.actor import Actor
from access.models import PLATFORM, Grant, Studio, Tenant, live
from access.roles import Permission, Role
from access.services.actors import studio as studio_at
from access.services.founding import BY_OPERATOR, NewStudio, add_studio, found_platform, inside, keys_of_new
from access.services.people import NewPerson, add_row, check_person, first_mail
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.scope import joined, tenant_scope


@dataclass(frozen=True)
class Quota:
    """How much a studio may have made in a day (UTC); None is no limit."""

    pictures_a_day: int | None
    device_seconds_a_day: int | None

    def facts(self) -> dict[str, int | None]:
        """Return what an entry says of it."""
        return {"pictures_a_day": self.pictures_a_day, "device_seconds_a_day": self.device_seconds_a_day}


@dataclass(frozen=True)
class Standing:
    """What the platform knows of a studio: its row in the register, whether it is suspended, its quota."""

    studio: Studio
    suspended: Any
    quota: Quota


def name_operator(*, email: str, name: str, password: str) -> UUID:
    """Make the platform's first operator, and the platform's tenant if need be: at the machine, as nobody can be asked yet.

    Raises Conflict while an operator can sign in. So who has lost the last one names another.
    """
    first = NewPerson(email, name, password)
    check_person(first)
    found_platform()
    try:
        with tenant_scope(PLATFORM):
            # Two that are named at once wait here for one another.
            Tenant.objects.select_for_update().get(pk=PLATFORM)
            if Grant.objects.filter(live(), role=Role.OPERATOR, user__is_active=True).exists():
                raise Conflict("operator.exists")
            person = add_row(first)
            Grant.objects.create(user=person, project=None, role=Role.OPERATOR)
            facts = {"person": person.pseudonym}
            _record(Event.PERSON_ADDED, tenant=PLATFORM, by=BY_OPERATOR, facts=facts)
            _record(Event.ROLE_GRANTED, tenant=PLATFORM, by=BY_OPERATOR, facts={**facts, "role": Role.OPERATOR.value})
    except IntegrityError:
        raise Conflict("person.email_taken") from None
    made: UUID = person.pk
    return made


def register_studio(*, slug: str) -> None:
    """Register a studio that was founded before there was a register, at the machine. May be repeated. Raises NotFound."""
    found_platform()
    tenant = studio_at(slug)
    if tenant is None or tenant == PLATFORM:
        raise NotFound("studio.unknown")
    with tenant_scope(PLATFORM):
        with inside(tenant):
            row = Tenant.objects.get(pk=tenant)
        _, is_new = Studio.objects.get_or_create(studio_id=tenant, defaults={"name": row.name, "slug": row.slug})
        if is_new:
            _record(Event.STUDIO_FOUNDED, tenant=PLATFORM, by=BY_OPERATOR, facts={"studio": str(tenant)})


def note_checkpoints() -> int:
    """Note each studio's newest signed checkpoint in the platform's log, unless that is done; return how many were new."""
    with tenant_scope(PLATFORM, read_only=True):
        studios = list(Studio.objects.order_by("created").values_list("studio_id", flat=True))
    return sum(_note_checkpoint(studio) for studio in studios)


def _note_checkpoint(studio: UUID) -> bool:
    with tenant_scope(PLATFORM):
        try:
            with inside(studio):
                newest = audit.checkpoint()
        except NotFound:
            return False
        facts = {"studio": str(studio), "size": newest.size, "root": newest.root.hex()}
        last = audit.entries(audit.Filter(kind=Event.CHECKPOINT_NOTED, fact=("studio", str(studio)), limit=1))
        if last and dict(last[0].facts) == facts:
            return False
        _record(Event.CHECKPOINT_NOTED, tenant=PLATFORM, by=BY_OPERATOR, facts=facts)
    return True


def open_studio(actor: Actor, *, new: NewStudio) -> Studio:
    """Make a studio with its keys and its first owner, and register it; without a password she is sent a link to set one.

    Raises InvalidInput, or Conflict for a taken address.
    """
    _require(actor, Permission.STUDIO_MANAGE)
    new.check()
    tenant = keys_of_new()
    try:
        with actor.writing():
            owner = add_studio(new, tenant=tenant, by=actor.pseudonym)
            made: Studio = Studio.objects.get(studio_id=tenant)
    except IntegrityError:
        raise Conflict("studio.address_taken") from None
    if new.owner.password is None:
        with actor.reading(), inside(tenant):
            words = first_mail(owner)
        mails.send(words, to=[str(owner.email)])
    return made


def suspend_studio(actor: Actor, *, studio: UUID) -> None:
    """Let nobody of a studio in and hold all its work, until it is restored. May be repeated. Raises NotFound."""
    _require(actor, Permission.STUDIO_MANAGE)
    with actor.writing():
        _registered(studio)
        with inside(studio):
            hit = Tenant.objects.filter(pk=studio, suspended=None).update(suspended=timezone.now())
            if hit:
                dispatch.hold(tenant=studio)
        if hit:
            _record_in_both(actor, kind=Event.STUDIO_SUSPENDED, studio=studio)


def restore_studio(actor: Actor, *, studio: UUID) -> None:
    """Let a suspended studio's people in again and its held work be done. May be repeated. Raises NotFound."""
    _require(actor, Permission.STUDIO_MANAGE)
    with actor.writing():
        _registered(studio)
        with inside(studio):
            hit = Tenant.objects.filter(pk=studio, suspended__isnull=False).update(suspended=None)
            if hit:
                dispatch.release(tenant=studio)
        if hit:
            _record_in_both(actor, kind=Event.STUDIO_RESTORED, studio=studio)


def set_quota(actor: Actor, *, studio: UUID, quota: Quota) -> None:
    """Say how much a studio may have made in a day. May be repeated. Raises NotFound."""
    _require(actor, Permission.STUDIO_MANAGE)
    with actor.writing():
        _registered(studio)
        with inside(studio):
            before = quota_in(Tenant.objects.select_for_update().get(pk=studio))
            if before == quota:
                return
            Tenant.objects.filter(pk=studio).update(**quota.facts())
        changed = {"before": before.facts(), "after": quota.facts()}
        _record_in_both(actor, kind=Event.STUDIO_QUOTA_SET, studio=studio, facts=changed)


def standing_of(actor: Actor, studio: Studio) -> Standing:
    """Return how a studio of the register stands, in the caller's reading."""
    require_platform(actor, Permission.STUDIO_MANAGE)
    with inside(studio.studio_id):
        row = Tenant.objects.get(pk=studio.studio_id)
    return Standing(studio, row.suspended, quota_in(row))


def quota_of(actor: Actor) -> Quota:
    """Return what the Actor's studio may have made in a day, in the caller's transaction."""
    joined()
    return quota_in(Tenant.objects.get(pk=actor.tenant))


def quota_in(row: Tenant) -> Quota:
    """Return the quota that a tenant's row holds."""
    return Quota(row.pictures_a_day, row.device_seconds_a_day)


def require_platform(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden unless one of the platform's own people may do this: a studio's own roles never reach here."""
    actor.require(permission)
    if actor.tenant != PLATFORM:
        raise Forbidden("permission.missing", permission=permission.value)


def _require(actor: Actor, permission: Permission) -> None:
    require_platform(actor, permission)
    actor.require_step_up(permission)


def _registered(studio: UUID) -> None:
    if not Studio.objects.filter(studio_id=studio).exists():
        raise NotFound("studio.unknown")


def _record_in_both(actor: Actor, *, kind: Event, studio: UUID, facts: Mapping[str, Any] | None = None) -> None:
    """Record what was done to a studio in its own log and in the platform's, of which the first names the entry."""
    entry, told = uuid.uuid4(), dict(facts or {})
    with inside(studio):
        _record(kind, tenant=studio, by=BY_OPERATOR, facts={"platform_entry": str(entry), **told})
    _record(kind, tenant=PLATFORM, by=actor.pseudonym, facts={"studio": str(studio), **told}, entry=entry)


def _record(kind: Event, *, tenant: UUID, by: str, facts: Mapping[str, Any], entry: UUID | None = None) -> None:
    audit.append(id=entry or uuid.uuid4(), tenant=tenant, project=None, actor=by, kind=kind, facts=facts)
