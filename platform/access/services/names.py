"""How people and studios are called: who did what, and which studio somebody means."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from access.models import DomainAddress, StudioName, User
from access.rules import addresses_in, folded, is_domain
from access.services.actors import studio
from kernel.scope import presented_scope


@dataclass(frozen=True)
class Place:
    """Where a studio is."""

    slug: str
    tenant: UUID


def find_studio(typed: str) -> Place | None:
    """Return the studio that is meant by an address, a pasted link, a name or an e-mail; None unless it is exactly one.

    An address that is typed as it is written goes first: nobody can take it away by founding a studio of that name.
    """
    if "@" in typed:
        return _of_domain(typed)
    for slug in addresses_in(typed):
        tenant = studio(slug)
        if tenant is not None:
            return Place(slug, tenant)
    return _of_name(folded(typed))


def _of_domain(typed: str) -> Place | None:
    """Return the studio that has proved an address's domain; whether it has such a person is nobody's business here."""
    domain = typed.strip().rpartition("@")[2].lower()
    if not is_domain(domain):
        return None
    with presented_scope(domain):
        found = DomainAddress.objects.filter(domain=domain).first()
    return None if found is None else Place(found.slug, found.tenant_id)


def _of_name(name: str) -> Place | None:
    if not name:
        return None
    with presented_scope(name):
        found = list(StudioName.objects.filter(folded=name)[:2])
    return Place(found[0].slug, found[0].tenant_id) if len(found) == 1 else None


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    """Return person → display name, in the caller's scope."""
    return dict(User.objects.filter(pk__in=people).values_list("pk", "display_name"))
