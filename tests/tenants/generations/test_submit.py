"""An order is taken once, whatever comes how often; models in the wrong place are a recorded refusal."""

import uuid

import pytest
from django.conf import settings

from tenants.generations import services as generations
from tenants.registry import services as registry
from tenants.registry.models import RegisteredModel
from tenants.vault import services as vault


@pytest.fixture
def base(studio):
    return registry.register_base(studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")


@pytest.fixture
def adapter(studio, base, worker):
    """An approved adapter of this base."""
    alice, entry = studio.actor("alice"), uuid.uuid4()
    sealed = vault.seal(alice, b"weights", media_type="application/octet-stream", entry=entry)
    (trained,) = _usable(alice, base)
    from dispatch import services as dispatch

    intent = uuid.uuid4()
    with alice.writing():
        words = vault.keep(alice, vault.seal(alice, b"{}", media_type="application/json", entry=entry))
        kept = vault.keep(alice, sealed)
        place = {"tenant": alice.tenant, "project": alice.project, "person": alice.person}
        dispatch.put(id=uuid.uuid4(), **place, kind="train", row=uuid.uuid4(), intent=intent)
    with worker.holding(intent) as held:
        new = registry.NewAdapter(
            name="Style", object=kept.pk, base=trained, digest=uuid.uuid4().hex * 2, words=words.pk, lineage={}, measuring={},
            rights=["own_work"], entry=entry,
        )  # fmt: skip
        with held.actor.writing():
            made = registry.register(held.actor, new)
    with alice.writing():
        RegisteredModel.objects.filter(pk=made.pk).update(state="approved")
    return made


def _usable(actor, *models):
    with actor.reading():
        return registry.named(actor, [model.pk for model in models])


def submit(studio, base, **more):
    order = generations.Order(**({"prompt": "a red apple", "base": base.pk, "seed": 5} | more))
    (row,) = generations.submit(studio.actor("alice"), order=order)
    return row.state, [(reason["code"], reason.get("model")) for reason in row.reasons]


def test_a_base_with_an_adapter_is_taken(studio, base, adapter):
    assert submit(studio, base, adapters=((adapter.pk, 1.0),)) == ("queued", [])


def test_models_in_the_wrong_place_are_refused_and_recorded(studio, base, adapter):
    assert submit(studio, adapter) == ("refused", [("model.not_a_base", str(adapter.pk))])
    as_adapter = submit(studio, base, adapters=((base.pk, 1.0),))
    assert as_adapter == ("refused", [("model.is_a_base", str(base.pk))])
    twice = submit(studio, base, adapters=((adapter.pk, 1.0), (adapter.pk, 0.5)))
    assert twice == ("refused", [("model.twice", str(adapter.pk))])
