"""Which models may be used by whom for what."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from access.actor import Actor
from access.roles import Permission
from kernel.errors import NotFound
from kernel.scope import joined
from tenants.registry.models import RegisteredModel
from tenants.registry.rules import Kind, Purpose, State, refusal
from tenants.vault import services as vault


@dataclass(frozen=True)
class Usable:
    """One model as an engine needs it: a base by folder, an adapter by vault object."""

    id: UUID
    kind: Kind
    name: str
    family: str
    digest: str
    licences: tuple[str, ...]
    folder: str
    files: dict[str, str]
    size: int
    object: UUID | None
    base: UUID | None


@dataclass(frozen=True)
class Use:
    """What was asked for, and why some of it may not be used (codes with the model's id)."""

    models: tuple[Usable, ...]
    reasons: tuple[tuple[str, UUID], ...]


def visible(actor: Actor) -> "QuerySet[RegisteredModel]":
    """Return the tenant's bases and the project's models, newest first."""
    found: QuerySet[RegisteredModel] = (
        RegisteredModel.objects.filter(Q(kind=Kind.BASE) | Q(project_id=actor.require_project()))
        .select_related("base")
        .order_by("-created", "id")
    )
    return found


def named(actor: Actor, wanted: Sequence[UUID]) -> tuple[Usable, ...]:
    """Return these models whatever their state, to make again what was made with them. Raises NotFound."""
    rows = _rows(actor, wanted)
    return tuple(as_usable(rows[one]) for one in wanted)


def purpose_for(actor: Actor, wanted: Sequence[UUID]) -> Purpose:
    """Return what pictures with these models are for: with a candidate they are trials. Raises NotFound."""
    rows = _rows(actor, wanted)
    return Purpose.TRIAL if any(row.state == State.CANDIDATE for row in rows.values()) else Purpose.PICTURE


def usable(actor: Actor, wanted: Sequence[UUID], *, purpose: str) -> Use:
    """Return these models in the order asked for, and what stands against them. Raises NotFound. In the caller's scope."""
    rows = _rows(actor, wanted)
    may_try = actor.may(Permission.MODEL_TRY) or actor.may(Permission.MODEL_DECIDE)
    against = [(refusal(rows[one].state, purpose=purpose, may_try=may_try), one) for one in wanted]
    reasons = tuple((code, one) for code, one in against if code is not None)
    return Use(tuple(as_usable(rows[one]) for one in wanted), reasons)


def as_usable(row: RegisteredModel) -> Usable:
    """Return a row as an engine needs it."""
    return Usable(
        row.pk, Kind(row.kind), row.name, row.family, row.digest, tuple(row.licences), row.folder, dict(row.files), row.size,
        row.object_id, row.base_id,
    )  # fmt: skip


def _rows(actor: Actor, wanted: Sequence[UUID]) -> dict[UUID, RegisteredModel]:
    joined()
    rows = {row.pk: row for row in visible(actor).filter(pk__in=wanted)}
    if any(one not in rows for one in wanted):
        raise NotFound("model.unknown")
    return rows


def words_of(actor: Actor, rows: Sequence[RegisteredModel], *, under: UUID) -> dict[UUID, str]:
    """Return the trigger word of each model that has one, opened under a view."""
    having = sorted({row.words_id for row in rows if row.words_id is not None})
    opened = vault.open_bytes(actor, having, under=under)
    return {row.pk: str(json.loads(opened[row.words_id]).get("trigger", "")) for row in rows if row.words_id is not None}
