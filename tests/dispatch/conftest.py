"""An empty waiting room, and a short way to put and take."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest


@pytest.fixture
def owner(services: Any) -> Iterator[psycopg.Connection]:
    """The owner's own connection, for what no login of ours may do."""
    with psycopg.connect(services.postgres.url("owner"), autocommit=True) as connection:
        yield connection


@pytest.fixture(autouse=True)
def nothing_waits(owner: psycopg.Connection) -> None:
    owner.execute("DELETE FROM dispatch_ticket")


@pytest.fixture
def worker(as_login: Callable[[str], contextlib.AbstractContextManager[None]]) -> Iterator[None]:
    """The rest of the test speaks as login `worker`."""
    with as_login("worker"):
        yield


@pytest.fixture
def login(services: Any) -> Callable[[str], Any]:
    """A raw connection of one login: `with login("worker") as connection`."""
    return lambda name: psycopg.connect(services.postgres.url(name), autocommit=True)


@pytest.fixture
def put(as_login: Callable[[str], contextlib.AbstractContextManager[None]]) -> Callable[..., UUID]:
    from dispatch import services as dispatch  # rooms are imported once the run's services have started
    from kernel.scope import tenant_scope

    def put_one(tenant: UUID, **columns: Any) -> UUID:
        ticket = uuid4()
        given = {"kind": "generate", "project": uuid4(), "person": uuid4(), "row": uuid4(), "intent": uuid4()}
        with as_login("app"), tenant_scope(tenant):
            dispatch.put(id=ticket, tenant=tenant, **(given | columns))
        return ticket

    return put_one
