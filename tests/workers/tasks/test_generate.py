"""A prompt becomes an asset, end to end: real keeper, real engine, toy weights."""

import io
import json
import os
import signal

import pytest
from PIL import Image


def order(studio, **more):
    from tenants.generations import services as generations

    usual = {"prompt": "a red fox", "base": studio.base.pk, "steps": 4, "seed": 7, "width": 64, "height": 64}
    return generations.Order(**(usual | more))


def submit(studio, **more):
    from tenants.generations import services as generations

    return generations.submit(studio.alice, order=order(studio, **more))


def state(studio, row):
    from tenants.generations.models import Generation

    with studio.alice.reading():
        return Generation.objects.get(pk=row.pk)


def ended(studio, row):
    found = state(studio, row)
    return found if found.state not in {"queued", "running"} else None


def entry_of(studio, entry):
    from governance.audit import services as audit

    with studio.alice.reading():
        return audit.find(entry)


def test_a_prompt_becomes_a_signed_asset(studio, device, until):
    from governance.provenance import services as provenance
    from tenants.gallery import services as gallery

    (row,) = submit(studio)
    found = until(lambda: ended(studio, row))
    assert (found.state, found.code) == ("completed", "")
    picture = gallery.picture(studio.alice, asset=found.asset_id)
    assert Image.open(io.BytesIO(picture)).size == (64, 64)
    assert provenance.record_in(picture)["entry"] == str(found.outcome_id)
    assert gallery.thumbnail(studio.alice, asset=found.asset_id)[8:12] == b"WEBP"
    shown = gallery.detail(studio.alice, asset=found.asset_id)
    assert shown.prompt == "a red fox"
    entry = entry_of(studio, found.outcome_id)
    assert entry.kind == "generation.completed"
    assert entry.facts["seed"] == 7
    assert set(entry.commits) == {"pixels", "file", "tokens.tokenizer"}
    assert "fox" not in json.dumps(entry.facts)


def test_a_refused_prompt_is_recorded_and_never_queued(studio):
    from governance.moderation.default_policy import DEFAULT

    (row,) = submit(studio, prompt=DEFAULT.rules[0].phrase)
    assert row.state == "refused"
    assert row.reasons[0]["code"] == "prompt.refused"
    assert entry_of(studio, row.intent_id).kind == "generation.refused"


def test_the_same_key_returns_the_same_rows(studio):
    from tenants.generations import services as generations

    first = generations.submit(studio.alice, order=order(studio, count=2), key="k1")
    again = generations.submit(studio.alice, order=order(studio, count=2), key="k1")
    assert [row.pk for row in first] == [row.pk for row in again]
    assert [row.seed for row in first] == [7, 8]
    for row in first:
        generations.cancel(studio.alice, generation=row.pk)
        assert state(studio, row).state == "cancelled"


def test_a_killed_engine_costs_no_picture(studio, device, until):
    (row,) = submit(studio, steps=100)
    until(lambda: state(studio, row).state == "running" and device.engines())
    for pid in device.engines():
        os.kill(pid, signal.SIGKILL)
    found = until(lambda: ended(studio, row))
    assert found.state == "completed"


def test_a_killed_worker_costs_no_picture_and_none_comes_twice(studio, device, until):
    from tenants.gallery.models import Asset

    rows = [submit(studio, steps=30, seed=seed)[0] for seed in range(4)]
    until(lambda: any(ended(studio, row) for row in rows))
    device.kill()
    device.start()
    for row in rows:
        assert until(lambda row=row: ended(studio, row)).state == "completed"
    with studio.alice.reading():
        assert Asset.objects.count() == 4


def test_a_replay_is_equal_bit_for_bit(studio, device, until):
    from tenants.generations import services as generations

    (row,) = submit(studio)
    asset = until(lambda: ended(studio, row)).asset_id
    run = generations.replay(studio.alice, asset=asset)

    def over():
        with studio.alice.reading():
            found = generations.find_replay(studio.alice, replay=run.pk)
        return found if found.state != "queued" else None

    found = until(over)
    assert (found.state, found.equal, found.largest_difference, found.differing_facts) == ("finished", True, 0, [])


