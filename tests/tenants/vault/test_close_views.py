"""A view that is over is closed by a second entry, which commits to what the keeper opened under it."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from access import services as access
from governance.audit import services as audit
from kernel import canonical
from tenants.vault import services as vault
from tenants.vault.models import Object, View
from tests.factories.studio import found


@pytest.fixture
def own(keeper):
    """A studio of its own, whose views no other test opens."""
    return found("Views")


def kept(actor):
    entry = uuid.uuid4()
    sealed = vault.seal(actor, b"a picture", media_type="image/png", entry=entry)
    with actor.writing():
        vault.keep(actor, sealed)
    return sealed.object


@pytest.fixture
def age(services):
    """Let the hours pass: an open view was opened that long ago."""
    import psycopg

    def older(studio, hours):
        with psycopg.connect(services.postgres.url("owner"), autocommit=True) as owner:
            owner.execute("ALTER TABLE vault_view NO FORCE ROW LEVEL SECURITY")
            owner.execute(
                "UPDATE vault_view SET hour = hour - make_interval(hours => %s) WHERE tenant_id = %s", [hours, studio.tenant]
            )
            owner.execute("ALTER TABLE vault_view FORCE ROW LEVEL SECURITY")

    return older


@pytest.fixture
def keep_house(worker, own):
    """Run the studio's standing ticket as the light worker does."""

    def run():
        from workers.tasks.errands import Errand
        from workers.tasks.housekeeping import Housekeeping

        with own.actor("tom", project=False).reading():
            from dispatch.models import Ticket

            intent = Ticket.objects.get(kind="housekeeping", state__in=["waiting", "taken"]).intent
        with worker.holding_standing(intent) as held:
            system = access.system_actor(own.tenant, held.lease)
            Housekeeping().run(Errand(held.claim, held.ticket, system))

    return run


def closings(studio):
    with studio.actor("olive", project=False).reading():
        return audit.entries(audit.Filter(kind="view.closed"))


def views(studio):
    with studio.actor("alice").reading():
        return list(View.objects.order_by("hour"))


def test_what_was_seen_is_committed_to_and_sealed_for_the_viewer(own, age, keep_house):
    alice = own.actor("alice")
    seen, unseen = [kept(alice) for _ in range(3)], kept(alice)
    view = vault.view(alice)
    vault.open_bytes(alice, seen, under=view)
    age(own, 2)
    keep_house()
    (entry,) = closings(own)
    assert (entry.project, entry.actor) == (own.project, "system")
    assert dict(entry.facts) == {"view": str(view), "objects": 3}
    (row,) = views(own)
    assert row.closed_id == entry.id
    told = json.loads(vault.open_one(alice, row.seen_id, under=vault.view(alice)))
    assert sorted(told["objects"]) == sorted(str(one) for one in seen) and str(unseen) not in told["objects"]
    again = canonical.commitment(
        "objects",
        tenant=own.tenant,
        value=canonical.objects_digest(seen).encode(),
        opening=bytes.fromhex(told["openings"]["objects"]),
    )
    assert entry.commits == {"objects": again}
    with alice.reading():
        kept_list = Object.objects.get(pk=row.seen_id)
    assert (kept_list.key_class, kept_list.person_id) == ("subject", own.people["alice"])


def test_an_hour_that_runs_is_left_and_a_closed_view_is_not_closed_again(own, age, keep_house):
    vault.view(own.actor("alice"))
    keep_house()
    assert closings(own) == []
    age(own, 1)
    began = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    is_over = datetime.now(UTC) - began > timedelta(hours=1, minutes=10)
    keep_house()
    assert len(closings(own)) == int(is_over)
    age(own, 2)
    keep_house()
    keep_house()
    assert len(closings(own)) == 1


def test_each_persons_view_is_closed_for_herself(own, age, keep_house):
    alice, lena = own.actor("alice"), own.actor("lena")
    hers, other = kept(alice), kept(alice)
    vault.open_one(alice, hers, under=vault.view(alice))
    vault.open_one(lena, other, under=vault.view(lena))
    age(own, 3)
    keep_house()
    assert sorted(entry.facts["objects"] for entry in closings(own)) == [1, 1]
    by = {row.person_id: row for row in views(own)}
    lists = {
        who: json.loads(vault.open_one(alice, by[own.people[who]].seen_id, under=vault.view(alice))) for who in ("alice", "lena")
    }
    assert lists["alice"]["objects"] == [str(hers)] and lists["lena"]["objects"] == [str(other)]


def test_a_view_of_a_person_whose_keys_are_gone_is_closed_all_the_same(own, age, keep_house, hold, services):
    from governance.audit.events import Event
    from kernel.keys import Keeper

    alice, entry = own.actor("alice"), uuid.uuid4()
    vault.view(alice)
    with alice.writing():
        facts = {"destroys": canonical.objects_digest([own.project, alice.person])}
        audit.append(
            id=entry, tenant=own.tenant, project=own.project, actor="x", kind=Event.KEYS_DESTROY_ASKED, facts=facts,
        )  # fmt: skip
    from django.conf import settings

    line = Keeper(settings.KEEPER_SOCKET, bytes.fromhex(services.tokens.drawn["worker"]))
    hold((own.tenant, own.project), entry, "exit")
    line.destroy(tenant=own.tenant, entry=entry, project=own.project, person=alice.person)
    age(own, 2)
    keep_house()
    (closed,) = closings(own)
    (row,) = views(own)
    assert (row.closed_id, row.seen_id) == (closed.id, None)
