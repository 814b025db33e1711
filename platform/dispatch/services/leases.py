"""Leases: a worker takes tickets of one tenant, keeps its way in alive, and settles.

The token is drawn here and never leaves the process but to be presented; the database keeps its digest. A claim under
a live lease of the same tenant uses that lease again, so that a batch and its successors share one scope.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from dispatch import rules
from kernel.errors import LeaseLost
from kernel.ids import LeaseToken
from kernel.scope import joined


@dataclass(frozen=True)
class Claimed:
    """One ticket that this worker holds. `attempts` counts this one; `waited` is how long it lay."""

    id: UUID
    project: UUID | None
    person: UUID | None
    kind: str
    row: UUID
    intent: UUID
    attempts: int
    cost: int
    shape_key: str
    waited: timedelta


@dataclass(frozen=True)
class Claim:
    """Tickets of one tenant, and the lease under which they are held."""

    lease: LeaseToken
    tenant: UUID
    ends: datetime
    tickets: tuple[Claimed, ...]


@dataclass(frozen=True)
class RenewResult:
    """Whether the lease lives, and which of its tickets were stopped from above or below."""

    alive: bool
    stopped: frozenset[UUID]


@dataclass(frozen=True)
class Held:
    """What is known of a ticket that somebody holds under a live lease."""

    tenant: UUID
    project: UUID | None
    kind: str


def digest_of(token: LeaseToken) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def claim(
    *,
    worker: str,
    kinds: Sequence[str],
    limit: int = 1,
    resident: Sequence[str] = (),
    held: Sequence[LeaseToken] = (),
) -> Claim | None:
    """Take the fairest waiting ticket, and others of its shape; commits at once. None when nothing waits."""
    fresh = LeaseToken(secrets.token_urlsafe(32))
    tokens = {digest_of(token): token for token in (*held, fresh)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token_digest, ends, tenant_id, id, project_id, person_id, kind, row, intent, attempts, cost,"
            " shape_key, waited FROM dispatch_take(%s::text, %s::text[], %s::integer, %s::text[], %s::text[], %s::text,"
            " %s::integer, make_interval(secs => %s::float), %s::integer, make_interval(secs => %s::float))",
            [
                worker, [str(kind) for kind in kinds], limit, list(resident), [digest_of(token) for token in held],
                digest_of(fresh), settings.DISPATCH_LEASE_SECONDS, rules.FAIRNESS_WINDOW.total_seconds(),
                rules.AFFINITY_QUANTUM, rules.PATIENCE.total_seconds(),
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    if not rows:
        return None
    digest, ends, tenant = rows[0][:3]
    return Claim(tokens[digest], tenant, ends, tuple(Claimed(*row[3:]) for row in rows))


def renew(lease: LeaseToken) -> RenewResult:
    """Lengthen a live lease. A dead one stays dead: its tickets may already be another's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stopped FROM dispatch_renew(%s, %s)", [lease, settings.DISPATCH_LEASE_SECONDS])
        row = cursor.fetchone()
    return RenewResult(row is not None, frozenset(row[0]) if row else frozenset())


def held_for(intent: UUID) -> list[Held]:
    """Return the tickets of this intent that are held under a live lease (login `keeper`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, project_id, kind FROM dispatch_held(%s::uuid)", [intent])
        return [Held(*row) for row in cursor.fetchall()]


def settle(lease: LeaseToken, *, ticket: UUID, outcome: str) -> None:
    """End one ticket, first in the deed's transaction, as it locks the ticket. Raises LeaseLost: roll back."""
    joined()
    _hit_one("SELECT dispatch_settle(%s, %s, %s)", [lease, ticket, outcome])


def yield_back(lease: LeaseToken, *, ticket: UUID) -> None:
    """Put a ticket back because others go first; the attempt does not count. Raises LeaseLost."""
    _hit_one("SELECT dispatch_put_back(%s, %s, interval '0', false)", [lease, ticket])


def rest(lease: LeaseToken, *, ticket: UUID, pause: timedelta) -> None:
    """Put a ticket back to be taken no sooner than after a pause; the attempt does not count. Raises LeaseLost."""
    _hit_one("SELECT dispatch_put_back(%s, %s, make_interval(secs => %s::float), false)", [lease, ticket, pause.total_seconds()])


def put_back(lease: LeaseToken, *, ticket: UUID, attempts: int) -> None:
    """Put a ticket back after a failure, to rest as long as its attempts say. Raises LeaseLost."""
    rest = rules.backoff(attempts).total_seconds()
    _hit_one("SELECT dispatch_put_back(%s, %s, make_interval(secs => %s::float), true)", [lease, ticket, rest])


def _hit_one(statement: str, values: Sequence[str | UUID | float]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.fetchone()[0] != 1:
            raise LeaseLost
