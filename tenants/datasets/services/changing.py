"""Datasets are made, curated and frozen."""

import json
import uuid
from uuid import UUID

from django.db import IntegrityError

from access.actor import Actor
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing import services as licensing
from governance.licensing.rules import RightsBasis
from kernel import canonical
from kernel.errors import Conflict, InvalidInput, NotFound
from tenants.datasets import rules
from tenants.datasets.models import Dataset, Item, State
from tenants.datasets.services.reading import check_open, open_dataset
from tenants.vault import services as vault


def create(actor: Actor, *, name: str) -> Dataset:
    """Make an empty dataset. Raises Conflict for a name that the project has."""
    actor.require(Permission.DATASET_EDIT)
    try:
        with actor.writing():
            made: Dataset = Dataset.objects.create(project_id=actor.require_project(), name=name)
            _record(actor, Event.DATASET_CREATED, {"dataset": str(made.pk)})
    except IntegrityError:
        raise Conflict("dataset.name_taken") from None
    return made


def set_caption(actor: Actor, *, dataset: UUID, item: UUID, caption: str) -> Item:
    """Give an item of an open dataset another caption."""
    actor.require(Permission.DATASET_EDIT)
    if len(caption) > rules.LONGEST_CAPTION:
        raise InvalidInput("caption.longer_than_kept", most=rules.LONGEST_CAPTION)
    under = vault.view(actor)
    with actor.reading():
        check_open(actor, dataset)
        found = _item(dataset, item)
        before = json.loads(vault.open_one(actor, found.words_id, under=under))
    entry = uuid.uuid4()
    words = before | {"caption": caption}
    hidden = canonical.hide("caption", tenant=actor.tenant, value=words["caption"].encode())
    sealed = vault.seal(actor, json.dumps(words).encode(), media_type="application/json", entry=entry)
    opening = vault.seal(
        actor, json.dumps({"caption": hidden.opening.hex()}).encode(), media_type="application/json", entry=entry, subject=True
    )
    with actor.writing():
        open_dataset(actor, dataset)
        found = _item(dataset, item)
        old = [found.words_id]
        if found.caption_opening_id not in {None, found.picture_opening_id}:
            old.append(found.caption_opening_id)
        found.words, found.caption_opening = vault.keep(actor, sealed), vault.keep(actor, opening)
        found.caption_commitment = hidden.commitment
        found.save(update_fields=["words", "caption_opening", "caption_commitment"])
        for one in old:
            vault.withdraw(actor, one)
        _record(
            actor, Event.DATASET_CAPTIONED, {"dataset": str(dataset), "item": str(item)}, entry=entry,
            commits={hidden.field: hidden.commitment},
        )  # fmt: skip
    return found


def remove_item(actor: Actor, *, dataset: UUID, item: UUID) -> None:
    """Take an item out of an open dataset."""
    actor.require(Permission.DATASET_EDIT)
    with actor.writing():
        open_dataset(actor, dataset)
        found = _item(dataset, item)
        openings = {found.picture_opening_id, found.caption_opening_id}
        objects = {found.picture_id, found.thumbnail_id, found.words_id, *(one for one in openings if one is not None)}
        Item.objects.filter(pk=item).delete()
        for one in objects:
            vault.withdraw(actor, one)
        _record(actor, Event.DATASET_ITEM_REMOVED, {"dataset": str(dataset), "item": str(item)})


def freeze(actor: Actor, *, dataset: UUID) -> Dataset:
    """Close a dataset for good. Raises Conflict when it is empty, frozen, or holds a picture without a right."""
    actor.require(Permission.DATASET_FREEZE)
    with actor.writing():
        found = open_dataset(actor, dataset)
        items = list(Item.objects.filter(dataset=found).order_by("pk"))
        if not items:
            raise Conflict("dataset.empty")
        decision = licensing.check_training([], rights=[RightsBasis(item.rights) for item in items])
        if not decision.allowed:
            raise Conflict("dataset.rights_missing")
        found.commitment = canonical.sha256_hex(canonical.encode([item.committed() for item in items]))
        found.state = State.FROZEN
        Dataset.objects.filter(pk=found.pk).update(state=State.FROZEN, commitment=found.commitment)
        facts = {
            "dataset": str(dataset),
            "items": len(items),
            "commitment": found.commitment,
            "licensing_rules": decision.rules_digest,
        }
        _record(actor, Event.DATASET_FROZEN, facts)
    return found


def _item(dataset: UUID, item: UUID) -> Item:
    found: Item | None = Item.objects.filter(pk=item, dataset_id=dataset).first()
    if found is None:
        raise NotFound("item.unknown")
    return found


def _record(
    actor: Actor, kind: Event, facts: dict[str, object], *, entry: UUID | None = None, commits: dict[str, str] | None = None
) -> None:
    audit.append(
        id=entry or uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=kind, facts=facts,
        commits=commits or {},
    )  # fmt: skip
