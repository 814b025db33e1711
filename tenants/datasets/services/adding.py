"""One uploaded file becomes an item, or is refused by name; both are recorded, and the rest goes on."""

import json
import uuid
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing.rules import RightsBasis
from kernel import canonical
from kernel.errors import Conflict
from kernel.keys import keeper
from tenants.datasets import rules
from tenants.datasets.models import Dataset, Item, State
from tenants.datasets.services.reading import dataset_of
from tenants.vault import services as vault
from tenants.vault.services import Sealed


@dataclass(frozen=True)
class Upload:
    """What came: content, name, caption (from a `.txt` beside it) if there was one, the right it is held on."""

    content: bytes
    filename: str
    rights: RightsBasis
    caption: str | None = None


@dataclass(frozen=True)
class Added:
    """The new item."""

    item: Item


@dataclass(frozen=True)
class Refused:
    """Why a file was refused."""

    code: str
    facts: dict[str, int | str]


def add_item(actor: Actor, *, dataset: UUID, upload: Upload) -> Added | Refused:
    """Add a picture to an open dataset, or refuse it. Raises NotFound, and Conflict for a frozen dataset."""
    actor.require(Permission.DATASET_EDIT)
    with actor.reading():
        _open(dataset_of(actor, dataset))
    if upload.rights is RightsBasis.UNKNOWN:
        return _refuse(actor, dataset, "rights.unknown", {})
    normal = rules.normal_form(upload.content)
    if isinstance(normal, rules.Unusable):
        return _refuse(actor, dataset, normal.code, normal.facts)
    likeness = keeper().index(tenant=actor.tenant, project=actor.require_project(), values=[normal.likeness])[0].hex()
    with actor.reading():
        is_known = Item.objects.filter(dataset_id=dataset, likeness=likeness).exists()
    if is_known:
        return _refuse(actor, dataset, "picture.duplicate", {})
    return _keep(actor, dataset, upload, normal, likeness)


def _keep(actor: Actor, dataset: UUID, upload: Upload, normal: rules.Normal, likeness: str) -> Added | Refused:
    entry = uuid.uuid4()
    hidden = canonical.hide("picture", tenant=actor.tenant, value=normal.pixels)
    caption = upload.caption if upload.caption is not None else rules.caption_of(upload.filename)
    words = {"caption": caption[: rules.LONGEST_CAPTION], "filename": upload.filename, "opening": hidden.opening.hex()}
    sealed = (
        vault.seal(actor, normal.png, media_type="image/png", entry=entry),
        vault.seal(actor, normal.thumbnail, media_type="image/webp", entry=entry),
        vault.seal(actor, json.dumps(words).encode(), media_type="application/json", entry=entry),
    )
    try:
        with actor.writing():
            _open(dataset_of(actor, dataset))
            item = _row(actor, dataset, upload, normal, sealed)
            item.commitment, item.likeness = hidden.commitment, likeness
            item.save(force_insert=True)
            audit.append(
                id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.DATASET_ITEM_ADDED,
                facts={
                    "dataset": str(dataset), "item": str(item.pk), "rights": upload.rights.value,
                    "width": normal.width, "height": normal.height,
                },
                commits={"picture": hidden.commitment},
            )  # fmt: skip
    except IntegrityError:
        return _refuse(actor, dataset, "picture.duplicate", {})
    return Added(item)


def _row(actor: Actor, dataset: UUID, upload: Upload, normal: rules.Normal, sealed: tuple[Sealed, Sealed, Sealed]) -> Item:
    picture, thumbnail, words = (vault.keep(actor, one) for one in sealed)
    return Item(
        dataset_id=dataset, picture=picture, thumbnail=thumbnail, words=words, rights=upload.rights.value,
        width=normal.width, height=normal.height,
    )  # fmt: skip


def _open(dataset: Dataset) -> None:
    if dataset.state != State.OPEN:
        raise Conflict("dataset.frozen")


def _refuse(actor: Actor, dataset: UUID, code: str, facts: dict[str, int | str]) -> Refused:
    with actor.writing():
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.DATASET_ITEM_REFUSED,
            facts={"dataset": str(dataset), "code": code},
        )  # fmt: skip
    return Refused(code, facts)
