"""Services of their own for one benchmark: `with stage() as services:` gives Postgres, broker, keeper and Django as `app`."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def stage() -> Iterator[Any]:
    """Start what the tests start, and stop it."""
    from tests import conftest

    services = conftest.SERVICES
    services.start()
    try:
        os.environ.update(services.environment("command"))
        import django

        django.setup()
        services.start_keeper()
        yield services
    finally:
        conftest.pytest_unconfigure()


def median(values: list[float]) -> float:
    """Return the middle value."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
