"""The first wall: nothing about a tenant's table is sent while the connection speaks for nobody.

The querysets of our models refuse by themselves, where the mistake is nearest. Here every statement passes, whoever made
it: a library's manager, a related set, raw SQL, a cursor in a view. PostgreSQL would answer such a statement with nothing,
which looks like an empty studio; so it raises. Logins that work for all tenants (integrator, keeper, owner) have policies
of their own and are let through.
"""

import contextlib
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection

from config.database.base import in_scope
from config.walls import OF_TENANTS
from kernel.errors import NoScope
from kernel.scope import open_scope
from kernel.walls import OwnWall, Wall, declared

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_FOR_ALL_TENANTS: Final = ("integrator", "keeper", "owner")


def refuse_unscoped(asked: "BaseDatabaseWrapper", sql: Any) -> None:
    """Raise NoScope for a statement that names a tenant's table outside every scope."""
    if open_scope() is None and _of_tenants().search(str(sql)) and not _works_for_all(asked):
        raise NoScope


@contextlib.contextmanager
def past_the_first_wall() -> Iterator[None]:
    """Let statements without a scope through, to see what PostgreSQL's own wall makes of them: for tests of that alone."""
    connection.execute_wrappers.remove(in_scope)
    try:
        yield
    finally:
        connection.execute_wrappers.insert(0, in_scope)


def _works_for_all(asked: "BaseDatabaseWrapper") -> bool:
    user = asked.settings_dict["USER"]
    return settings.PROCESS == "admin" or user in {settings.DB_ROLES[login] for login in _FOR_ALL_TENANTS}


@cache
def _of_tenants() -> re.Pattern[str]:
    ours = (model._meta.db_table for model in apps.get_models() if isinstance(declared(model), Wall | OwnWall))
    return re.compile(rf"\b({'|'.join(map(re.escape, (*ours, *OF_TENANTS)))})\b", re.IGNORECASE)
