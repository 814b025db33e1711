"""One uploaded file becomes an item, or is refused by name; both are recorded, and the rest goes on."""

import json
import uuid
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db import IntegrityError

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing.rules import RightsBasis
from kernel import canonical
from kernel.keys import keeper
from tenants.datasets import rules
from tenants.datasets.models import Item
from tenants.datasets.services.reading import check_open, open_dataset
from tenants.vault import services as vault
from tenants.vault.services import Sealed

BAND_DIGITS: Final = 16


@dataclass(frozen=True)
class Upload:
    """What came: content, name, caption (from a `.txt` beside it) if there was one, the right it is held on."""

    content: bytes
    filename: str
    rights: RightsBasis
    caption: str | None = None


@dataclass(frozen=True)
class Added:
    """The new item, and one that looks nearly the same, if there is one: for the person to judge, nothing is refused for it."""

    item: Item
    similar_to: UUID | None = None


@dataclass(frozen=True)
class _Likeness:
    """Keyed digests of a picture: of its exact pixels, and of the parts of what it looks like."""

    exact: str
    bands: list[str]


@dataclass(frozen=True)
class Refused:
    """Why a file was refused."""

    code: str
    facts: dict[str, int | str]


def add_item(actor: Actor, *, dataset: UUID, upload: Upload) -> Added | Refused:
    """Add a picture to an open dataset, or refuse it. Raises NotFound, and Conflict for a frozen dataset."""
    actor.require(Permission.DATASET_EDIT)
    with actor.reading():
        check_open(actor, dataset)
    if upload.rights is RightsBasis.UNKNOWN:
        return _refuse(actor, dataset, "rights.unknown", {})
    caption = upload.caption if upload.caption is not None else rules.caption_of(upload.filename)
    if len(caption) > rules.LONGEST_CAPTION:
        return _refuse(actor, dataset, "caption.longer_than_kept", {"most": rules.LONGEST_CAPTION})
    normal = rules.normal_form(upload.content)
    if isinstance(normal, rules.Unusable):
        return _refuse(actor, dataset, normal.code, normal.facts)
    exact, *bands = keeper().index(tenant=actor.tenant, project=actor.require_project(), values=[normal.exact, *normal.bands])
    likeness = _Likeness(exact.hex(), [band.hex()[:BAND_DIGITS] for band in bands])
    with actor.reading():
        is_known = Item.objects.filter(dataset_id=dataset, likeness=likeness.exact).exists()
        similar = _similar(dataset, likeness.bands)
    if is_known:
        return _refuse(actor, dataset, "picture.duplicate", {})
    return _keep(actor, dataset, replace(upload, caption=caption), normal, likeness, similar)


def _similar(dataset: UUID, bands: list[str]) -> UUID | None:
    """Return the oldest item that looks nearly like this."""
    for item, others in Item.objects.filter(dataset_id=dataset).order_by("created").values_list("pk", "bands"):
        if rules.is_near(bands, others):
            found: UUID = item
            return found
    return None


def _keep(
    actor: Actor, dataset: UUID, upload: Upload, normal: rules.Normal, likeness: _Likeness, similar: UUID | None
) -> Added | Refused:
    entry = uuid.uuid4()
    caption = upload.caption or ""
    hidden = (
        canonical.hide("picture", tenant=actor.tenant, value=canonical.sha256_hex(normal.pixels).encode()),
        canonical.hide("caption", tenant=actor.tenant, value=caption.encode()),
    )
    words = {"caption": caption, "filename": upload.filename}
    openings = {one.field: one.opening.hex() for one in hidden}
    sealed = (
        vault.seal(actor, normal.png, media_type="image/png", entry=entry),
        vault.seal(actor, normal.thumbnail, media_type="image/webp", entry=entry),
        vault.seal(actor, json.dumps(words).encode(), media_type="application/json", entry=entry),
        vault.seal(actor, json.dumps(openings).encode(), media_type="application/json", entry=entry, subject=True),
    )
    try:
        with actor.writing():
            open_dataset(actor, dataset)
            item = _row(actor, dataset, upload, normal, sealed)
            item.commitment, item.caption_commitment = (one.commitment for one in hidden)
            item.likeness, item.bands = likeness.exact, likeness.bands
            item.save(force_insert=True)
            audit.append(
                id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.DATASET_ITEM_ADDED,
                facts={"dataset": str(dataset), "item": str(item.pk), "rights": upload.rights.value},
                commits={one.field: one.commitment for one in hidden},
            )  # fmt: skip
    except IntegrityError:
        return _refuse(actor, dataset, "picture.duplicate", {})
    return Added(item, similar)


def _row(actor: Actor, dataset: UUID, upload: Upload, normal: rules.Normal, sealed: tuple[Sealed, ...]) -> Item:
    picture, thumbnail, words, openings = (vault.keep(actor, one) for one in sealed)
    return Item(
        dataset_id=dataset, picture=picture, thumbnail=thumbnail, words=words, rights=upload.rights.value,
        width=normal.width, height=normal.height, picture_opening=openings, caption_opening=openings,
    )  # fmt: skip


def _refuse(actor: Actor, dataset: UUID, code: str, facts: dict[str, int | str]) -> Refused:
    with actor.writing():
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.DATASET_ITEM_REFUSED,
            facts={"dataset": str(dataset), "code": code},
        )  # fmt: skip
    return Refused(code, facts)
