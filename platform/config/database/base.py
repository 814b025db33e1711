"""The backend that the settings name; what it refuses stands in `wall`."""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

Run = Callable[[Any, Any, bool, dict[str, Any]], Any]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with the first wall around every statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(in_scope)


def in_scope(run: Run, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001  # Django's signature
    """Send a statement, or raise NoScope."""
    from config.database.wall import refuse_unscoped  # noqa: PLC0415  # models need this module before they are there

    refuse_unscoped(context["connection"], sql)
    return run(sql, params, many, context)
