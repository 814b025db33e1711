"""Work that stopped with its person is recorded as failed by the standing ticket; whoever stays keeps hers."""

import pytest
from django.conf import settings

from access import services as access
from governance.audit import services as audit
from tenants.registry import services as registry
from tenants.training import services as training
from tests.factories.rows import _asked, _frozen, _started
from tests.factories.studio import found


@pytest.fixture
def own(keeper):
    return found("Stopped")


@pytest.fixture
def keep_house(worker, own):
    """Run the studio's standing ticket as the light worker does."""

    def run():
        from dispatch.models import Ticket
        from workers.tasks.errands import Errand
        from workers.tasks.housekeeping import Housekeeping

        with own.actor("tom", project=False).reading():
            intent = Ticket.objects.get(kind="housekeeping", state__in=["waiting", "taken"]).intent
        with worker.holding_standing(intent) as held:
            Housekeeping().run(Errand(held.claim, held.ticket, access.system_actor(own.tenant, held.lease)))

    return run


def states(actor, *rows):
    with actor.reading():
        return [(type(row).objects.get(pk=row.pk).state, type(row).objects.get(pk=row.pk).code) for row in rows]


def test_what_was_stopped_with_its_person_ends_as_failed(own, keep_house):
    owner = own.actor("tom", project=False)
    base = registry.register_base(owner, folder=settings.STARTER_MODEL, name="Starter", licence="Apache-2.0").pk
    hers = _asked(own, base)
    run = _started(own, _frozen(own), base)
    access.suspend_person(owner, person=own.people["alice"])
    keep_house()
    assert states(owner, hers) == [("failed", "stopped")]
    assert states(owner, run)[0][0] == "queued"
    access.suspend_person(owner, person=own.people["tina"])
    keep_house()
    assert states(owner, run) == [("failed", "stopped")]
    with owner.reading():
        told = {entry.kind: entry.facts["code"] for entry in audit.entries(audit.Filter(limit=20)) if "failed" in entry.kind}
    assert told == {"generation.failed": "stopped", "training.failed": "stopped"}
    access.restore_person(owner, person=own.people["tina"])
    training.resume(own.actor("tina"), run=run.pk)
