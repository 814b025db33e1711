"""A tenant's work is held as a whole, what is under way too, and released again; others' work goes on."""

from uuid import uuid4

import pytest

from access.models import PLATFORM
from dispatch import services as dispatch
from kernel.errors import LeaseLost, NoScope
from kernel.scope import lease_scope, tenant_scope


def take(worker="w"):
    return dispatch.claim(worker=worker, kinds=["generate"], limit=4)


def held(tenant, as_login):
    with as_login("app"), tenant_scope(tenant):
        return dispatch.hold(tenant=tenant)


def released(tenant, as_login):
    with as_login("app"), tenant_scope(tenant):
        return dispatch.release(tenant=tenant)


def test_held_work_is_not_taken_until_it_is_released(put, worker, as_login):
    tenant, other = uuid4(), uuid4()
    mine, theirs = put(tenant), put(other)
    assert held(tenant, as_login) == 1
    assert take().tickets[0].id == theirs
    assert take() is None
    assert released(tenant, as_login) == 1
    assert take().tickets[0].id == mine


def test_work_under_way_loses_its_lease_at_once_and_costs_no_attempt(put, worker, as_login):
    tenant, other = uuid4(), uuid4()
    mine = put(tenant)
    claim = take()
    assert claim.tickets[0].attempts == 1
    put(other)
    beside = take("another")
    assert held(tenant, as_login) == 1
    assert not dispatch.renew(claim.lease).alive
    assert dispatch.renew(beside.lease).alive
    with pytest.raises(LeaseLost), lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=mine, outcome="done")
    assert take() is None
    released(tenant, as_login)
    again = take()
    assert (again.tickets[0].id, again.tickets[0].attempts) == (mine, 1)


def test_only_ones_own_work_is_held(put, worker, as_login):
    tenant = uuid4()
    mine = put(tenant)
    with as_login("app"), tenant_scope(uuid4()), pytest.raises(ValueError):
        dispatch.hold(tenant=tenant)
    assert held(uuid4(), as_login) == 0
    assert take().tickets[0].id == mine


def test_queues_are_counted_for_the_platform_alone(put, worker, as_login):
    put(uuid4())
    put(uuid4())
    held_back = uuid4()
    put(held_back)
    held(held_back, as_login)
    assert take() is not None
    with as_login("app"):
        with tenant_scope(PLATFORM, read_only=True):
            assert [(one.kind, one.waiting, one.under_way) for one in dispatch.queues()] == [("generate", 1, 1)]
        with tenant_scope(held_back, read_only=True):
            assert dispatch.queues() == []
        with pytest.raises(NoScope):
            dispatch.queues()
