"""Sealing, keeping and opening with the real keeper: what opens under which entry, and what never does."""

import uuid

import pytest

from governance.audit import services as audit
from governance.audit.events import Event
from kernel.canonical import objects_digest
from kernel.errors import KeeperRefused, NotFound, VerificationFailed
from tenants.vault import services as vault
from tenants.vault.models import Object
from tenants.vault.storage import store


def kept(actor, data=b"a picture", *, subject=False):
    entry = uuid.uuid4()
    sealed = vault.seal(actor, data, media_type="image/png", entry=entry, subject=subject)
    with actor.writing():
        vault.keep(actor, sealed)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.DATASET_ITEM_ADDED, facts={}
        )
    return sealed


def test_what_is_sealed_opens_under_a_view_and_lies_sealed(studio):
    alice = studio.actor("alice")
    sealed = kept(alice, b"canary " * 1000)
    assert vault.open_one(alice, sealed.object, under=vault.view(alice)) == b"canary " * 1000
    with store().open(f"{studio.tenant}/{studio.project}/{sealed.object}.1") as blob:
        assert b"canary" not in blob.read()


def test_a_view_is_one_entry_an_hour(studio):
    alice = studio.actor("alice")
    assert vault.view(alice) == vault.view(alice)


def test_without_a_recorded_entry_nothing_opens(studio):
    alice = studio.actor("alice")
    sealed = kept(alice)
    for under in (uuid.uuid4(), sealed.entry if False else uuid.uuid4()):
        with pytest.raises(KeeperRefused):
            vault.open_one(alice, sealed.object, under=under)


def test_an_entry_that_was_rolled_back_opens_nothing(studio):
    alice, entry = studio.actor("alice"), uuid.uuid4()
    sealed = kept(alice)
    with pytest.raises(RuntimeError), alice.writing():
        audit.append(
            id=entry, tenant=alice.tenant, project=alice.project, actor="x", kind=Event.ASSET_DOWNLOADED,
            facts={"opens": objects_digest([sealed.object])},
        )  # fmt: skip
        raise RuntimeError
    with pytest.raises(KeeperRefused):
        vault.open_one(alice, sealed.object, under=entry)


def test_an_intent_opens_its_objects_and_no_others(studio):
    alice, entry = studio.actor("alice"), uuid.uuid4()
    mine, other = kept(alice), kept(alice)
    with alice.writing():
        audit.append(
            id=entry, tenant=alice.tenant, project=alice.project, actor="x", kind=Event.ASSET_DOWNLOADED,
            facts={"opens": objects_digest([mine.object])},
        )  # fmt: skip
    assert vault.open_one(alice, mine.object, under=entry) == b"a picture"
    with pytest.raises(KeeperRefused):
        vault.open_one(alice, other.object, under=entry)


def test_another_projects_view_opens_nothing_here(studio, elsewhere):
    sealed = kept(studio.actor("alice"))
    mallory = elsewhere.actor("alice")
    with pytest.raises(NotFound):
        vault.open_one(mallory, sealed.object, under=vault.view(mallory))


def test_a_passing_preview_opens_under_a_view_only(studio):
    alice = studio.actor("alice")
    blob = vault.sealer(alice, entry=uuid.uuid4(), media_type="image/png").seal(b"preview")
    assert b"preview" not in blob
    assert vault.open_passing(alice, blob, under=vault.view(alice)) == b"preview"
    with pytest.raises(KeeperRefused):
        vault.open_passing(alice, blob, under=uuid.uuid4())


def test_what_was_never_kept_is_swept(studio):
    from datetime import timedelta

    alice = studio.actor("alice")
    lost = vault.seal(alice, b"lost", media_type="image/png", entry=uuid.uuid4())
    sealed = kept(alice)
    assert vault.sweep(alice, age=timedelta(seconds=-5)) >= 1
    with pytest.raises(NotFound):
        store().open(f"{studio.tenant}/{studio.project}/{lost.object}.1")
    assert vault.open_one(alice, sealed.object, under=vault.view(alice)) == b"a picture"


def test_all_that_a_crash_left_half_written_is_swept_at_once(studio):
    from datetime import timedelta

    alice = studio.actor("alice")
    sealed = kept(alice)
    folder = store().root / str(studio.tenant) / str(studio.project)
    drafts = [folder / f".{uuid.uuid4()}.1.part" for _ in range(3)]
    for draft in drafts:
        draft.write_bytes(b"half")
    assert vault.sweep(alice, age=timedelta(hours=1)) == 0
    assert vault.sweep(alice, age=timedelta(seconds=-5)) >= 3
    assert [draft for draft in drafts if draft.exists()] == []
    assert vault.open_one(alice, sealed.object, under=vault.view(alice)) == b"a picture"


def test_a_key_that_an_object_did_not_commit_to_is_refused(studio):
    alice = studio.actor("alice")
    first, second = kept(alice), kept(alice)
    with alice.writing():
        Object.objects.filter(pk=first.object).update(key_commitment=second.key_commitment)
    with pytest.raises(VerificationFailed, match=r"object\.other_key"):
        vault.open_one(alice, first.object, under=vault.view(alice))
    with pytest.raises(VerificationFailed):
        vault.keys_for(alice, [second.object, first.object], under=vault.view(alice))
    assert vault.open_one(alice, second.object, under=vault.view(alice)) == b"a picture"


def test_a_row_whose_key_is_anothers_opens_nothing(studio):
    alice = studio.actor("alice")
    first, second = kept(alice), kept(alice)
    with alice.writing():
        Object.objects.filter(pk=first.object).update(wrapped=second.wrapped, key_commitment=second.key_commitment)
    with pytest.raises(KeeperRefused):
        vault.open_one(alice, first.object, under=vault.view(alice))
