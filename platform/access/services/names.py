"""How people and studios are called: who did what, and which studio somebody means."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from access.models import StudioName, User
from access.rules import addresses_in, folded
from access.services.actors import studio
from kernel.scope import presented_scope


@dataclass(frozen=True)
class Place:
    """Where a studio is."""

    slug: str
    tenant: UUID


def find_studio(typed: str) -> Place | None:
    """Return the studio that is meant by an address, a pasted link or a name; None unless it is exactly one.

    An address that is typed as it is written goes first: nobody can take it away by founding a studio of that name.
    """
    for slug in addresses_in(typed):
        tenant = studio(slug)
        if tenant is not None:
            return Place(slug, tenant)
    return _of_name(folded(typed))


def _of_name(name: str) -> Place | None:
    if not name:
        return None
    with presented_scope(name):
        found = list(StudioName.objects.filter(folded=name)[:2])
    return Place(found[0].slug, found[0].tenant_id) if len(found) == 1 else None


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    """Return person → display name, in the caller's scope."""
    return dict(User.objects.filter(pk__in=people).values_list("pk", "display_name"))
