"""An asset is carried away, or taken out of sight; both are recorded."""

import uuid
from uuid import UUID

from django.utils import timezone

from access import links
from access.actor import Actor
from access.links import Link
from access.roles import Permission
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing import services as licensing
from governance.licensing.rules import Decision
from kernel import canonical
from kernel.errors import Conflict
from tenants.gallery.models import Asset, Standing
from tenants.gallery.services.reading import one
from tenants.registry import services as registry
from tenants.vault import services as vault


def link(actor: Actor, *, asset: UUID) -> Link:
    """Return a link by which she may download an asset within a minute. Nothing is recorded before bytes are handed out."""
    _require_download(actor)
    with actor.reading():
        row, _ = _exportable(actor, asset)
    target = links.Target(links.Purpose.ASSET, row.project_id, row.pk)
    return links.make(links.Holder(actor.tenant, actor.person), target, now=timezone.now())


def download(actor: Actor, *, asset: UUID) -> bytes:
    """Return the signed file for taking away, after the licence gate, under an entry of its own."""
    _require_download(actor)
    entry = uuid.uuid4()
    with actor.writing():
        row, decision = _exportable(actor, asset)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.ASSET_DOWNLOADED,
            facts={
                "asset": str(row.pk), "licensing": decision.result.value, "licensing_rules": decision.rules_digest,
                "opens": canonical.objects_digest([row.picture_id]),
            },
        )  # fmt: skip
    return vault.open_one(actor, row.picture_id, under=entry)


def _require_download(actor: Actor) -> None:
    """Whoever may not see a picture without a mark takes none away, whatever else a role of the studio's own permits."""
    actor.require(Permission.ASSET_DOWNLOAD)
    actor.require(Permission.ASSET_UNMARKED)


def _exportable(actor: Actor, asset: UUID) -> tuple[Asset, Decision]:
    row = one(actor, asset)
    models = registry.named(actor, [UUID(model) for model in row.made_with])
    decision = licensing.check_export(sorted({name for model in models for name in model.licences}), picture=True)
    if row.purpose != "picture":
        raise Conflict("asset.not_exportable", purpose=row.purpose)
    if not decision.allowed:
        raise Conflict("licence.not_exportable", result=decision.result.value)
    return row, decision


def withdraw(actor: Actor, *, asset: UUID) -> None:
    """Take an asset out of the gallery; its bytes and its record stay."""
    actor.require_step_up(Permission.ASSET_WITHDRAW)
    with actor.writing():
        row = one(actor, asset)
        Asset.objects.filter(pk=row.pk).update(standing=Standing.WITHDRAWN)
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.ASSET_WITHDRAWN,
            facts={"asset": str(row.pk)},
        )  # fmt: skip
