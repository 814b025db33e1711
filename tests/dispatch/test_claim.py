"""Taking: the fairest first, never twice, batches of one shape, and again when a lease has lapsed."""

import threading
import time
from uuid import UUID, uuid4

import pytest
from django.db import connection

from dispatch import services as dispatch
from dispatch.rules import DEVICE_KINDS
from kernel.errors import LeaseLost
from kernel.scope import lease_scope


def take(worker="w1", kinds=DEVICE_KINDS, **more):
    return dispatch.claim(worker=worker, kinds=kinds, **more)


def lapse(owner, *, tenant: UUID) -> None:
    owner.execute("UPDATE dispatch_lease SET ends = now() - interval '1 second' WHERE tenant_id = %s", [tenant])


def test_nothing_waits(worker):
    assert take() is None
    assert dispatch.waiting(DEVICE_KINDS) == 0


def test_a_ticket_comes_as_it_was_put(put, worker):
    tenant, row, intent, person, project = (uuid4() for _ in range(5))
    ticket = put(tenant, row=row, intent=intent, person=person, project=project, cost=3, shape_key="s")
    assert dispatch.waiting(["generate"]) == 1
    claim = take()
    assert claim.tenant == tenant
    assert len(claim.lease) >= 40
    (found,) = claim.tickets
    assert (found.id, found.row, found.intent, found.person, found.project) == (ticket, row, intent, person, project)
    assert (found.kind, found.attempts, found.cost, found.shape_key) == ("generate", 1, 3, "s")
    assert dispatch.waiting(["generate"]) == 0
    assert take() is None


def test_only_the_wanted_kinds(put, worker):
    put(uuid4(), kind="exit")
    assert take() is None
    assert take(kinds=["exit"]) is not None


def test_the_order_of_kinds_is_a_preference(put, worker):
    put(uuid4(), kind="train")
    put(uuid4(), kind="generate")
    assert [take().tickets[0].kind for _ in range(2)] == ["generate", "train"]


def test_patience_makes_old_training_urgent(put, worker, owner):
    old = put(uuid4(), kind="train")
    owner.execute("UPDATE dispatch_ticket SET put = now() - interval '1 hour' WHERE id = %s", [old])
    put(uuid4(), kind="generate")
    assert take().tickets[0].id == old


def test_a_studio_with_a_hundred_does_not_starve_one_with_two(put, worker):
    busy, small = uuid4(), uuid4()
    for _ in range(30):
        put(busy)
    for _ in range(2):
        put(small)
    served = [take(worker="w").tenant for _ in range(5)]
    assert served.count(small) == 2


def test_two_people_of_a_studio_take_turns(put, worker):
    tenant, anna, ben = uuid4(), uuid4(), uuid4()
    for _ in range(6):
        put(tenant, person=anna)
    for _ in range(2):
        put(tenant, person=ben)
    served = [take(worker="w").tickets[0].person for _ in range(4)]
    assert served.count(ben) == 2


def test_cost_counts(put, worker):
    dear, cheap = uuid4(), uuid4()
    put(dear, cost=5)
    for _ in range(6):
        put(dear, cost=5)
        put(cheap, cost=1)
    take(worker="w")
    served = [take(worker="w").tenant for _ in range(6)]
    assert served.count(cheap) >= 4


def test_priority_then_age_within_a_person(put, worker):
    tenant, person = uuid4(), uuid4()
    first = put(tenant, person=person)
    second = put(tenant, person=person)
    urgent = put(tenant, person=person, priority=5)
    assert [take(worker="w").tickets[0].id for _ in range(3)] == [urgent, first, second]


def test_models_at_hand_break_ties(put, worker):
    near, far = uuid4(), uuid4()
    put(far, models=["b"])
    put(near, models=["a"])
    assert take(resident=["a", "c"]).tenant == near


