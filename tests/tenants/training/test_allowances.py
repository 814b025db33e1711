"""Trainings against allowances: refused and recorded, resting when device time is used up, going on when there is more."""

import uuid

import pytest
from django.conf import settings

from access import services as access
from access.models import Allowance, Tenant, Usage
from access.services import Feature, Limits, To
from governance.audit import services as audit
from governance.licensing.rules import RightsBasis
from kernel.errors import Conflict
from tenants.datasets import services as datasets
from tenants.registry import services as registry
from tenants.training import services as training
from tests.factories.pictures import picture
from tests.factories.studio import found


@pytest.fixture(scope="module")
def rationed(keeper):
    return found("Rationed")


@pytest.fixture
def place(rationed):
    """The studio with nothing set and nothing used."""
    yield rationed
    tom = rationed.actor("tom")
    with tom.writing():
        Allowance.objects.all().delete()
        Usage.objects.update(pictures=0, device_milliseconds=0)
        Tenant.objects.update(pictures_a_day=None)


@pytest.fixture
def ask(place):
    tina = place.actor("tina")
    base = registry.register_base(
        place.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0"
    ).pk
    made = datasets.create(tina, name=f"Foxes {uuid.uuid4()}").pk
    for number in range(3):
        datasets.add_item(tina, dataset=made, upload=datasets.Upload(picture(number), "fox.png", RightsBasis.OWN_WORK, "a fox"))
    datasets.freeze(tina, dataset=made)
    return training.Ask(made, base, "Fox style", training.TrainConfig(steps=2, trigger="zyx"))


def allow(place, **limits):
    registry.set_allowance(place.actor("tom"), to=To(), limits=Limits(**limits))


def entries(place, kind, run=None):
    """Return what was recorded of a kind, newest first, of one run if one is named."""
    with place.actor("lena").reading():
        fact = None if run is None else ("run", str(run.pk))
        return [one.facts for one in audit.entries(audit.Filter(project=place.project, kind=kind, fact=fact))]


def found_run(place, run):
    tina = place.actor("tina")
    with tina.reading():
        row = training.found(tina, run=run.pk)
    return row.state, row.code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"features": frozenset({Feature.TEXT_TO_IMAGE})}, "allowance.feature"),
        ({"bases": frozenset()}, "allowance.base"),
        ({"device_seconds_a_day": 3}, "allowance.device"),
    ],
)
def test_a_training_beyond_a_limit_is_refused_and_recorded(place, ask, limits, code):
    access.spend_device(place.actor("tina"), milliseconds=3000)
    allow(place, **limits)
    with pytest.raises(Conflict) as refused:
        training.start(place.actor("tina"), ask=ask)
    assert refused.value.code == code
    if code == "allowance.device":
        assert (refused.value.facts["most"], refused.value.facts["used"]) == (3, 3)
        assert str(refused.value.facts["opens"]).endswith("T00:00:00Z")
    assert entries(place, "training.refused")[0]["reasons"] == [code]
    allow(place, bases=frozenset({ask.base}), device_seconds_a_day=4)
    assert training.start(place.actor("tina"), ask=ask).state == "queued"


def test_a_waiting_run_rests_when_its_device_time_is_used_up_and_goes_on_later(place, ask, worker):
    run = training.start(place.actor("tina"), ask=ask)
    access.spend_device(place.actor("tina"), milliseconds=3000)
    allow(place, device_seconds_a_day=3)
    with worker.holding(run.intent_id) as held:
        for _ in range(2):
            with pytest.raises(access.Spent) as spent:
                training.begin(held.actor, run=run.pk)
        assert 0 < spent.value.rest.total_seconds() <= 300
    assert found_run(place, run) == ("paused", "allowance.device")
    assert [one["code"] for one in entries(place, "training.paused", run)] == ["allowance.device"]
    allow(place, device_seconds_a_day=4)
    with worker.be("device"):
        training.begin(held.actor, run=run.pk)
    assert found_run(place, run) == ("running", "")
    assert len(entries(place, "training.resumed", run)) == 1


def test_a_waiting_run_ends_when_its_base_is_taken_away_and_may_be_resumed(place, ask, worker):
    run = training.start(place.actor("tina"), ask=ask)
    allow(place, bases=frozenset())
    with worker.holding(run.intent_id) as held:
        with pytest.raises(Conflict, match=r"allowance\.base"):
            training.begin(held.actor, run=run.pk)
        training.fail(held.actor, run=run.pk, code="allowance.base", lease=held.lease, ticket=held.ticket)
    with pytest.raises(Conflict, match=r"allowance\.base"):
        training.resume(place.actor("tina"), run=run.pk)
    allow(place, bases=None)
    assert training.resume(place.actor("tina"), run=run.pk).state == "queued"
