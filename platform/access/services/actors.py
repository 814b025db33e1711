"""Who acts: read anew each time, from a token, a session or a lease."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from access import tokens
from access.actor import Actor
from access.models import ApiToken, Project, StudioAddress, Tenant, User, roles_of
from access.roles import Role, permissions_of
from kernel.errors import NotFound, Unauthenticated
from kernel.ids import LeaseToken
from kernel.scope import lease_scope, presented_scope, tenant_scope

_SEEN_EVERY: Final = timedelta(minutes=1)


def actor_for(person: UUID, *, tenant: UUID, project: UUID | None = None, lease: LeaseToken | None = None) -> Actor:
    """Return the Actor of a person, rights read anew. Raises NotFound for a stranger to the project."""
    scope = lease_scope(lease, tenant=tenant, read_only=True) if lease else tenant_scope(tenant, read_only=True)
    with scope:
        return _actor(person, tenant=tenant, project=project, lease=lease)


def actor_from_token(token: str, *, project: UUID | None = None) -> Actor:
    """Return who presented this token. Raises Unauthenticated."""
    if not tokens.is_well_formed(token):
        raise Unauthenticated("token.malformed")
    now = timezone.now()
    with presented_scope(tokens.digest(token)):
        found = ApiToken.objects.filter(hash=tokens.digest(token)).first()
    if found is None or not found.is_usable(now):
        raise Unauthenticated("token.unusable")
    if found.project_id is not None and project is not None and found.project_id != project:
        raise NotFound("project.unknown")
    if found.last_used is None or now - found.last_used > _SEEN_EVERY:
        with tenant_scope(found.tenant_id):
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)
    return actor_for(found.user_id, tenant=found.tenant_id, project=project or found.project_id)


def actor_from_session(person: UUID, *, tenant: UUID, project: UUID | None = None) -> Actor:
    """Return who is signed in. Raises Unauthenticated for somebody who was suspended."""
    return actor_for(person, tenant=tenant, project=project)


def system_actor(tenant: UUID, lease: LeaseToken) -> Actor:
    """Return the tenant's own Actor for work that no person asked for."""
    return Actor(
        person=tenant, pseudonym="system", display="system", tenant=tenant, permissions=permissions_of([Role.SYSTEM]), lease=lease
    )


def studio(slug: str) -> UUID | None:
    """Return the tenant that a studio's address names, or None."""
    with presented_scope(slug):
        found = StudioAddress.objects.filter(slug=slug).first()
    return None if found is None else found.tenant_id


def studio_name(tenant: UUID) -> str:
    """Return a studio's name."""
    with tenant_scope(tenant, read_only=True):
        name: str = Tenant.objects.values_list("name", flat=True).get(pk=tenant)
    return name


def _actor(person: UUID, *, tenant: UUID, project: UUID | None, lease: LeaseToken | None) -> Actor:
    user = User.objects.filter(pk=person).first()
    if user is None or not user.is_active:
        raise Unauthenticated("person.unknown")
    roles = roles_of(person, project=project)
    if project is not None:
        if not Project.objects.filter(pk=project).exists():
            raise NotFound("project.unknown")
        if not roles:
            raise NotFound("project.unknown")
    return Actor(
        person=user.pk, pseudonym=user.pseudonym, display=user.display_name, tenant=tenant, project=project,
        permissions=permissions_of(roles), lease=lease,
    )  # fmt: skip


