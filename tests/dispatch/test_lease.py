"""The lease is the only way into a tenant: attempted reads and writes as login `worker` itself."""

from uuid import uuid4

import psycopg
import pytest

from dispatch import services as dispatch
from dispatch.models import Ticket
from dispatch.rules import DEVICE_KINDS, SHORT_KINDS
from kernel.errors import LeaseLost, NoScope
from kernel.scope import lease_scope, tenant_scope


def take(worker="w1", **more):
    return dispatch.claim(worker=worker, kinds=DEVICE_KINDS, **more)


def leased_tenant(connection, token: str) -> object:
    with connection.transaction():
        connection.execute("SELECT set_config('app.lease', %s, true)", [token])
        return connection.execute("SELECT lease_tenant()").fetchone()[0]


def test_a_live_lease_opens_its_tenant_alone(put, worker, login):
    tenant = uuid4()
    put(tenant)
    claim = take()
    with login("worker") as raw:
        assert leased_tenant(raw, claim.lease) == tenant


@pytest.mark.parametrize("guess", ["", "x", "0" * 64, "' OR true --"])
def test_a_guess_opens_nothing(put, worker, login, guess):
    put(uuid4())
    take()
    with login("worker") as raw:
        assert leased_tenant(raw, guess) is None


def test_the_digest_is_no_token(put, worker, login, owner):
    put(uuid4())
    take()
    (digest,) = owner.execute("SELECT token_digest FROM dispatch_lease ORDER BY ends DESC LIMIT 1").fetchone()
    with login("worker") as raw:
        assert leased_tenant(raw, digest) is None


def test_an_ended_lease_opens_nothing(put, worker, login, owner):
    tenant = uuid4()
    put(tenant)
    claim = take()
    owner.execute("UPDATE dispatch_lease SET ends = clock_timestamp() WHERE tenant_id = %s", [tenant])
    with login("worker") as raw:
        assert leased_tenant(raw, claim.lease) is None
    assert not dispatch.renew(claim.lease).alive


def test_the_apps_setting_opens_nothing_for_the_worker(put, worker, login):
    tenant = uuid4()
    put(tenant)
    with login("worker") as raw, raw.transaction():
        raw.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
        assert raw.execute("SELECT lease_tenant()").fetchone()[0] is None
        assert raw.execute("SELECT dispatch_stop(NULL, NULL, NULL)").fetchone()[0] == 0


def test_a_temporary_table_of_the_same_name_opens_nothing(login):
    tenant = uuid4()
    with login("worker") as raw:
        try:
            raw.execute("CREATE TEMPORARY TABLE dispatch_lease (tenant_id uuid, token_digest text, ends timestamptz)")
        except psycopg.errors.InsufficientPrivilege:
            return
        raw.execute(
            "INSERT INTO pg_temp.dispatch_lease VALUES (%s, encode(sha256('mine'), 'hex'), now() + interval '1 hour')",
            [tenant],
        )
        assert leased_tenant(raw, "mine") is None


