"""Who acts: read anew each time, from a token, a session or a lease."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from access import gate, tokens
from access.actor import Actor
from access.gate import Standing, Verdict
from access.models import ApiToken, Project, StudioAddress, Tenant, User, held_by, orphaned, rights
from access.proofs import Proofs
from access.roles import OF_PROVISIONING, Permission, Role, by_token, permissions_of
from access.rules import Kind, TokenKind, is_address
from access.services.admitting import policy_here, standing_of, voucher_of
from kernel.errors import Forbidden, NotFound, Unauthenticated
from kernel.ids import LeaseToken
from kernel.scope import lease_scope, presented_scope, tenant_scope

_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Bearer:
    """Who a token stands for, and how far it reaches: one project or all of his, and an empty scope for all he may."""

    person: UUID
    tenant: UUID
    project: UUID | None
    scope: frozenset[Permission]
    token: UUID | None = None


@dataclass(frozen=True)
class Shown:
    """What a browser's session shows: who, for which studio, the seal of her password, and her proofs with their times."""

    person: UUID
    tenant: UUID
    seal: str
    proofs: Proofs
    # Whether the studio takes its provider's own fresh sign-in for the second factor's.
    provider_steps_up: bool = False

    def stepped_up_until(self) -> float | None:
        """Return until when deeds that need a fresh second factor are open, or were."""
        return self.proofs.stepped_up_until(by_provider=self.provider_steps_up)


def actor_for(
    person: UUID, *, tenant: UUID, project: UUID | None = None, lease: LeaseToken | None = None, is_stepped_up: bool = False
) -> Actor:
    """Return the Actor of a person, rights read anew. Raises NotFound for a stranger to the project."""
    scope = lease_scope(lease, tenant=tenant, read_only=True) if lease else tenant_scope(tenant, read_only=True)
    with scope:
        return _actor(_person(person, project=project), project=project, lease=lease, is_stepped_up=is_stepped_up)


def bearer_of(token: str, *, address: str | None = None) -> Bearer:
    """Return who presented this token, and note the use; a command on the machine itself has no address.

    Raises Unauthenticated, also for provisioning's, for one whose provider vouches for its person no more, and where the studio
    lets in by its provider alone and this token was issued without it, or Forbidden from outside the studio's networks.
    """
    found = _presented(token)
    if found.kind == TokenKind.PROVISIONING:
        raise Unauthenticated("token.unusable")
    _check_token(found, address)
    _note_use(found)
    return Bearer(found.user_id, found.tenant_id, found.project_id, frozenset(Permission(one) for one in found.scope), found.pk)


def provisioning_actor(token: str, *, tenant: UUID, address: str | None = None) -> Actor:
    """Return the Actor of a tenant's own provisioning token, and note the use. Raises as `bearer_of` does for any other."""
    found = _presented(token)
    if found.kind != TokenKind.PROVISIONING or found.tenant_id != tenant:
        raise Unauthenticated("token.unusable")
    _check_token(found, address)
    with tenant_scope(tenant, read_only=True):
        user = _person(found.user_id)
    _note_use(found)
    return Actor(
        person=user.pk, pseudonym=user.pseudonym, display=user.display_name, tenant=tenant, permissions=OF_PROVISIONING,
        is_stepped_up=True,
    )  # fmt: skip


def check_bearer(bearer: Bearer, *, address: str) -> None:
    """Raise Unauthenticated once the token has ended, and as `bearer_of` does once the studio lets it in no more."""
    with tenant_scope(bearer.tenant, read_only=True):
        found = None if bearer.token is None else ApiToken.objects.filter(pk=bearer.token).first()
    if found is None or not found.is_usable(timezone.now()):
        raise Unauthenticated("token.unusable")
    _check_token(found, address)


def _presented(token: str) -> ApiToken:
    kind = tokens.kind_of(token)
    if kind is None:
        raise Unauthenticated("token.malformed")
    with presented_scope(tokens.digest(token)):
        found: ApiToken | None = ApiToken.objects.filter(hash=tokens.digest(token)).first()
    if found is None or found.kind != kind.value or not found.is_usable(timezone.now()):
        raise Unauthenticated("token.unusable")
    return found


def _note_use(found: ApiToken) -> None:
    now = timezone.now()
    if found.last_used is None or now - found.last_used > _SEEN_EVERY:
        with tenant_scope(found.tenant_id):
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)


