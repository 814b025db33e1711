"""Who is suspended or removed by the directory loses what works for her: the ticket under a lease, and its keys."""

import time
import uuid

import pytest
from django.conf import settings

from access import services as access
from dispatch import services as dispatch
from kernel.errors import GuildhallError, KeeperRefused, Unauthenticated
from tenants.generations import services as generations
from tenants.registry import services as registry
from tenants.vault import services as vault
from tests.access.signing_in import Browser

MOST_SECONDS = 60


@pytest.fixture
def ordered(own, worker):
    """Two requests of alice's: one that a worker has begun, and one that waits."""
    studio = own.studio
    base = registry.register_base(studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")
    orders = [generations.Order(prompt=prompt, base=base.pk) for prompt in ("a red apple", "a blue owl")]
    return [generations.submit(studio.actor("alice"), order=order)[0] for order in orders]


@pytest.mark.parametrize("way", ["suspended", "removed", "replaced"])
def test_work_under_a_lease_loses_its_ticket_and_its_keys(own, worker, ordered, way, capsys):
    alice, (begun, waiting) = own.studio.people["alice"], ordered
    browser, token = Browser(own.studio.slug), own.studio.token("alice")
    assert browser.sign_in("alice").status_code == 200
    with worker.holding(begun.intent_id) as held:
        assert dispatch.renew(held.lease).stopped == frozenset()
        started = generations.start(held.actor, generation=held.row)
        opened = vault.open_bytes(held.actor, started.opens(), under=begun.intent_id, of=started.opens())
        assert b"a red apple" in b"".join(opened.values())
    began = time.monotonic()
    where = f"/Users/{alice}"
    if way == "suspended":
        assert own.patch(where, {"op": "Replace", "path": "active", "value": "False"}).status_code == 200
    elif way == "removed":
        assert own.ask("delete", where).status_code == 204
    else:
        assert own.ask("put", where, {"userName": "alice@example.com", "active": False}).status_code == 200
    assert browser.get("/api/v1/session").status_code == 401
    with pytest.raises(Unauthenticated):
        access.actor_from_token(token)
    with worker.be("device"):
        assert held.ticket in dispatch.renew(held.lease).stopped  # what a worker asks every few seconds
        with pytest.raises(KeeperRefused):
            vault.open_bytes(held.actor, started.opens(), under=begun.intent_id, of=started.opens())
        with pytest.raises(GuildhallError):
            access.actor_for(alice, tenant=own.studio.tenant, project=own.studio.project, lease=held.lease)
        assert not [one for one in taken() if one.intent == waiting.intent_id]
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{way}: sessions, tokens, tickets and keys gone after {took:.2f} s")
    assert took < MOST_SECONDS


def taken():
    from dispatch.rules import DEVICE_KINDS

    found = []
    while (claim := dispatch.claim(worker=f"test:{uuid.uuid4()}", kinds=DEVICE_KINDS, limit=16)) is not None:
        found += claim.tickets
    return found