@pytest.mark.parametrize("role", ["app", "worker", "integrator", "keeper"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM dispatch_lease",
        "UPDATE dispatch_lease SET ends = now() + interval '1 day'",
        "INSERT INTO dispatch_lease VALUES (gen_random_uuid(), gen_random_uuid(), 'w', 'x', now() + interval '1 day')",
        "DELETE FROM dispatch_lease",
        "UPDATE dispatch_ticket SET state = 'waiting'",
        "DELETE FROM dispatch_ticket",
        "TRUNCATE dispatch_ticket",
    ],
)
def test_no_login_writes_the_tables_itself(login, role, statement):
    with login(role) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_the_app_may_not_call_the_workers_functions(login):
    with login("app") as raw:
        for call in ("dispatch_renew('x', 9)", "dispatch_settle('x', gen_random_uuid(), 'y')", "dispatch_waiting()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"SELECT {call}")


def test_the_worker_puts_tickets_only_for_its_leased_tenant(put, worker):
    tenant = uuid4()
    put(tenant)
    claim = take()
    columns = {"project": None, "person": None, "kind": "evaluate", "row": uuid4(), "intent": uuid4()}
    with lease_scope(claim.lease, tenant=tenant):
        dispatch.put(id=uuid4(), tenant=tenant, **columns)
    from django.db.utils import ProgrammingError

    with pytest.raises(ProgrammingError), lease_scope(claim.lease, tenant=tenant):
        dispatch.put(id=uuid4(), tenant=uuid4(), **columns)


def test_the_app_sees_its_tenants_tickets_alone(put):
    mine, other = uuid4(), uuid4()
    ticket = put(mine)
    put(other)
    with tenant_scope(mine):
        assert [found.id for found in Ticket.objects.all()] == [ticket]
    with pytest.raises(NoScope):
        list(Ticket.objects.all())


def test_renewal_tells_what_was_stopped(put, worker, as_login):
    tenant, row = uuid4(), uuid4()
    stopped, other = put(tenant, row=row, shape_key="s"), put(tenant, shape_key="s")
    claim = take(limit=2)
    assert {ticket.id for ticket in claim.tickets} == {stopped, other}
    with as_login("app"), tenant_scope(tenant):
        assert dispatch.stop(tenant=tenant, row=row) == 1
    result = dispatch.renew(claim.lease)
    assert result.alive
    assert result.stopped == {stopped}
    with pytest.raises(LeaseLost), lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=stopped, outcome="done")
    with lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=other, outcome="done")


def test_stopping_a_person_stops_her_alone(put, worker, as_login):
    tenant, anna = uuid4(), uuid4()
    put(tenant, person=anna)
    kept = put(tenant)
    with as_login("app"), tenant_scope(tenant):
        assert dispatch.stop(tenant=tenant, person=anna) == 1
    assert take().tickets[0].id == kept


def test_stop_reaches_no_other_tenant(put, as_login, worker):
    tenant, row = uuid4(), uuid4()
    put(tenant, row=row)
    with as_login("app"), tenant_scope(uuid4()), pytest.raises(ValueError):
        dispatch.stop(tenant=tenant, row=row)
    other = uuid4()
    with as_login("app"), tenant_scope(other):
        assert dispatch.stop(tenant=other, row=row) == 0
    assert take() is not None


def test_a_ticket_settles_once(put, worker):
    tenant = uuid4()
    ticket = put(tenant)
    claim = take()
    with lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=ticket, outcome="done")
    with pytest.raises(LeaseLost), lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=ticket, outcome="done")


def test_a_deed_that_rolls_back_settles_nothing(put, worker):
    tenant = uuid4()
    ticket = put(tenant)
    claim = take()
    with pytest.raises(RuntimeError), lease_scope(claim.lease, tenant=tenant):  # the deed itself fails
        dispatch.settle(claim.lease, ticket=ticket, outcome="done")
        raise RuntimeError
    with lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=ticket, outcome="done")


def test_standing_work_is_put_once_and_again(worker, as_login):
    tenant = uuid4()
    with as_login("app"), tenant_scope(tenant):
        dispatch.put_standing(tenant=tenant)
    from django.db.utils import IntegrityError

    with pytest.raises(IntegrityError), as_login("app"), tenant_scope(tenant):
        dispatch.put_standing(tenant=tenant)
    claim = dispatch.claim(worker="w", kinds=["housekeeping"])
    with lease_scope(claim.lease, tenant=tenant):
        dispatch.settle(claim.lease, ticket=claim.tickets[0].id, outcome="done")
        dispatch.put_standing(tenant=tenant)
    assert dispatch.claim(worker="w", kinds=["housekeeping"]) is not None


def test_a_ticket_needs_a_scope():
    with pytest.raises(NoScope):
        dispatch.put(id=uuid4(), tenant=uuid4(), project=None, person=None, kind=SHORT_KINDS[0], row=uuid4(), intent=uuid4())