def test_pictures_that_were_made_beside_one_another_are_made_again_alone(studio, device, until):
    from tenants.generations import services as generations

    asked = [submit(studio, prompt=prompt, seed=seed, steps=40)[0] for seed, prompt in enumerate(["a fox", "two hens", "a barn"])]
    made = [until(lambda row=row: ended(studio, row)) for row in asked]
    shapes = [stretch for row in made for stretch in row.record["shape_key"]["stretches"]]
    assert max(one["slots"] for one in shapes) > 1
    assert all(sum(one["steps"] for one in row.record["shape_key"]["stretches"]) == 40 for row in made)
    runs = [generations.replay(studio.alice, asset=row.asset_id) for row in made]

    def over(run):
        with studio.alice.reading():
            found = generations.find_replay(studio.alice, replay=run.pk)
        return found if found.state != "queued" else None

    for run in runs:
        found = until(lambda run=run: over(run))
        assert (found.state, found.equal, found.differing_facts) == ("finished", True, [])


def test_a_picture_that_took_anothers_place_is_no_replay(studio, device, until):
    from tenants.generations import services as generations
    from tenants.generations.models import Generation

    rows = [until(lambda row=row: ended(studio, row)) for row in [submit(studio, seed=seed)[0] for seed in (1, 2)]]
    with studio.alice.writing():
        Generation.objects.filter(pk=rows[0].pk).update(picture_id=rows[1].picture_id)
    run = generations.replay(studio.alice, asset=rows[0].asset_id)

    def over():
        with studio.alice.reading():
            found = generations.find_replay(studio.alice, replay=run.pk)
        return found if found.state != "queued" else None

    found = until(over)
    assert (found.state, found.code) == ("failed", "replay.other_picture")


def test_what_the_engine_cannot_do_is_recorded_as_failed(studio, device, until):
    (row,) = submit(studio, prompt="word " * 300)
    found = until(lambda: ended(studio, row))
    assert (found.state, found.code) == ("failed", "prompt.too_long")
    assert entry_of(studio, found.outcome_id).facts["code"] == "prompt.too_long"


def test_progress_and_a_sealed_preview_are_told(studio, device, until):
    from dispatch import services as dispatch
    from tenants.vault import services as vault

    (row,) = submit(studio, steps=100, width=192, height=192)
    place = {"tenant": studio.tenant, "project": studio.project, "row": row.pk}
    heard = []
    for word in dispatch.listen(**place):
        heard.append(word.get("event"))
        if word.get("event") == "preview":
            blob = dispatch.shown(**place)
            assert b"\x89PNG\r\n\x1a\n" not in blob
            preview = vault.open_passing(studio.alice, blob, under=vault.view(studio.alice))
            assert preview.startswith(b"\x89PNG")
        if word.get("state") == "completed":
            break
    assert "progress" in heard
    assert "preview" in heard


def test_mallory_finds_nothing(studio, device, until):
    from dataclasses import replace
    from uuid import uuid4

    from kernel.errors import Forbidden, NotFound
    from tenants.gallery import services as gallery
    from tenants.generations import services as generations
    from tests.factories.studio import found

    (row,) = submit(studio)
    asset = until(lambda: ended(studio, row)).asset_id
    elsewhere = found("Elsewhere").tenant
    mallory = replace(studio.alice, tenant=elsewhere, person=uuid4())
    with pytest.raises(NotFound):
        generations.replay(mallory, asset=asset)
    with pytest.raises(NotFound):
        generations.cancel(mallory, generation=row.pk)
    with mallory.reading():
        assert list(gallery.find(mallory)) == []
    stranger = replace(studio.alice, permissions=frozenset())
    with pytest.raises(Forbidden):
        generations.submit(stranger, order=order(studio))
    with pytest.raises(Forbidden):
        generations.replay(stranger, asset=asset)
