"""A replay starts from the ledger: a row that says otherwise is not believed."""

import uuid
from dataclasses import replace

import pytest
from django.conf import settings

from governance.audit import services as audit
from kernel.errors import VerificationFailed
from tenants.generations import services as generations
from tenants.generations.models import Generation
from tenants.registry import services as registry
from tests.factories.working import head_of, published
from workers.tasks.record import differing, record_of


@pytest.fixture
def made(studio, worker):
    """A published request; by a seed of its own."""
    base = registry.register_base(studio.actor("tom", project=False), folder=settings.STARTER_MODEL, name="S", licence="Apache-2.0")
    order = generations.Order(prompt="a red apple", base=base.pk, seed=uuid.uuid4().int % 1000, guidance=5.0, width=96)
    (row,) = generations.submit(studio.actor("alice"), order=order)
    published(worker, row)
    with studio.actor("alice").reading():
        return Generation.objects.get(pk=row.pk)


def begin(studio, made):
    alice = studio.actor("alice")
    run = generations.replay(alice, asset=made.asset_id)
    return generations.start_replay(alice, replay=run.pk)


def change(studio, made, **columns):
    with studio.actor("alice").writing():
        assert Generation.objects.filter(pk=made.pk).update(**columns) == 1


def test_a_replay_has_the_ledgers_record(studio, made):
    begun = begin(studio, made)
    with studio.actor("alice").reading():
        entry = audit.find(made.outcome_id)
    assert begun.outcome.id == entry.id
    assert begun.record == made.record
    assert {"seed", "steps", "guidance", "width", "height", "adapters", "base", "machine"} <= set(begun.record)


CHANGES = {
    "seed": 999_999, "steps": 21, "guidance": 5.5, "width": 64, "height": 128, "scheduler": "euler", "purpose": "trial",
    "decisions": {"policy": "other"},
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_a_row_that_was_changed_afterwards_is_not_made_again(studio, made, column):
    change(studio, made, **{column: CHANGES[column]})
    with pytest.raises(VerificationFailed, match=r"replay\.record_differs"):
        begin(studio, made)
    change(studio, made, **{column: getattr(made, column)})
    assert begin(studio, made).request.generation == made.pk


def test_a_record_that_was_changed_afterwards_is_not_believed(studio, made):
    change(studio, made, record=made.record | {"machine": {"threads": 2}})
    with pytest.raises(VerificationFailed, match=r"replay\.record_differs"):
        begin(studio, made)


def test_a_row_and_record_that_were_changed_together_are_not_believed(studio, made):
    change(studio, made, seed=made.seed + 1, record=made.record | {"seed": made.seed + 1})
    with pytest.raises(VerificationFailed, match=r"replay\.record_differs"):
        begin(studio, made)


def test_another_prompt_in_the_row_is_not_believed(studio, made):
    (other,) = generations.submit(studio.actor("alice"), order=generations.Order(prompt="a blue owl", base=made.base_id))
    change(studio, made, prompt_id=other.prompt_id)
    with pytest.raises(VerificationFailed, match=r"replay\.record_differs"):
        begin(studio, made)


def test_an_outcome_that_is_none_or_anothers_is_not_believed(studio, made, worker):
    (other,) = generations.submit(studio.actor("alice"), order=generations.Order(prompt="a red apple", base=made.base_id))
    asset = published(worker, other)
    for outcome, code in ((None, "not_recorded"), (made.intent_id, "not_recorded"), (asset.entry_id, "record_differs")):
        change(studio, made, outcome_id=outcome)
        with pytest.raises(VerificationFailed, match=rf"replay\.{code}"):
            begin(studio, made)


def test_whatever_differs_is_named(studio, made):
    begun = begin(studio, made)
    request, head = begun.request, head_of(begun.request)
    assert differing(begun.record, record_of(request, head)) == []
    for name in ("seed", "steps", "guidance", "width", "height", "purpose"):
        other = replace(request, **{name: "trial" if name == "purpose" else getattr(request, name) + 8})
        assert differing(begun.record, record_of(other, head)) == [name]
    assert differing(begun.record, record_of(replace(request, adapters=((request.base, 0.5),)), head)) == ["adapters"]
    slower = head | {"machine": head["machine"] | {"threads": 2}}
    assert differing(begun.record, record_of(request, slower)) == ["machine.threads"]
    assert differing(begun.record | {"said": 1}, record_of(request, head)) == ["said"]
