"""Who a database connection speaks for, and nothing without it.

A scope exists only inside a transaction and is set with it, so it cannot survive into the next borrower of a pooled
connection. The mark of the open scope is kept on the connection, because that is where it is true. Querysets of a
``TenantModel`` raise without a scope; PostgreSQL's policies show nothing without one (the second wall).
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db import connection, models, transaction

from kernel.errors import NoScope
from kernel.ids import LeaseToken
from kernel.walls import Ground, Wall

_MARK = "guildhall_scope"
_BY_STATEMENT = "guildhall_statement_scope"
_READ_ONLY: Final = {"transaction_read_only": "on"}


@dataclass(frozen=True)
class Scope:
    """What is set on a connection: a tenant, and by which setting it was entered."""

    tenant: UUID | None
    setting: str
    value: str


def open_scope() -> Scope | None:
    """Return the scope of this thread's connection, or None."""
    scope: Scope | None = getattr(connection, _MARK, None)
    if connection.in_atomic_block and scope is not None:
        return scope
    by_statement: Scope | None = getattr(connection, _BY_STATEMENT, None)
    return by_statement


def current_tenant() -> UUID:
    """Return the tenant this connection speaks for. Raises NoScope."""
    scope = open_scope()
    if scope is None or scope.tenant is None:
        raise NoScope
    return scope.tenant


def tenant_of_scope() -> UUID | None:
    """Return the scope's tenant for a new row; a row made outside a scope has none and cannot be saved."""
    scope = open_scope()
    return None if scope is None else scope.tenant


def joined() -> Scope:
    """Return the caller's scope, for what must happen inside the caller's transaction. Raises NoScope."""
    scope = open_scope()
    if scope is None:
        raise NoScope
    return scope


@contextlib.contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Set `scope` inside the transaction that is open, and set what was there before back on the way out."""
    with _entered(scope):
        yield scope


@contextlib.contextmanager
def _entered(scope: Scope, *, read_only: bool = False, ends_with_transaction: bool = False) -> Iterator[None]:
    before: Scope | None = getattr(connection, _MARK, None)
    _set({scope.setting: scope.value} | (_READ_ONLY if read_only else {}))
    setattr(connection, _MARK, scope)
    try:
        yield
    finally:
        setattr(connection, _MARK, before)
        if (
            not ends_with_transaction
            and connection.connection is not None
            and not connection.needs_rollback
            and connection.in_atomic_block
        ):
            _restore(scope, before)


@contextlib.contextmanager
def tenant_scope(tenant: UUID, *, read_only: bool = False) -> Iterator[Scope]:
    """One durable transaction in which login `app` speaks for `tenant`."""
    with _transaction(Scope(tenant, "app.tenant", str(tenant)), read_only=read_only) as scope:
        yield scope


@contextlib.contextmanager
def lease_scope(token: LeaseToken, *, tenant: UUID, read_only: bool = False) -> Iterator[Scope]:
    """One durable transaction in which login `worker` speaks for the tenant of a live lease."""
    with _transaction(Scope(tenant, "app.lease", token), read_only=read_only) as scope:
        yield scope


@contextlib.contextmanager
def presented_scope(secret_hash: str) -> Iterator[Scope]:
    """One read-only transaction that shows only rows whose secret was presented."""
    with _transaction(Scope(None, "app.presented", secret_hash), read_only=True) as scope:
        yield scope


@contextlib.contextmanager
def statement_scope(tenant: UUID) -> Iterator[Scope]:
    """Give each statement, and each transaction that others' code opens, a scope of its own.

    For routes of libraries that write sessions on GET and wait for strangers: a transaction around the whole request
    would be read-only in one case and idle in the other.
    """
    scope = Scope(tenant, "app.tenant", str(tenant))
    setattr(connection, _BY_STATEMENT, scope)
    try:
        with connection.execute_wrapper(_in_scope_of(scope)):
            yield scope
    finally:
        setattr(connection, _BY_STATEMENT, None)


def _in_scope_of(scope: Scope) -> Callable[..., Any]:
    entering = False

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001  # Django's signature
        nonlocal entering
        if entering or getattr(connection, _MARK, None) is not None:
            return run(sql, params, many, context)
        entering = True
        try:
            if connection.in_atomic_block:
                _set({scope.setting: scope.value})
                return run(sql, params, many, context)
            with transaction.atomic():
                _set({scope.setting: scope.value})
                return run(sql, params, many, context)
        finally:
            entering = False

    return execute


@contextlib.contextmanager
def _transaction(scope: Scope, *, read_only: bool) -> Iterator[Scope]:
    with (
        transaction.atomic(durable=True),
        # COMMIT or ROLLBACK ends the setting with the outermost block; within a test's transaction it must be set back.
        _entered(scope, read_only=read_only, ends_with_transaction=len(connection.atomic_blocks) == 1),
    ):
        yield scope


def _set(settings: dict[str, str]) -> None:
    """Set these until the transaction ends, in one statement."""
    each = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", [part for pair in settings.items() for part in pair])


def _restore(scope: Scope, before: Scope | None) -> None:
    _set({scope.setting: ""} | ({} if before is None else {before.setting: before.value}))


class TenantQuerySet(models.QuerySet[Any]):
    """Raises NoScope wherever it would speak to the database for nobody."""

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            joined()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        joined()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        joined()
        return super().count()

    def exists(self) -> bool:
        joined()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        joined()
        return super().aggregate(*args, **kwargs)

    def create(self, **kwargs: Any) -> Any:
        joined()
        return super().create(**kwargs)

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        joined()
        return super().bulk_create(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        joined()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        joined()
        return super().delete()


class TenantModel(models.Model):
    """A row that belongs to one tenant. Forced row-level security stands on its table (see `kernel.walls`)."""

    wall: ClassVar[Ground] = Wall()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.UUIDField(default=tenant_of_scope, editable=False)

    objects = models.Manager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        joined()
        super().save(*args, **kwargs)
