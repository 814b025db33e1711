"""Pictures become a measured candidate: through kills, giving way, cancel and resume, always with the same bits."""

import asyncio
import io
import json
import os
import signal
import time

import pytest
from PIL import Image, ImageDraw

STEPS = 40


@pytest.fixture
def dataset(studio):
    from governance.licensing.rules import RightsBasis
    from tenants.datasets import services as datasets

    made = datasets.create(studio.tara, name="Icons").pk
    for number in range(8):
        picture = Image.new("RGB", (80, 80), (240, 10 * number, 90))
        ImageDraw.Draw(picture).ellipse((8 + 2 * number, 10, 70, 40 + 3 * number), fill=(10, 200 - 20 * number, 40 + 9 * number))
        out = io.BytesIO()
        picture.save(out, "PNG")
        upload = datasets.Upload(out.getvalue(), f"icon {number}.png", RightsBasis.OWN_WORK)
        assert type(datasets.add_item(studio.tara, dataset=made, upload=upload)).__name__ == "Added"
    datasets.freeze(studio.tara, dataset=made)
    return made


def start(studio, dataset, **more):
    from tenants.training import services as training

    settings = {"steps": STEPS, "rank": 2, "batch": 2, "sample_every": 20, "sample_prompts": ("a red fox",), "sample_steps": 2}
    ask = training.Ask(dataset, studio.base.pk, "Night style", training.TrainConfig(**(settings | {"trigger": "zyx"} | more)))
    return training.start(studio.tara, ask=ask)


def run_of(studio, run):
    from tenants.training import services as training

    with studio.tara.reading():
        return training.found(studio.tara, run=run.pk)


def finished(studio, run, until):
    def over():
        found = run_of(studio, run)
        assert found.state != "failed", found.code
        return found if found.state == "finished" else None

    return until(over, seconds=150)


def model_of(studio, run):
    from tenants.registry.models import RegisteredModel

    with studio.tara.reading():
        return RegisteredModel.objects.get(pk=run.model_id)


LONG = {"steps": 500, "sample_every": 0}
_KNOWN: dict[str, str] = {}


@pytest.fixture
def undisturbed(studio, dataset, device, until):
    """The digest that these pictures give when nothing happens: the same in every studio."""
    if "digest" not in _KNOWN:
        _KNOWN["digest"] = model_of(studio, finished(studio, start(studio, dataset, **LONG), until)).digest
    return _KNOWN["digest"]


def reported(studio, run):
    found = run_of(studio, run)
    return found if found.state == "running" and found.loss is not None else None


def test_a_run_becomes_a_measured_candidate_with_samples(studio, dataset, device, until):
    from tenants.registry import services as registry
    from tenants.training import services as training

    run = finished(studio, start(studio, dataset), until)
    assert run.step == STEPS
    assert len(run.loss_curve) == STEPS
    with studio.tara.reading():
        assert [(one.step, one.number) for one in training.samples(run)] == [(20, 0), (40, 0)]
    assert training.sample(studio.tara, run=run.pk, step=20, number=0).startswith(b"\x89PNG")
    model = until(lambda: found if (found := model_of(studio, run)).evaluation else None)
    assert set(model.evaluation) >= {"loss_before", "loss_after", "style_before", "style_after", "style_floor"}
    assert model.state == "candidate"
    assert model.lineage["base"] == studio.base.digest
    decided = registry.decide(studio.lea, model=model.pk, approve=True, reason="fits the show")
    assert decided.state == "approved"


def test_who_trained_never_decides(studio, dataset, device, until):
    from access import services as access
    from access.roles import Role
    from kernel.errors import Forbidden
    from tenants.registry import services as registry

    access.grant(studio.owner, person=studio.tara.person, role=Role.LEAD, project=studio.project)
    tara = access.actor_for(studio.tara.person, tenant=studio.tenant, project=studio.project)
    run = finished(studio, start(studio, dataset), until)
    model = until(lambda: found if (found := model_of(studio, run)).evaluation else None)
    with pytest.raises(Forbidden):
        registry.decide(tara, model=model.pk, approve=True, reason="mine")
    registry.decide(studio.lea, model=model.pk, approve=False, reason="not yet")


def test_a_killed_engine_and_a_killed_worker_change_no_bit(studio, dataset, device, until, undisturbed):
    run = start(studio, dataset, **LONG)
    until(lambda: run_of(studio, run).resume_step > 0)
    for pid in device.engines():
        os.kill(pid, signal.SIGKILL)
    time.sleep(4)
    device.kill()
    reached = run_of(studio, run).resume_step
    device.start()
    until(lambda: run_of(studio, run).step > reached)
    found = finished(studio, run, until)
    assert found.resume_step >= reached > 0
    assert model_of(studio, found).digest == undisturbed
    from tenants.registry.models import RegisteredModel

    with studio.tara.reading():
        assert RegisteredModel.objects.filter(kind="adapter", lineage__run=str(run.pk)).count() == 1


