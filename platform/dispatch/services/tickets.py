"""Tickets: put by a deed, stopped or held by a deed, forgotten long after."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from dispatch.models import Ticket
from dispatch.rules import CPU_KINDS, DEVICE_KINDS, Kind, State
from dispatch.services.bells import ring
from kernel.scope import joined


def put(  # one ticket's columns; each caller names the few it has
    *,
    id: UUID,  # noqa: A002  # the column's name
    tenant: UUID,
    project: UUID | None,
    person: UUID | None,
    kind: str,
    row: UUID,
    intent: UUID,
    shape_key: str = "",
    models: Sequence[str] = (),
    cost: int = 1,
    priority: int = 0,
    deadline: datetime | None = None,
) -> None:
    """Put a ticket in the caller's transaction, and ring after it commits."""
    joined()
    Ticket.objects.bulk_create([
        Ticket(
            id=id, tenant_id=tenant, project_id=project, person_id=person, kind=Kind(kind), row=row, intent=intent,
            shape_key=shape_key, needs=list(models), cost=cost, priority=priority, deadline=deadline,
        )
    ])  # fmt: skip
    transaction.on_commit(partial(ring, kind))


def put_standing(*, tenant: UUID, after: timedelta = timedelta()) -> None:
    """Put the tenant's standing ticket, of work that nobody asked for; there is one at a time."""
    joined()
    ready = timezone.now() + after
    standing = Ticket(
        tenant_id=tenant,
        project_id=None,
        person_id=None,
        kind=Kind.HOUSEKEEPING,
        row=tenant,
        intent=uuid4(),
        ready=ready,
    )
    Ticket.objects.bulk_create([standing])


def stop(*, tenant: UUID, row: UUID | None = None, person: UUID | None = None, project: UUID | None = None) -> int:
    """Stop what waits or is under way, in the caller's deed; whoever holds it learns at the next renewal."""
    scope = joined()
    if scope.tenant != tenant or (row, person, project) == (None, None, None):
        raise ValueError("stop names one tenant's row, person or project")
    with connection.cursor() as cursor:
        cursor.execute("SELECT dispatch_stop(%s::uuid, %s::uuid, %s::uuid)", [row, person, project])
        return int(cursor.fetchone()[0])


def stopped_rows(*, tenant: UUID, kind: Kind) -> list[UUID]:
    """Return the rows whose work was stopped from elsewhere and for which nothing waits or is under way."""
    _check_own(tenant)
    of_kind = Ticket.objects.filter(tenant_id=tenant, kind=kind)
    alive = of_kind.filter(state__in=[State.WAITING, State.TAKEN]).values("row")
    return list(of_kind.filter(state=State.STOPPED).exclude(row__in=alive).values_list("row", flat=True).distinct())


def hold(*, tenant: UUID) -> int:
    """Hold all of a tenant's work, in the caller's deed: nobody takes what waits, and what is under way ends with its leases."""
    _check_own(tenant)
    return _counted("SELECT dispatch_hold()")


def release(*, tenant: UUID) -> int:
    """Let a tenant's held work be taken again, in the caller's deed, and ring after it commits."""
    _check_own(tenant)
    for kind in (DEVICE_KINDS[0], CPU_KINDS[0]):
        transaction.on_commit(partial(ring, kind))
    return _counted("SELECT dispatch_release()")


def forget(*, age: timedelta) -> int:
    """Remove tickets that ended so long ago, and leases that none points to (login `worker`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT dispatch_forget(make_interval(secs => %s::float))", [age.total_seconds()])
        return int(cursor.fetchone()[0])


def _check_own(tenant: UUID) -> None:
    if joined().tenant != tenant:
        raise ValueError("work is held and released in its own tenant's scope")


def _counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
