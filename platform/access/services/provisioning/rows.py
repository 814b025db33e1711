"""What provisioning sees, and what it may touch: people and its own groups, never those who hold the studio.

Whom it has removed is hidden from it for good: she keeps her name in the studio's works and an address that is none, so
that somebody of her name and address may come after her.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, F, Q
from django.db.models.functions import Coalesce

from access.models import Grant, Group, Tenant, User, live
from access.roles import Role
from access.rules import Kind
from kernel.errors import Forbidden, NotFound

REMOVED: Final = "@removed.invalid"
# Whoever holds one of these is appointed by people alone.
_KEPT_BY_HAND: Final = (Role.OWNER.value, Role.OPERATOR.value)


def people() -> Any:
    """Return the people whom provisioning sees; `known_as` is a person's name for it, her address until it gives one."""
    seen = User.objects.filter(kind=Kind.PERSON.value).exclude(email__endswith=REMOVED)
    return seen.annotate(known_as=Coalesce(F("user_name"), F("email"), output_field=CharField()))


def groups() -> Any:
    """Return the groups that provisioning keeps."""
    return Group.objects.filter(is_provisioned=True)


def in_turn() -> None:
    """Wait until no other provisioning of this tenant is under way: names are compared without case, which no key does."""
    Tenant.objects.select_for_update().get()


def touchable(person: UUID) -> User:
    """Return a person for changing. Raises NotFound, or Forbidden for whom provisioning never touches."""
    user: User | None = User.objects.select_for_update().filter(pk=person).exclude(email__endswith=REMOVED).first()
    if user is None:
        user = User.objects.select_for_update().filter(pk=person, email=None).first()
    if user is None or user.kind == Kind.PROVISIONING:
        raise NotFound("person.unknown")
    check_untouched([user])
    return user


def check_untouched(users: Iterable[User]) -> None:
    """Raise Forbidden for an owner, a break-glass account, a service account or the platform's support among these."""
    known = {user.pk: user for user in users}
    held = Grant.objects.filter(live(), Q(user_id__in=list(known)), role__in=_KEPT_BY_HAND).values_list("user_id", flat=True)
    owners = set(held)
    for user in known.values():
        why = user.kind if user.kind != Kind.PERSON else "owner" if user.pk in owners else ""
        if why or user.is_break_glass:
            raise Forbidden("provisioning.untouched", why=why or "break_glass")