def test_giving_way_to_a_picture_changes_no_bit(studio, dataset, device, until, undisturbed):
    from tenants.generations import services as generations
    from tenants.generations.models import Generation

    run = start(studio, dataset, **LONG)
    until(lambda: reported(studio, run))
    order = generations.Order(prompt="a red fox", base=studio.base.pk, steps=2, seed=1)
    (row,) = generations.submit(studio.alice, order=order)

    def made():
        with studio.alice.reading():
            return Generation.objects.get(pk=row.pk).state == "completed"

    until(made)
    assert run_of(studio, run).state != "finished"
    found = finished(studio, run, until)
    assert found.resume_step > 0
    assert len(found.loss_curve) == LONG["steps"]
    assert model_of(studio, found).digest == undisturbed


def test_cancelled_and_resumed_it_ends_with_the_same_bits(studio, dataset, device, until, undisturbed):
    from tenants.training import services as training

    run = start(studio, dataset, **LONG)
    until(lambda: reported(studio, run))
    assert training.cancel(studio.tara, run=run.pk).state == "cancelled"
    until(lambda: run_of(studio, run).resume_step > 0)
    assert run_of(studio, run).state == "cancelled"
    assert training.resume(studio.tara, run=run.pk).state == "queued"
    assert model_of(studio, finished(studio, run, until)).digest == undisturbed


def test_who_may_no_longer_train_ends_as_failed_and_another_takes_it_up(studio, dataset, device, until, undisturbed):
    from access import services as access
    from access.roles import Role
    from kernel.errors import Forbidden
    from tenants.registry.models import RegisteredModel
    from tenants.training import services as training

    run = start(studio, dataset, **LONG)
    until(lambda: run_of(studio, run).resume_step > 0)
    access.revoke(studio.owner, person=studio.tara.person, role=Role.TRAINER, project=studio.project)
    access.grant(studio.owner, person=studio.lea.person, role=Role.TRAINER, project=studio.project)
    lea = access.actor_for(studio.lea.person, tenant=studio.tenant, project=studio.project)

    def failed():
        with lea.reading():
            found = training.found(lea, run=run.pk)
        return found if found.state == "failed" else None

    assert until(failed).code == "project.unknown"  # she is no member any more
    training.resume(lea, run=run.pk)

    def over():
        with lea.reading():
            found = training.found(lea, run=run.pk)
        return found if found.state == "finished" else None

    made = until(over, seconds=150).model_id
    with lea.reading():
        assert RegisteredModel.objects.get(pk=made).digest == undisturbed
    with pytest.raises(Forbidden, match="own_request"):
        until(lambda: _decided(lea, made))


def _decided(actor, model):
    from kernel.errors import Conflict
    from tenants.registry import services as registry

    try:
        return registry.decide(actor, model=model, approve=True, reason="mine")
    except Conflict:
        return None


@pytest.mark.parametrize("words", [{"trigger": "swastika"}, {"sample_prompts": ("a hentai fox",)}])
def test_words_that_policy_refuses_start_nothing_and_are_recorded(studio, dataset, words):
    from governance.audit import services as audit
    from kernel.errors import Conflict
    from kernel.scope import tenant_scope
    from tenants.training import services as training

    with pytest.raises(Conflict, match="words_refused"):
        start(studio, dataset, **words)
    with studio.tara.reading():
        assert not training.of_project(studio.tara).exists()
    with tenant_scope(studio.tenant, read_only=True):
        (entry,) = [one for one in audit.entries(audit.Filter(limit=50)) if one.kind == "training.refused"]
    assert set(entry.commits) == {"trigger", "sample_prompts"}
    assert entry.facts["reasons"] == ["prompt.refused"]  # which rule refused would tell of the words
    assert "swastika" not in str(entry.facts) and "hentai" not in str(entry.facts)


def test_the_stream_of_a_resumed_run_goes_on(studio, dataset):
    from tenants.training import services as training

    run = start(studio, dataset, steps=400)
    training.cancel(studio.tara, run=run.pk)
    assert _told(studio.tara, run) == ["cancelled"]
    training.resume(studio.tara, run=run.pk)
    first, *_, last = _told(studio.tara, run)
    assert first in {"queued", "running"}, "a worker may have taken it up"
    assert last == "it goes on"
    training.cancel(studio.tara, run=run.pk)


def _told(actor, run):
    """Return the states that a stream tells within a second, and whether it goes on then."""
    from access.api.events import events
    from tenants.training import services as training

    told = []

    async def listen():
        async for part in events(actor, run.pk, lambda who: training.found(who, run=run.pk).state, lambda: actor):
            words = [json.loads(line[6:]) for line in part.decode().splitlines() if line.startswith("data: ")]
            told.extend(word["state"] for word in words if word["event"] == "state")

    async def listen_a_while():
        try:
            await asyncio.wait_for(listen(), timeout=1)
        except TimeoutError:
            told.append("it goes on")

    asyncio.run(listen_a_while())
    return told
