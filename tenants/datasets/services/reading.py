"""Questions about datasets, in the caller's scope; and what a training needs of a frozen one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from access.actor import Actor
from kernel.errors import Conflict, NotFound
from tenants.datasets.models import Dataset, Item, State
from tenants.vault import services as vault


@dataclass(frozen=True)
class Frozen:
    """A frozen dataset as a training takes it: items in an order that never changes."""

    id: UUID
    commitment: str
    items: tuple[Item, ...]
    rights: tuple[str, ...]


def dataset_of(actor: Actor, dataset: UUID) -> Dataset:
    """Return a dataset of the Actor's project. Raises NotFound."""
    return _one(Dataset.objects.filter(pk=dataset, project_id=actor.require_project()).first())


def check_open(actor: Actor, dataset: UUID) -> None:
    """Raise Conflict for a frozen dataset, NotFound for none; a deed asks again under the lock."""
    if dataset_of(actor, dataset).state != State.OPEN:
        raise Conflict("dataset.frozen")


def open_dataset(actor: Actor, dataset: UUID) -> Dataset:
    """Return a dataset that may change, locked until the caller's deed ends. Raises NotFound, and Conflict for a frozen one."""
    found = _one(Dataset.objects.select_for_update().filter(pk=dataset, project_id=actor.require_project()).first())
    if found.state != State.OPEN:
        raise Conflict("dataset.frozen")
    return found


def frozen(actor: Actor, *, dataset: UUID) -> Frozen:
    """Return what a training needs, in the caller's scope. Raises Conflict while the dataset is open."""
    found = dataset_of(actor, dataset)
    if found.state != State.FROZEN:
        raise Conflict("dataset.not_frozen")
    items = tuple(Item.objects.filter(dataset=found).order_by("created", "pk"))
    return Frozen(found.pk, found.commitment, items, tuple(sorted({item.rights for item in items})))


def words_of(actor: Actor, items: Sequence[Item], *, under: UUID) -> dict[UUID, dict[str, str]]:
    """Return item → its caption and file name, opened under a view."""
    opened = vault.open_bytes(actor, [item.words_id for item in items], under=under)
    return {item.pk: json.loads(opened[item.words_id]) for item in items}


def _one(found: Dataset | None) -> Dataset:
    if found is None:
        raise NotFound("dataset.unknown")
    return found
