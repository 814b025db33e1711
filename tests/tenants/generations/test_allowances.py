"""Requests against allowances: refused with the limit and recorded, counted once, asked again when a worker takes them."""

import uuid

import pytest
from django.conf import settings
from django.test import Client

from access import services as access
from access.models import Allowance, Tenant, Usage
from access.services import Feature, Limits, To
from governance.audit import services as audit
from kernel.errors import Conflict
from tenants.generations import services as generations
from tenants.registry import services as registry
from tests.factories.studio import found
from tests.factories.working import published


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
def base(place):
    owner = place.actor("tom", project=False)
    return registry.register_base(owner, folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0").pk


def allow(place, who=None, **limits):
    to = To() if who is None else To(person=place.people[who])
    return registry.set_allowance(place.actor("tom"), to=to, limits=Limits(**limits))


def order(place, base, who="alice", key=None, **more):
    return generations.submit(place.actor(who), order=generations.Order(prompt="a red apple", base=base, seed=5, **more), key=key)


def codes(rows):
    return [[reason["code"] for reason in row.reasons] for row in rows]


def used(place, who="alice"):
    actor = place.actor(who)
    with actor.reading():
        return access.standing(actor).used


def test_a_picture_beyond_the_limit_is_refused_recorded_and_says_when_it_opens(place, base):
    allow(place, pictures_a_day=2)
    assert codes(order(place, base, count=2)) == [[], []]
    (refused,) = order(place, base)
    assert refused.state == "refused"
    (reason,) = refused.reasons
    assert (reason["code"], reason["most"], reason["used"]) == ("allowance.pictures", 2, 2)
    assert reason["opens"].endswith("T00:00:00Z")
    with place.actor("alice").reading():
        entry = audit.find(refused.intent_id)
    assert (entry.kind, entry.facts["reasons"]) == ("generation.refused", ["allowance.pictures"])
    assert codes(order(place, base, "tina")) == [[]]
    assert used(place).pictures == 2


def test_an_order_is_taken_whole_or_not_at_all(place, base):
    allow(place, pictures_a_day=3)
    assert codes(order(place, base, count=4)) == [["allowance.pictures"]] * 4
    assert used(place).pictures == 0
    assert codes(order(place, base, count=3)) == [[], [], []]


def test_the_same_key_and_what_policy_refuses_cost_nothing(place, base):
    from governance.moderation.default_policy import DEFAULT

    allow(place, pictures_a_day=2)
    key = uuid.uuid4().hex
    first, again = order(place, base, key=key), order(place, base, key=key)
    assert [row.pk for row in first] == [row.pk for row in again]
    forbidden = generations.Order(prompt=DEFAULT.rules[0].phrase, base=base)
    assert generations.submit(place.actor("alice"), order=forbidden)[0].state == "refused"
    assert used(place).pictures == 1


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"features": frozenset({Feature.TRAINING})}, "allowance.feature"),
        ({"bases": frozenset()}, "allowance.base"),
        ({"device_seconds_a_day": 0}, "allowance.device"),
    ],
)
def test_each_limit_refuses_and_a_change_counts_from_the_next_request(place, base, limits, code):
    assert codes(order(place, base)) == [[]]
    allow(place, **limits)
    assert codes(order(place, base)) == [[code]]
    allow(place, features=frozenset(Feature), bases=frozenset({base}), device_seconds_a_day=9)
    assert codes(order(place, base)) == [[]]


def test_the_studios_quota_refuses_over_all_projects(place, base):
    with place.actor("tom").writing():
        Tenant.objects.update(pictures_a_day=1)
    assert codes(order(place, base)) == [[]]
    assert codes(order(place, base, "tina")) == [["quota.pictures"]]


def test_what_waits_is_asked_again_when_a_worker_takes_it(place, base, worker):
    (row,), (other,) = order(place, base), order(place, base)
    allow(place, bases=frozenset(), pictures_a_day=0)
    with worker.holding(row.intent_id) as held, pytest.raises(Conflict, match=r"allowance\.base"):
        generations.start(held.actor, generation=row.pk)
    allow(place, bases=frozenset({base}), pictures_a_day=0)
    assert published(worker, other)  # its picture was counted when it was asked for


