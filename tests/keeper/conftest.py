"""A line to the run's keeper, a place that it knows, and entries to ask with."""

import uuid

import pytest

from kernel.keys import Keeper


@pytest.fixture
def line(keeper):
    """Speak to the keeper as one of the processes."""
    from django.conf import settings

    return lambda process: Keeper(settings.KEEPER_SOCKET, bytes.fromhex(keeper.tokens.drawn[process]))


@pytest.fixture
def place(keeper, line):
    """A tenant and a project of its own that the keeper knows."""
    tenant, project = uuid.uuid4(), uuid.uuid4()
    line("web").found(tenant=tenant)
    line("web").found(tenant=tenant, project=project)
    return tenant, project


@pytest.fixture
def record(keeper):
    """Append an entry and commit it."""

    def append(place, kind, facts=None):
        from governance.audit import services as audit
        from governance.audit.events import Event
        from kernel.scope import tenant_scope

        entry = uuid.uuid4()
        with tenant_scope(place[0]):
            audit.append(id=entry, tenant=place[0], project=place[1], actor="someone", kind=Event(kind), facts=facts or {})
        return entry

    return append
