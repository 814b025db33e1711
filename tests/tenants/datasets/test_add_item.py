"""Uploads over HTTP and by service: what enters, what is refused by name, what is kept upright and bare."""

import contextlib
import io
import json
import struct
import threading
import uuid
import zlib

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from governance.audit import services as audit
from governance.licensing.rules import RightsBasis
from kernel import canonical
from kernel.errors import Conflict, Forbidden, InvalidInput, NotFound
from kernel.scope import tenant_scope
from tenants.datasets import rules
from tenants.datasets import services as datasets
from tenants.datasets.models import Dataset, Item
from tenants.vault import services as vault
from tests.factories.pictures import picture


@pytest.fixture
def dataset(studio):
    return datasets.create(studio.actor("tina"), name=f"Foxes {uuid.uuid4()}").pk


def add(studio, dataset, content, filename="fox.png", rights=RightsBasis.OWN_WORK, caption=None):
    return datasets.add_item(studio.actor("tina"), dataset=dataset, upload=datasets.Upload(content, filename, rights, caption))


def bomb():
    """A PNG that says it has 100,000 × 100,000 pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def short_chunk():
    """A PNG whose gAMA chunk is too short to be read."""
    content = picture(30)
    chunk = struct.pack(">I", 0) + b"gAMA" + struct.pack(">I", zlib.crc32(b"gAMA"))
    return content[:33] + chunk + content[33:]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_enters_with_a_caption_from_its_name(studio, dataset, kind):
    done = add(studio, dataset, picture(1, kind=kind), filename=f"red_fox-sitting_02.{kind.lower()}")
    tina = studio.actor("tina")
    with tina.reading():
        words = datasets.words_of(tina, [done.item], under=_view(tina))
    assert words[done.item.pk]["caption"] == "red fox sitting"


def _view(actor):
    assert connection.in_atomic_block
    from tenants.vault.models import View

    found = View.objects.filter(project_id=actor.project, person_id=actor.person).order_by("-hour").first()
    return found.entry_id if found else None


@pytest.fixture(autouse=True)
def _viewing(studio):
    vault.view(studio.actor("tina"))


def test_orientation_is_honoured_and_metadata_dropped(studio, dataset):
    image = Image.open(io.BytesIO(picture(2, size=(96, 160))))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret description"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    done = add(studio, dataset, out.getvalue())
    assert (done.item.width, done.item.height) == (160, 96)
    tina = studio.actor("tina")
    stored = vault.open_one(tina, done.item.picture_id, under=vault.view(tina))
    assert stored.startswith(b"\x89PNG") and b"secret" not in stored


@pytest.mark.parametrize(("content", "code"), [
    (b"not a picture", "picture.unsupported"), (picture(3)[:500], "picture.broken"),
    (picture(4, size=(40, 40)), "picture.too_small"),
    (bomb(), "picture.too_large"), (short_chunk(), "picture.broken"),
    (b"", "picture.unsupported"), (picture(5, kind="GIF"), "picture.unsupported"),
])  # fmt: skip
def test_a_bad_file_is_refused_by_name_and_recorded(studio, dataset, content, code):
    done = add(studio, dataset, content)
    assert done.code == code
    with tenant_scope(studio.tenant, read_only=True):
        facts = [entry.facts for entry in audit.entries(audit.Filter(kind="dataset.item_refused"))]
    assert {"dataset": str(dataset), "code": code} in facts


def test_a_duplicate_is_refused_even_in_another_format(studio, dataset):
    assert add(studio, dataset, picture(6)).item
    assert add(studio, dataset, picture(6)).code == "picture.duplicate"
    assert add(studio, dataset, picture(6, kind="WEBP", lossless=True)).code == "picture.duplicate"
    assert add(studio, dataset, picture(7)).item


def turned(content, *, hue=0, quality=None):
    """The same shapes in other colours, or saved once more with loss."""
    image = Image.open(io.BytesIO(content))
    h, s, v = image.convert("HSV").split()
    image = Image.merge("HSV", (h.point(lambda value: (value + hue) % 256), s, v)).convert("RGB") if hue else image
    out = io.BytesIO()
    image.save(out, **({"format": "JPEG", "quality": quality} if quality else {"format": "PNG"}))
    return out.getvalue()


def test_the_same_shapes_in_other_colours_are_another_picture(studio, dataset):
    content = picture(40, size=(256, 256))
    add(studio, dataset, content)
    assert add(studio, dataset, turned(content, hue=110)).similar_to is None


def test_a_picture_that_looks_nearly_the_same_enters_and_is_named(studio, dataset):
    content = picture(41, size=(256, 256))
    first = add(studio, dataset, content).item
    assert add(studio, dataset, turned(content, quality=85)).similar_to == first.pk
    assert add(studio, dataset, picture(42, size=(256, 256))).similar_to is None


def test_alpha_that_hides_nothing_is_no_difference(studio, dataset):
    add(studio, dataset, picture(43))
    out = io.BytesIO()
    Image.open(io.BytesIO(picture(43))).convert("RGBA").save(out, "PNG")
    assert add(studio, dataset, out.getvalue()).code == "picture.duplicate"


@pytest.mark.parametrize(("deep", "plain"), [(0, 0), (200, 1), (0x4000, 64), (0x8000, 128), (65535, 255)])
def test_a_grey_picture_of_16_bits_keeps_its_tones(deep, plain):
    out = io.BytesIO()
    Image.fromarray(np.full((80, 80), deep, dtype=np.uint16)).save(out, "PNG")
    assert Image.open(io.BytesIO(out.getvalue())).mode in {"I;16", "I"}
    kept = Image.open(io.BytesIO(rules.normal_form(out.getvalue()).png))
    assert kept.mode == "RGB" and kept.getextrema() == ((plain, plain),) * 3


def entries(studio, kind, item):
    with tenant_scope(studio.tenant, read_only=True):
        found = audit.entries(audit.Filter(kind=kind))
        return [entry for entry in found if entry.facts.get("item") == str(item.pk)]


def test_the_entry_commits_to_picture_and_caption_and_tells_nothing_of_them(studio, dataset):
    item = add(studio, dataset, picture(44), caption="a fox asleep").item
    entry = entries(studio, "dataset.item_added", item)[0]
    assert entry.facts == {"dataset": str(dataset), "item": str(item.pk), "rights": "own_work"}
    assert entry.commits == {"picture": item.commitment, "caption": item.caption_commitment}
    tina = studio.actor("tina")
    opened = json.loads(vault.open_one(tina, item.picture_opening_id, under=vault.view(tina)))
    assert item.picture_opening.key_class == "subject" and item.picture_opening.person_id == tina.person
    pixels = canonical.sha256_hex(rules.normal_form(picture(44)).pixels).encode()
    for field, value in (("caption", b"a fox asleep"), ("picture", pixels)):
        opening = bytes.fromhex(opened[field])
        assert canonical.commitment(field, tenant=studio.tenant, value=value, opening=opening) == entry.commits[field]


def test_another_caption_is_committed_to_and_changes_what_is_frozen(studio, dataset):
    tina = studio.actor("tina")
    item = add(studio, dataset, picture(45), caption="a fox asleep").item
    changed = datasets.set_caption(tina, dataset=dataset, item=item.pk, caption="a fox awake")
    entry = entries(studio, "dataset.captioned", item)[0]
    assert entry.commits == {"caption": changed.caption_commitment} and changed.caption_commitment != item.caption_commitment
    opening = json.loads(vault.open_one(tina, changed.caption_opening_id, under=vault.view(tina)))["caption"]
    value = {"tenant": studio.tenant, "value": b"a fox awake", "opening": bytes.fromhex(opening)}
    assert canonical.commitment("caption", **value) == changed.caption_commitment
    assert vault.open_one(tina, changed.picture_opening_id, under=vault.view(tina))
    once_more = datasets.set_caption(tina, dataset=dataset, item=item.pk, caption="a fox at last")
    with pytest.raises(Conflict):
        vault.open_one(tina, changed.caption_opening_id, under=vault.view(tina))
    frozen = datasets.freeze(tina, dataset=dataset)
    expected = [[str(item.pk), item.commitment, once_more.caption_commitment, "own_work"]]
    assert frozen.commitment == canonical.sha256_hex(canonical.encode(expected))


def test_a_caption_that_is_longer_than_kept_is_refused_and_never_cut(studio, dataset):
    longest = "a" * rules.LONGEST_CAPTION
    refused = add(studio, dataset, picture(46), caption=longest + "b")
    assert (refused.code, refused.facts) == ("caption.longer_than_kept", {"most": rules.LONGEST_CAPTION})
    item = add(studio, dataset, picture(46), caption=longest).item
    with pytest.raises(InvalidInput, match="longer_than_kept"):
        datasets.set_caption(studio.actor("tina"), dataset=dataset, item=item.pk, caption=longest + "b")


def test_a_caption_is_kept_as_it_was_typed(studio, dataset, api):
    item = add(studio, dataset, picture(47)).item
    where = f"/api/v1/projects/{studio.project}/datasets/{dataset}/items/{item.pk}"
    answer = api(studio, "tina").patch(where, {"caption": " a fox\tasleep "}, content_type="application/json")
    assert (answer.status_code, answer.json()["caption"]) == (200, " a fox\tasleep ")


def meanwhile(deed, change):
    """Start a deed while another, `change`, holds the dataset and has not ended; return what came of the deed."""
    ended = []

    def run():
        try:
            ended.append(deed())
        except Conflict as refused:
            ended.append(refused.code)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with change():
        thread.start()
        thread.join(timeout=2)
        assert not ended, "the deed did not wait"
    thread.join(timeout=20)
    return ended[0]


@pytest.mark.parametrize("deed", ["add", "caption", "remove", "freeze"])
def test_nothing_changes_in_a_dataset_that_somebody_freezes_meanwhile(studio, dataset, deed):
    tina = studio.actor("tina")
    item = add(studio, dataset, picture(46)).item.pk
    deeds = {
        "add": lambda: add(studio, dataset, picture(47)),
        "caption": lambda: datasets.set_caption(tina, dataset=dataset, item=item, caption="late"),
        "remove": lambda: datasets.remove_item(tina, dataset=dataset, item=item),
        "freeze": lambda: datasets.freeze(tina, dataset=dataset),
    }

    @contextlib.contextmanager
    def freezing():
        with tina.writing():
            Dataset.objects.select_for_update().get(pk=dataset)
            yield
            Dataset.objects.filter(pk=dataset).update(state="frozen")

    assert meanwhile(deeds[deed], freezing) == "dataset.frozen"
    with tina.reading():
        assert Item.objects.filter(dataset_id=dataset).count() == 1


def test_freezing_waits_for_who_takes_a_picture_out(studio, dataset):
    tina = studio.actor("tina")
    item = add(studio, dataset, picture(48)).item.pk
    add(studio, dataset, picture(49))

    @contextlib.contextmanager
    def removing():
        with tina.writing():
            Dataset.objects.select_for_update().get(pk=dataset)
            yield
            Item.objects.filter(pk=item).delete()

    frozen = meanwhile(lambda: datasets.freeze(tina, dataset=dataset), removing)
    with tina.reading():
        left = [one.committed() for one in Item.objects.filter(dataset_id=dataset)]
    assert len(left) == 1 and frozen.commitment == canonical.sha256_hex(canonical.encode(left))


def test_an_unknown_right_is_no(studio, dataset):
    assert add(studio, dataset, picture(8), rights=RightsBasis.UNKNOWN).code == "rights.unknown"


def test_an_artist_adds_nothing_and_mallory_finds_nothing(studio, elsewhere, dataset):
    upload = datasets.Upload(picture(9), "x.png", RightsBasis.OWN_WORK)
    with pytest.raises(Forbidden):
        datasets.add_item(studio.actor("alice"), dataset=dataset, upload=upload)
    with pytest.raises(NotFound):
        datasets.add_item(elsewhere.actor("tina"), dataset=dataset, upload=upload)


def test_the_journey_over_http(api, studio, elsewhere, dataset):
    url = f"/api/v1/projects/{studio.project}/datasets/{dataset}"
    tina = api(studio, "tina")
    sent = tina.post(f"{url}/items", {"file": SimpleUploadedFile("blue bird.png", picture(20)), "rights": "own_work"})
    assert sent.status_code == 201, sent.content
    item = sent.json()
    assert item["similar_to"] is None
    bad = tina.post(f"{url}/items", {"file": SimpleUploadedFile("x.png", b"no"), "rights": "own_work"})
    assert bad.status_code == 422 and bad.json()["code"] == "picture.unsupported"
    assert bad["Content-Type"] == "application/problem+json"
    listed = tina.get(f"{url}/items").json()["results"]
    assert [one["caption"] for one in listed] == ["blue bird"]
    assert tina.get(item["thumbnail_url"]).content[:4] == b"RIFF"
    changed = tina.patch(f"{url}/items/{item['id']}", json.dumps({"caption": "a bird"}), content_type="application/json")
    assert changed.json()["caption"] == "a bird"
    assert api(elsewhere, "tina").get(item["thumbnail_url"]).status_code == 404
    assert api(elsewhere, "tina").get(f"{url}/items").status_code == 404
    frozen = tina.post(f"{url}/freeze")
    assert frozen.json()["state"] == "frozen" and frozen.json()["items_count"] == 1
    late = tina.post(f"{url}/items", {"file": SimpleUploadedFile("y.png", picture(21)), "rights": "own_work"})
    assert late.status_code == 409 and late.json()["code"] == "dataset.frozen"


def test_an_empty_dataset_does_not_freeze(studio, dataset):
    with pytest.raises(Conflict):
        datasets.freeze(studio.actor("tina"), dataset=dataset)
