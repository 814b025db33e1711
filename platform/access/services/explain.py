"""Why somebody may or may not do something, for who may ask."""

from uuid import UUID

from django.utils import timezone

from access import explaining
from access.actor import Actor
from access.explaining import Asked, Carrying, Explanation, Why
from access.models import Project, User, ever_held_by, orphaned
from access.roles import Permission
from access.rules import Kind
from access.services.actors import Bearer
from kernel.errors import Forbidden
from kernel.scope import joined


def explain(
    actor: Actor, *, person: UUID | None, permission: Permission | None, project: UUID | None, bearer: Bearer | None = None
) -> Explanation:
    """Return why a person may or may not do this there, in the caller's reading. None is what nobody knows: no.

    Everybody asks about himself; about others who may explain in the whole studio, or in the project that is asked about.
    """
    joined()
    is_self = person == actor.person
    if not is_self:
        actor.require(Permission.ACCESS_EXPLAIN)
        if actor.project not in {None, project}:
            raise Forbidden("permission.missing", permission=Permission.ACCESS_EXPLAIN.value)
    if permission is None:
        return Explanation(allowed=False, why=Why.UNKNOWN)
    user: User | None = None if person is None else User.objects.filter(pk=person).first()
    if user is None:
        # Of a project, nobody is told who else is in the studio.
        return Explanation(allowed=False, why=Why.UNKNOWN if project is None else Why.NOT_IN_PROJECT)
    token = Carrying(bearer.scope, bearer.project) if bearer is not None and is_self else None
    where = project if token is None else project or token.project
    asked = Asked(
        permission=permission, project=where, is_there=where is not None and Project.objects.filter(pk=where).exists(),
        kind=Kind(user.kind), is_active=user.is_active, token=token,
        is_orphaned=User.objects.filter(orphaned(), pk=user.pk).exists(),
    )  # fmt: skip
    return explaining.explain(asked, ever_held=ever_held_by(user.pk), now=timezone.now())
