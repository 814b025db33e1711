"""A published picture opens its entry's commitment with the program of the reference page; and what its manifest says."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from governance.audit import services as audit

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "commitments.md"
PROMPT = "a zebrafinch, quixotic"


def drawn():
    return np.random.default_rng(3).integers(0, 255, (64, 64, 3), dtype=np.uint8)


def png(pixels):
    out = io.BytesIO()
    # The best compression takes all kinds of row filters.
    Image.fromarray(pixels).save(out, "PNG", optimize=True)
    return out.getvalue()


@pytest.fixture
def as_device(services, as_login):
    @contextlib.contextmanager
    def be():
        from django.conf import settings

        from kernel import keys

        name, before = (str(settings.KEEPER_SOCKET), settings.KEEPER_TOKEN), keys.keeper()
        keys._known[name] = keys.Keeper(settings.KEEPER_SOCKET, bytes.fromhex(services.tokens.drawn["device"]))
        try:
            with as_login("worker"):
                yield
        finally:
            keys._known[name] = before

    return be


@pytest.fixture
def base(studio, tmp_path, monkeypatch):
    from django.conf import settings

    from tenants.registry import services as registry

    folder = tmp_path / "toy"
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    (folder / "unet" / "weights.safetensors").write_bytes(os.urandom(64))
    monkeypatch.setattr(settings, "MODEL_FOLDERS", [str(tmp_path)])
    return registry.register_base(studio.actor("tom", project=False), folder=folder, name="Toy", licence="Apache-2.0")


@pytest.fixture
def published(studio, services, base, as_device):
    """Return a picture as the gallery published it, and its entry as the log has it."""
    import psycopg

    from access import services as access
    from dispatch import services as dispatch
    from governance.moderation.rules import Verdict
    from tenants.gallery import services as gallery
    from tenants.generations import services as generations
    from tenants.vault import services as vault

    with psycopg.connect(services.postgres.url("owner"), autocommit=True) as owner:
        owner.execute("DELETE FROM dispatch_ticket")
    generations.submit(studio.actor("alice"), order=generations.Order(prompt=PROMPT, base=base.pk, seed=5))
    with as_device():
        claim = dispatch.claim(worker=f"test:{uuid.uuid4()}", kinds=["generate"])
        (ticket,) = claim.tickets
        actor = access.actor_for(ticket.person, tenant=claim.tenant, project=ticket.project, lease=claim.lease)
        begun = generations.start(actor, generation=ticket.row)
        made = gallery.PublishedPicture(
            png(drawn()), b"thumbnail", drawn().tobytes(), {"text_encoder": [[1, 2]]}, {}, Verdict(True, (), "00" * 32)
        )
        asset = gallery.publish(actor, begun=begun, picture=made, lease=claim.lease, ticket=ticket.id)
    alice = studio.actor("alice")
    content = vault.open_one(alice, asset.picture_id, under=vault.view(alice))
    with alice.reading():
        return content, bytes(_body(asset.entry_id))


def _body(entry):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM audit_entry WHERE id = %s", [entry])
        return cursor.fetchone()[0]


def check(folder, picture, entry):
    """Run the page's own program, as a stranger would: nothing of ours, the standard library alone."""
    program = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    (folder / "check_picture.py").write_text(program)
    (folder / "picture.png").write_bytes(picture)
    (folder / "entry.json").write_bytes(entry)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "check_picture.py", "picture.png", "entry.json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).strip()


def test_the_picture_opens_its_entry(published, tmp_path):
    assert check(tmp_path, *published) == (0, "the entry records these pixels")


def test_other_pixels_and_other_entries_do_not(published, tmp_path):
    picture, entry = published
    other = json.loads(entry)
    assert check(tmp_path, picture, json.dumps(other | {"id": str(uuid.uuid4())}).encode())[1] == "the picture names another entry"
    other["commits"]["pixels"] = other["commits"]["file"]
    assert check(tmp_path, picture, json.dumps(other).encode())[1] == "the entry records other pixels"
    # The same manifest, moved over another picture.
    changed = drawn()
    changed[0, 0, 0] ^= 1
    foreign, end = png(changed), picture.index(b"IDAT") - 4
    moved = picture[:end] + foreign[foreign.index(b"IDAT") - 4 :]
    assert check(tmp_path, moved, entry)[1] == "the entry records other pixels"


def test_the_manifest_says_how_it_was_made_and_what_may_not_be_done_with_it(published, studio):
    from governance.provenance import services as provenance
    from kernel.keys import keeper

    picture, entry = published
    store = provenance.read(picture)
    found = {one["label"]: one["data"] for one in store["manifests"][store["active_manifest"]]["assertions"]}
    (action,) = found["c2pa.actions.v2"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    uses = found["cawg.training-mining"]["entries"]
    assert "cawg.ai_generative_training" in uses and {one["use"] for one in uses.values()} == {"notAllowed"}
    record = provenance.record_in(picture)
    assert record["log"] == keeper().public(tenant=studio.tenant).origin
    assert record["entry"] == json.loads(entry)["id"] and record["seed"] == "5"
    assert set(record) == {"log", "entry", "base", "adapters", "pixels", "seed"}


def test_neither_file_nor_entry_holds_the_prompt(published):
    picture, entry = published
    for word in PROMPT.replace(",", "").split()[1:]:
        assert word.encode() not in picture and word.encode() not in entry


def test_the_entry_is_in_the_log(published, studio):
    with studio.actor("alice").reading():
        (found,) = audit.entries(audit.Filter(entry=uuid.UUID(json.loads(published[1])["id"])))
    assert found.kind == "generation.completed"
