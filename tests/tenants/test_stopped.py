"""Work that stopped with its person is recorded as failed by the standing ticket; whoever stays keeps hers."""

import pytest
from django.conf import settings

from access import services as access
from access.roles import Role
from governance.audit import services as audit
from tenants.exit import services as leaving
from tenants.registry import services as registry
from tenants.training import services as training
from tests.factories.rows import _asked, _frozen, _models, _started
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


def test_a_bundle_that_was_asked_for_ends_as_failed_with_its_person(own, worker, keep_house):
    owner = own.actor("tom", project=False)
    asked = leaving.request(own.actor("lena"), model=_models(own, worker)["model"])
    keep_house()
    assert states(owner, asked) == [("queued", "")]
    access.suspend_person(owner, person=own.people["lena"])
    keep_house()
    keep_house()
    assert states(owner, asked) == [("failed", "stopped")]
    assert told_of(owner, asked) == ["stopped"]


def test_a_bundle_of_who_lost_the_right_ends_as_failed(own, worker, monkeypatch):
    from workers.tasks.errands import Errands
    from workers.tasks.exit import Exit

    owner = own.actor("tom", project=False)
    asked = leaving.request(own.actor("lena"), model=_models(own, worker)["model"])
    access.grant(owner, person=own.people["lena"], role=Role.VIEWER, project=own.project)
    access.revoke(owner, person=own.people["lena"], role=Role.LEAD, project=own.project)
    monkeypatch.setitem(Errands.run.__globals__, "CPU_KINDS", ("exit",))
    with worker.be("worker"):
        Errands({"exit": Exit()}).run()
    assert states(owner, asked) == [("failed", "permission.missing")]
    assert told_of(owner, asked) == ["permission.missing"]


def told_of(actor, asked):
    """Return why the ledger says that a bundle was not made."""
    with actor.reading():
        told = audit.entries(audit.Filter(kind="exit.refused", fact=("exit", str(asked.pk))))
    return [entry.facts["code"] for entry in told]
