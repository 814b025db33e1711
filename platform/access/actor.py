"""The Actor: a person, for whom, where, with which permissions. Frozen; read anew for each request and each lease."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from access.roles import STEP_UP, Permission
from kernel.errors import Forbidden, NotFound
from kernel.ids import LeaseToken
from kernel.scope import lease_scope, tenant_scope


@dataclass(frozen=True)
class Actor:
    """Who acts. `lease` is set when a worker acts as the person who asked.

    `is_stepped_up` says that a second factor was shown in the last minutes, or that a token names what it may by a scope.
    `by_provider` says that an identity provider of the studio opened the session that asks, and `provider` which one.
    """

    person: UUID
    pseudonym: str
    display: str
    tenant: UUID
    permissions: frozenset[Permission]
    project: UUID | None = None
    lease: LeaseToken | None = None
    is_stepped_up: bool = False
    by_provider: bool = False
    provider: UUID | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether this is permitted."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless this is permitted."""
        if permission not in self.permissions:
            raise Forbidden("permission.missing", permission=permission.value)

    def require_step_up(self, permission: Permission) -> None:
        """Raise Forbidden unless this is permitted and the second factor was shown just now (`access.roles.STEP_UP`)."""
        self.require(permission)
        if permission in STEP_UP and not self.is_stepped_up and self.lease is None:
            raise Forbidden("step_up.needed", permission=permission.value)

    def require_any(self, *permissions: Permission) -> None:
        """Raise Forbidden unless one of these is permitted."""
        if self.permissions.isdisjoint(permissions):
            raise Forbidden("permission.missing", permission=permissions[0].value)

    def require_project(self) -> UUID:
        """Return the project that is acted in. Raises NotFound when none is."""
        if self.project is None:
            raise NotFound("project.none")
        return self.project

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """One durable read-only transaction in the Actor's scope."""
        with self._scope(read_only=True):
            yield

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One durable transaction in the Actor's scope: a deed's leading one."""
        with self._scope(read_only=False):
            yield

    def _scope(self, *, read_only: bool) -> contextlib.AbstractContextManager[object]:
        if self.lease is not None:
            return lease_scope(self.lease, tenant=self.tenant, read_only=read_only)
        return tenant_scope(self.tenant, read_only=read_only)
