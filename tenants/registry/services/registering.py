"""A trained adapter enters as a candidate, in the deed that ends its training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access.actor import Actor
from kernel.scope import joined
from tenants.registry.models import RegisteredModel
from tenants.registry.rules import Kind, State
from tenants.registry.services.using import Usable


@dataclass(frozen=True)
class NewAdapter:
    """What a finished training hands over."""

    name: str
    object: UUID
    base: Usable
    digest: str
    words: UUID
    lineage: Mapping[str, Any]
    measuring: Mapping[str, Any]
    rights: Sequence[str]
    entry: UUID


def register(actor: Actor, adapter: NewAdapter) -> RegisteredModel:
    """Register an adapter as a candidate, in the caller's transaction."""
    joined()
    made: RegisteredModel = RegisteredModel.objects.create(
        project_id=actor.require_project(), kind=Kind.ADAPTER, name=adapter.name, state=State.CANDIDATE,
        family=adapter.base.family, licences=list(adapter.base.licences), digest=adapter.digest, object_id=adapter.object,
        base_id=adapter.base.id, words_id=adapter.words, lineage=dict(adapter.lineage), measuring=dict(adapter.measuring),
        rights=list(adapter.rights),
        trained_by_id=actor.person, entry_id=adapter.entry,
    )  # fmt: skip
    return made