def actor_of_bearer(bearer: Bearer, *, project: UUID | None = None) -> Actor:
    """Return the Actor behind a token. Raises NotFound outside the project that it is bound to."""
    if bearer.project is not None and project not in {None, bearer.project}:
        raise NotFound("project.unknown")
    actor = actor_for(bearer.person, tenant=bearer.tenant, project=project or bearer.project, is_stepped_up=bool(bearer.scope))
    carried = by_token(actor.permissions, scope=bearer.scope, is_bound=bearer.project is not None)
    return replace(actor, permissions=carried)


def actor_from_token(token: str, *, project: UUID | None = None) -> Actor:
    """Return the Actor of who presented this token. Raises Unauthenticated, or NotFound."""
    return actor_of_bearer(bearer_of(token), project=project)


def actor_from_session(shown: Shown, *, project: UUID | None = None) -> Actor:
    """Return who is signed in. Raises Unauthenticated when the password has changed since, or for who was suspended."""
    with tenant_scope(shown.tenant, read_only=True):
        user = _person(shown.person, project=project)
        if user.kind != Kind.PERSON or not constant_time_compare(shown.seal, user.get_session_auth_hash()):
            raise Unauthenticated("session.outdated")
        is_stepped_up = shown.proofs.is_stepped_up(timezone.now().timestamp(), by_provider=shown.provider_steps_up)
        actor = _actor(user, project=project, is_stepped_up=is_stepped_up)
    return replace(actor, by_provider=shown.proofs.provider is not None, provider=shown.proofs.provider_id)


def system_actor(tenant: UUID, lease: LeaseToken) -> Actor:
    """Return the tenant's own Actor for work that no person asked for."""
    return Actor(
        person=tenant,
        pseudonym="system",
        display="system",
        tenant=tenant,
        permissions=permissions_of([Role.SYSTEM]),
        lease=lease,
    )


def studio(slug: str) -> UUID | None:
    """Return the tenant that a studio's address names, or None."""
    if not is_address(slug):
        return None
    with presented_scope(slug):
        found = StudioAddress.objects.filter(slug=slug).first()
    return None if found is None else found.tenant_id


def is_suspended(tenant: UUID) -> bool:
    """Return whether nobody of a studio is let in for now."""
    with tenant_scope(tenant, read_only=True):
        return bool(Tenant.objects.filter(pk=tenant, suspended__isnull=False).exists())


def studio_name(tenant: UUID) -> str:
    """Return a studio's name."""
    with tenant_scope(tenant, read_only=True):
        name: str = Tenant.objects.values_list("name", flat=True).get(pk=tenant)
    return name


def _check_token(token: ApiToken, address: str | None) -> None:
    with tenant_scope(token.tenant_id, read_only=True):
        policy = policy_here()
        standing = standing_of(token.user_id) if policy.sso_only else Standing(has_factor=False)
        voucher = voucher_of(token)
    verdict = gate.of_token(policy, kind=TokenKind(token.kind), voucher=voucher, standing=standing, address=address)
    if verdict is Verdict.NETWORK:
        raise Forbidden(verdict.value)
    if verdict is not Verdict.OPEN:
        raise Unauthenticated(verdict.value)


def _person(person: UUID, *, project: UUID | None = None) -> User:
    """Return who this is in a studio that is open, and on her whether the project `is_there`; in one statement."""
    shut = Exists(Tenant.objects.filter(pk=OuterRef("tenant_id"), suspended__isnull=False))
    there = Exists(Project.objects.none() if project is None else Project.objects.filter(pk=project))
    known = User.objects.annotate(is_shut=shut, is_there=there, is_orphaned=orphaned())
    user: User | None = known.filter(pk=person, is_active=True).first()
    if user is None:
        raise Unauthenticated("person.unknown")
    if user.is_orphaned:  # type: ignore[attr-defined]  # annotated above, as is_shut
        raise Unauthenticated("service.orphaned")
    if user.is_shut:  # type: ignore[attr-defined]  # annotated above
        raise Forbidden("studio.suspended")
    return user


def _actor(user: User, *, project: UUID | None, is_stepped_up: bool, lease: LeaseToken | None = None) -> Actor:
    held = held_by(user.pk)
    is_inside = user.is_there and any(one.counts_at(project) for one in held)  # type: ignore[attr-defined]  # by `_person`
    if project is not None and not is_inside:
        raise NotFound("project.unknown")
    return Actor(
        person=user.pk, pseudonym=user.pseudonym, display=user.display_name, tenant=user.tenant_id, project=project,
        permissions=rights(held, place=project, kind=Kind(user.kind)), lease=lease, is_stepped_up=is_stepped_up,
    )  # fmt: skip