def test_a_replay_is_a_feature_and_asks_no_list_of_models(place, base, worker):
    asset = published(worker, order(place, base)[0])
    allow(place, bases=frozenset(), features=frozenset({Feature.TEXT_TO_IMAGE}))
    with pytest.raises(Conflict, match=r"allowance\.feature"):
        generations.replay(place.actor("alice"), asset=asset.pk)
    allow(place, bases=frozenset(), features=frozenset({Feature.REPLAY}))
    run = generations.replay(place.actor("alice"), asset=asset.pk)
    allow(place, features=frozenset())
    with worker.holding(run.intent_id) as held, pytest.raises(Conflict, match=r"allowance\.feature"):
        generations.start_replay(held.actor, replay=run.pk)


def test_over_http(place, base):
    """Who configures sets, changes and removes; who is in the project sees what is hers, and no more."""

    def ask(who, method, path, body=None):
        client = Client(headers={"Authorization": f"Bearer {place.token(who)}"})
        return getattr(client, method)(f"/api/v1/projects/{place.project}/{path}", body, content_type="application/json")

    made = ask("tom", "post", "allowances", {"person": str(place.people["alice"]), "pictures_a_day": 1, "bases": [str(base)]})
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["name"], row["bases"], row["adapters"], row["pictures_a_day"]) == ("Alice", [str(base)], None, 1)
    assert ask("alice", "post", "allowances", {}).status_code == 403
    assert [one["id"] for one in ask("alice", "get", "allowances").json()["results"]] == [row["id"]]
    assert ask("tina", "get", "allowances").json()["results"] == []
    own = ask("alice", "get", "allowances/own").json()
    assert (own["is_allowed"], own["pictures_a_day"], own["pictures_used"]) == (True, 1, 0)
    assert ask("tina", "get", "allowances/own").json()["is_allowed"] is False
    may = {who: [one["may_use"] for one in ask(who, "get", "models").json()["results"]] for who in ("alice", "tina")}
    assert may == {"alice": [True], "tina": [False]}
    asked = {"prompt": "a red apple", "base": str(base), "count": 2}
    (first, _) = ask("alice", "post", "generations", asked).json()["results"]
    assert first["state"] == "refused"
    (reason,) = first["reasons"]
    assert (reason["rule"], reason["most"], reason["used"]) == ("allowance.pictures", 1, 0)
    assert ask("tom", "put", f"allowances/{row['id']}", {"pictures_a_day": 2}).json()["pictures_a_day"] == 2
    assert ask("alice", "post", "generations", asked).json()["results"][0]["state"] == "queued"
    assert {one["name"]: one["pictures"] for one in ask("lena", "get", "usage").json()["results"]}["Alice"] == 2
    assert {one["name"] for one in ask("tina", "get", "usage").json()["results"]} <= {"Tina"}
    assert ask("lena", "get", "usage?day=2020-01-01").json()["results"] == []
    assert ask("lena", "get", "usage?day=never").status_code == 400
    assert ask("tom", "delete", f"allowances/{row['id']}").status_code == 204
    assert ask("tina", "get", "allowances/own").json()["is_allowed"] is True
    for wrong in ({"bases": [str(uuid.uuid4())]}, {"adapters": [str(uuid.uuid4())]}):
        assert ask("tom", "post", "allowances", wrong).status_code == 404
    assert ask("tom", "post", "allowances", {"adapters": [str(base)]}).status_code == 422
    both = {"person": str(place.people["alice"]), "group": str(uuid.uuid4())}
    assert ask("tom", "post", "allowances", both).status_code == 422


def test_a_model_of_another_project_is_none_of_this_one(place, base, elsewhere):
    theirs = elsewhere.actor("tom", project=False)
    foreign = registry.register_base(theirs, folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0").pk
    from kernel.errors import NotFound

    with pytest.raises(NotFound):
        allow(place, bases=frozenset({foreign}))
    allow(place, bases=frozenset({base}))
