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
from kernel.errors import Conflict, NotFound
from tenants.datasets import rules
from tenants.datasets.models import Dataset, Item, State
from tenants.datasets.services.reading import dataset_of
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
    under = vault.view(actor)
    with actor.reading():
        found = _item(actor, dataset, item)
        before = json.loads(vault.open_one(actor, found.words_id, under=under))
    entry = uuid.uuid4()
    words = before | {"caption": caption[: rules.LONGEST_CAPTION]}
    sealed = vault.seal(actor, json.dumps(words).encode(), media_type="application/json", entry=entry)
    with actor.writing():
        found = _item(actor, dataset, item)
        old, found.words = found.words_id, vault.keep(actor, sealed)
        Item.objects.filter(pk=item).update(words=found.words)
        vault.withdraw(actor, old)
        _record(actor, Event.DATASET_CAPTIONED, {"dataset": str(dataset), "item": str(item)}, entry=entry)
    return found


def remove_item(actor: Actor, *, dataset: UUID, item: UUID) -> None:
    """Take an item out of an open dataset."""
    actor.require(Permission.DATASET_EDIT)
    with actor.writing():
        found = _item(actor, dataset, item)
        objects = (found.picture_id, found.thumbnail_id, found.words_id)
        Item.objects.filter(pk=item).delete()
        for one in objects:
            vault.withdraw(actor, one)
        _record(actor, Event.DATASET_ITEM_REMOVED, {"dataset": str(dataset), "item": str(item)})


def freeze(actor: Actor, *, dataset: UUID) -> Dataset:
    """Close a dataset for good. Raises Conflict when it is empty, frozen, or holds a picture without a right."""
    actor.require(Permission.DATASET_FREEZE)
    with actor.writing():
        found = dataset_of(actor, dataset)
        items = list(Item.objects.filter(dataset=found).order_by("pk"))
        if found.state != State.OPEN or not items:
            raise Conflict("dataset.frozen" if items else "dataset.empty")
        decision = licensing.check_training([], rights=[RightsBasis(item.rights) for item in items])
        if not decision.allowed:
            raise Conflict("dataset.rights_missing")
        found.commitment = canonical.sha256_hex(canonical.encode([[str(item.pk), item.commitment, item.rights] for item in items]))
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


def _item(actor: Actor, dataset: UUID, item: UUID) -> Item:
    parent = dataset_of(actor, dataset)
    if parent.state != State.OPEN:
        raise Conflict("dataset.frozen")
    found: Item | None = Item.objects.filter(pk=item, dataset=parent).first()
    if found is None:
        raise NotFound("item.unknown")
    return found


def _record(actor: Actor, kind: Event, facts: dict[str, object], *, entry: UUID | None = None) -> None:
    audit.append(
        id=entry or uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=kind, facts=facts
    )
