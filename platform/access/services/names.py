"""How people are called, for pages that show who did what."""

from collections.abc import Collection
from uuid import UUID

from access.models import User


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    """Return person → display name, in the caller's scope."""
    return dict(User.objects.filter(pk__in=people).values_list("pk", "display_name"))
