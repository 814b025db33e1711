"""What starts work may be asked for twice with one key, and is done once; another ask with that key is refused."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from governance.audit import services as audit
from kernel.errors import Conflict, InvalidInput
from tenants.generations import services as generations
from tenants.generations.models import Generation
from tenants.registry import services as registry
from tests.factories.working import published


@pytest.fixture
def base(studio):
    return registry.register_base(studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")


def order(base, **more):
    return generations.Order(**({"prompt": "a red apple", "base": base.pk, "seed": 5, "steps": 4} | more))


def body(base, **more):
    return {"prompt": "a red apple", "base": str(base.pk), "steps": 4, "seed": 5, "width": 64, "height": 64} | more


def post(studio, path, content=None, key=None, who="alice"):
    headers = {"Authorization": f"Bearer {studio.token(who)}"} | ({} if key is None else {"Idempotency-Key": key})
    sent = {} if content is None else {"data": json.dumps(content), "content_type": "application/json"}
    return Client(raise_request_exception=False).post(f"/api/v1/projects/{studio.project}/{path}", headers=headers, **sent)


def together(count, ask):
    """Ask from threads that start at one moment; each closes its connection."""
    gate = threading.Barrier(count)

    def one(_number):
        try:
            gate.wait()
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_equal_asks_that_come_together_make_one_row(studio, base):
    studio.token("alice")
    key = uuid.uuid4().hex
    answers = together(6, lambda: post(studio, "generations", body(base), key))
    assert [answer.status_code for answer in answers] == [201] * 6
    rows = {answer.json()["results"][0]["id"] for answer in answers}
    assert len(rows) == 1
    alice = studio.actor("alice")
    with alice.reading():
        row = Generation.objects.get(pk=rows.pop())
        submitted = audit.entries(audit.Filter(kind="generation.submitted", project=studio.project, limit=500))
    assert [entry.id for entry in submitted if entry.facts.get("generation") == str(row.pk)] == [row.intent_id]


def test_the_same_key_with_another_order_is_refused(studio, base):
    alice, key = studio.actor("alice"), uuid.uuid4().hex
    first = generations.submit(alice, order=order(base, count=2), key=key)
    again = generations.submit(alice, order=order(base, count=2), key=key)
    assert [row.pk for row in first] == [row.pk for row in again]
    for other in ({"prompt": "a red apple "}, {"seed": 6}, {"count": 1}, {"guidance": 6.0}, {"negative": "blue"}):
        with pytest.raises(Conflict, match=r"idempotency\.key_reused"):
            generations.submit(alice, order=order(base, **({"count": 2} | other)), key=key)
    answer = post(studio, "generations", body(base, prompt="a blue apple"), key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.key_reused")


def test_a_key_is_its_askers_own_and_the_projects(studio, base):
    key = uuid.uuid4().hex
    (mine,) = generations.submit(studio.actor("alice"), order=order(base), key=key)
    (other,) = generations.submit(studio.actor("tina"), order=order(base, prompt="a blue owl"), key=key)
    assert mine.pk != other.pk


@pytest.mark.parametrize(("key", "status"), [("", 422), ("k" * 200, 201), ("k" * 201, 422)])
def test_a_key_has_1_to_200_characters(studio, base, key, status):
    answer = post(studio, "generations", body(base), key)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "idempotency.key_length"


def test_nothing_of_key_or_prompt_lies_in_the_row(studio, base):
    import hashlib

    from access.models import KeyedAsk

    key = f"my key {uuid.uuid4()}"
    alice = studio.actor("alice")
    generations.submit(alice, order=order(base), key=key)
    with alice.reading():
        kept = KeyedAsk.objects.order_by("-created").first()
    assert {len(kept.key), len(kept.ask)} == {64}
    assert kept.key not in {
        hashlib.sha256(key.encode()).hexdigest(),
        hashlib.sha256(b"idempotency/key\x00" + key.encode()).hexdigest(),
    }


def test_a_deed_that_failed_is_remembered_by_nobody(studio, base):
    from kernel.errors import NotFound

    alice, key = studio.actor("alice"), uuid.uuid4().hex
    with pytest.raises(NotFound):
        generations.submit(alice, order=generations.Order(prompt="x", base=uuid.uuid4()), key=key)
    assert generations.submit(alice, order=order(base), key=key)


def test_a_replay_is_asked_for_once(studio, base, worker):
    (row,) = generations.submit(studio.actor("alice"), order=order(base))
    (other,) = generations.submit(studio.actor("alice"), order=order(base))
    asset, another = published(worker, row), published(worker, other)
    key = uuid.uuid4().hex
    answers = together(4, lambda: post(studio, f"assets/{asset.pk}/replay", key=key))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert post(studio, f"assets/{another.pk}/replay", key=key).status_code == 409
    assert post(studio, f"assets/{asset.pk}/replay").json()["id"] != answers[0].json()["id"]
    assert post(studio, f"assets/{asset.pk}/replay", key="k" * 300).status_code == 422


@pytest.fixture(scope="module")
def dataset(studio):
    from governance.licensing.rules import RightsBasis
    from tenants.datasets import services as datasets
    from tests.factories.pictures import picture

    tina = studio.actor("tina")
    made = datasets.create(tina, name=f"Foxes {uuid.uuid4()}").pk
    for number in range(4):
        datasets.add_item(
            tina, dataset=made, upload=datasets.Upload(picture(200 + number), f"fox {number}.png", RightsBasis.OWN_WORK)
        )
    datasets.freeze(tina, dataset=made)
    return made


def test_a_training_starts_and_resumes_once(studio, base, dataset):
    from tenants.training import services as training

    asked = {"dataset": str(dataset), "base": str(base.pk), "name": "Style", "config": {"steps": 10}}
    key = uuid.uuid4().hex
    answers = together(4, lambda: post(studio, "training-runs", asked, key, who="tina"))
    assert [answer.status_code for answer in answers] == [201] * 4
    (run,) = {answer.json()["id"] for answer in answers}
    assert post(studio, "training-runs", asked | {"name": "Other"}, key, who="tina").status_code == 409
    assert post(studio, "training-runs", asked, "k" * 300, who="tina").status_code == 422
    training.cancel(studio.actor("tina"), run=uuid.UUID(run))
    again = uuid.uuid4().hex
    answers = together(4, lambda: post(studio, f"training-runs/{run}/resume", key=again, who="tina"))
    assert [(answer.status_code, answer.json()["id"]) for answer in answers] == [(200, run)] * 4
    with studio.actor("tina").reading():
        resumed = audit.entries(audit.Filter(kind="training.resumed", project=studio.project, limit=500))
    assert len([entry for entry in resumed if entry.facts["run"] == run]) == 1
    assert post(studio, f"training-runs/{run}/resume", who="tina").status_code == 409
    assert post(studio, f"training-runs/{run}/resume", key=key, who="tina").json()["code"] == "idempotency.key_reused"
    training.cancel(studio.actor("tina"), run=uuid.UUID(run))


def test_used_keys_are_forgotten_after_a_month(studio, base, worker):
    from datetime import timedelta

    from access import services as access
    from access.models import KeyedAsk

    alice, key = studio.actor("alice"), uuid.uuid4().hex
    (first,) = generations.submit(alice, order=order(base), key=key)
    with worker.holding(first.intent_id) as held:
        system = access.system_actor(studio.tenant, held.lease)
        access.forget_keys(system)
        with held.actor.reading():
            assert KeyedAsk.objects.filter(rows=[str(first.pk)]).exists()
        assert access.forget_keys(system, age=timedelta(0)) >= 1
        with held.actor.reading():
            assert not KeyedAsk.objects.exists()


def test_a_key_of_no_length_is_refused_before_anything(studio, base):
    with pytest.raises(InvalidInput):
        generations.submit(studio.actor("alice"), order=order(base), key="")