def test_a_batch_is_of_one_tenant_and_shape(put, worker):
    tenant = uuid4()
    same = {put(tenant, shape_key="64x64") for _ in range(5)}
    put(tenant, shape_key="96x64")
    put(uuid4(), shape_key="64x64")
    put(tenant, shape_key="")
    batches = []
    while (claim := take(worker="w", limit=4)) is not None:
        batches.append(claim)
    assert max(len(batch.tickets) for batch in batches) == 4
    for batch in batches:
        shapes = {ticket.shape_key for ticket in batch.tickets}
        assert len(shapes) == 1
        assert shapes != {""} or len(batch.tickets) == 1
    big = next(batch for batch in batches if len(batch.tickets) == 4)
    assert {ticket.id for ticket in big.tickets} < same


def test_a_live_lease_is_used_again(put, worker):
    tenant = uuid4()
    put(tenant)
    put(tenant)
    first = take()
    second = take(held=[first.lease])
    assert second.lease == first.lease


def test_another_workers_lease_is_not(put, worker):
    tenant = uuid4()
    put(tenant)
    put(tenant)
    first = take(worker="w1")
    assert take(worker="w2", held=[first.lease]).lease != first.lease


def test_a_lapsed_lease_gives_its_ticket_away(put, worker, owner):
    tenant = uuid4()
    ticket = put(tenant)
    first = take(worker="w1")
    lapse(owner, tenant=tenant)
    assert dispatch.waiting(["generate"]) == 1
    second = take(worker="w2")
    assert second.tickets[0].id == ticket
    assert second.tickets[0].attempts == 2
    with pytest.raises(LeaseLost), lease_scope(first.lease, tenant=tenant):
        dispatch.settle(first.lease, ticket=ticket, outcome="done")
    with lease_scope(second.lease, tenant=tenant):
        dispatch.settle(second.lease, ticket=ticket, outcome="done")


def test_a_dead_lease_is_never_revived(put, worker, owner):
    tenant = uuid4()
    lost = put(tenant)
    first = take()
    lapse(owner, tenant=tenant)
    put(tenant, priority=9)
    second = take(held=[first.lease])
    assert second.lease != first.lease
    assert not dispatch.renew(first.lease).alive
    assert take(worker="w2").tickets[0].id == lost


def test_attempts_are_counted_and_rest_between(put, worker, owner):
    tenant = uuid4()
    ticket = put(tenant)
    for attempt in range(1, 5):
        claim = take()
        assert claim.tickets[0].attempts == attempt
        dispatch.put_back(claim.lease, ticket=ticket, attempts=attempt)
        assert take() is None
        owner.execute("UPDATE dispatch_ticket SET ready = now()")


def test_giving_way_costs_no_attempt(put, worker):
    ticket = put(uuid4(), kind="train")
    for _ in range(5):
        claim = take()
        assert claim.tickets[0].attempts == 1
        dispatch.yield_back(claim.lease, ticket=ticket)


def test_two_workers_never_take_one_ticket(put, worker):
    tenants = [uuid4() for _ in range(4)]
    wanted = {put(tenants[n % 4], shape_key="s") for n in range(60)}
    taken: list[UUID] = []

    def work(name: str) -> None:
        try:
            while (claim := take(worker=name, limit=2)) is not None:
                taken.extend(ticket.id for ticket in claim.tickets)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60
    assert set(taken) == wanted


def test_ten_thousand_waiting_are_no_burden(worker, owner):
    owner.execute(
        "INSERT INTO dispatch_ticket (id, tenant_id, project_id, person_id, kind, row, intent, shape_key, needs,"
        " cost, priority, state, outcome, attempts) SELECT gen_random_uuid(), md5((n % 40)::text)::uuid, gen_random_uuid(),"
        " md5((n % 400)::text)::uuid, 'generate', gen_random_uuid(), gen_random_uuid(), '', '[]',"
        " 1, 0, 'waiting', '', 0"
        " FROM generate_series(1, 10000) n"
    )
    owner.execute("ANALYZE dispatch_ticket")
    started = time.perf_counter()
    for _ in range(10):
        assert take(worker="w") is not None
    assert (time.perf_counter() - started) / 10 < 0.25
