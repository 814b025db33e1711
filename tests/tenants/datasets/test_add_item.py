"""Uploads over HTTP and by service: what enters, what is refused by name, what is kept upright and bare."""

import io
import json
import struct
import uuid
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from governance.audit import services as audit
from governance.licensing.rules import RightsBasis
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.scope import tenant_scope
from tenants.datasets import services as datasets
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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_enters_with_a_caption_from_its_name(studio, dataset, kind):
    done = add(studio, dataset, picture(1, kind=kind), filename=f"red_fox-sitting_02.{kind.lower()}")
    tina = studio.actor("tina")
    with tina.reading():
        words = datasets.words_of(tina, [done.item], under=_view(tina))
    assert words[done.item.pk]["caption"] == "red fox sitting"


def _view(actor):
    from django.db import connection

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
    (bomb(), "picture.too_large"), (b"", "picture.unsupported"), (picture(5, kind="GIF"), "picture.unsupported"),
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
