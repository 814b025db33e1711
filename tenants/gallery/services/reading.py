"""Questions about assets, and what a person looks at, opened under her view of the project."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from access.actor import Actor
from access.roles import Permission
from kernel.errors import NotFound
from tenants.gallery.models import Asset, Standing
from tenants.vault import services as vault


@dataclass(frozen=True)
class Sought:
    """What a page of the gallery is narrowed to."""

    model: UUID | None = None
    person: UUID | None = None
    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Shown:
    """One asset with what was typed for it."""

    asset: Asset
    prompt: str
    negative: str


def find(actor: Actor, sought: Sought | None = None) -> "QuerySet[Asset]":
    """Return the project's assets, newest first."""
    actor.require(Permission.ASSET_READ)
    wanted = sought or Sought()
    rows: QuerySet[Asset] = Asset.objects.filter(project_id=actor.require_project(), standing=Standing.SHOWN)
    if wanted.model:
        rows = rows.filter(made_with__contains=[str(wanted.model)])
    if wanted.person:
        rows = rows.filter(person_id=wanted.person)
    if wanted.after:
        rows = rows.filter(created__gte=wanted.after)
    if wanted.before:
        rows = rows.filter(created__lt=wanted.before)
    return rows.order_by("-created", "id")


def detail(actor: Actor, *, asset: UUID) -> Shown:
    """Return one asset and what was typed for it. Opens a view."""
    under = vault.view(actor)
    with actor.reading():
        row = one(actor, asset)
        prompt: UUID = row.generation.prompt_id
    typed: dict[str, Any] = json.loads(vault.open_one(actor, prompt, under=under))
    return Shown(row, typed["prompt"], typed["negative"])


def picture(actor: Actor, *, asset: UUID) -> bytes:
    """Return the signed file, to look at."""
    return _opened(actor, asset, "picture_id")


def thumbnail(actor: Actor, *, asset: UUID) -> bytes:
    """Return the small picture."""
    return _opened(actor, asset, "thumbnail_id")


def one(actor: Actor, asset: UUID) -> Asset:
    """Return one asset, in the caller's scope. Raises NotFound."""
    row = find(actor).select_related("generation").filter(pk=asset).first()
    if row is None:
        raise NotFound("asset.unknown")
    return row


def _opened(actor: Actor, asset: UUID, column: str) -> bytes:
    under = vault.view(actor)
    with actor.reading():
        wanted: UUID = getattr(one(actor, asset), column)
    return vault.open_one(actor, wanted, under=under)
