"""A judged picture becomes an asset: signed while plain, sealed, and recorded with all that decided it."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from access.actor import Actor
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from governance.moderation.rules import Verdict
from governance.provenance import services as provenance
from kernel import canonical
from kernel.ids import LeaseToken
from kernel.keys import keeper
from tenants.gallery.models import Asset
from tenants.generations import services as generations
from tenants.generations.services import Begun
from tenants.vault import services as vault


@dataclass(frozen=True)
class PublishedPicture:
    """What the engine made: the file, its thumbnail, its pixels, the ids that went into the text encoders, the record."""

    png: bytes
    thumbnail: bytes
    pixels: bytes
    token_ids: Mapping[str, Sequence[Sequence[int]]]
    record: Mapping[str, Any]
    verdict: Verdict


def publish(actor: Actor, *, begun: Begun, picture: PublishedPicture, lease: LeaseToken, ticket: UUID) -> Asset:
    """Sign, seal and record a picture; the ticket settles with it or nothing happens. Raises LeaseLost."""
    entry, asset = uuid.uuid4(), uuid.uuid4()
    pixels = canonical.hide("pixels", tenant=actor.tenant, value=_digest(picture.pixels))
    signed = _signed(actor, begun, picture, entry=entry, pixels=pixels)
    hidden = [pixels, canonical.hide("file", tenant=actor.tenant, value=_digest(signed)), *_tokens(actor, picture)]
    sealed = [
        vault.seal(actor, signed, media_type="image/png", entry=entry),
        vault.seal(actor, picture.thumbnail, media_type="image/webp", entry=entry),
        vault.seal(actor, _openings(hidden), media_type="application/json", entry=entry, subject=True),
    ]
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="done")
        kept = [vault.keep(actor, one) for one in sealed]
        made = _row(actor, begun, objects=[one.pk for one in kept], asset=asset, entry=entry)
        outcome = generations.Outcome(asset, kept[0].pk, kept[2].pk, picture.record, entry)
        generations.complete(actor, generation=begun.generation, outcome=outcome)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.GENERATION_COMPLETED,
            facts={
                "generation": str(begun.generation), "intent": str(begun.intent), "asset": str(asset),
                "policy": picture.verdict.policy_digest, **picture.record,
            },
            commits={one.field: one.commitment for one in hidden},
        )  # fmt: skip
    return made


def _signed(actor: Actor, begun: Begun, picture: PublishedPicture, *, entry: UUID, pixels: canonical.Hidden) -> bytes:
    claim = provenance.Claim(
        origin=keeper().public(tenant=actor.tenant).origin, entry=entry, base_digest=begun.base.digest,
        adapter_digests=[model.digest for model, _ in begun.adapters], pixels_commitment=pixels.commitment,
        pixels_opening=pixels.opening.hex(), seed=begun.seed,
    )  # fmt: skip
    return provenance.sign_picture(picture.png, tenant=actor.tenant, claim=claim, intent=begun.intent)


def _tokens(actor: Actor, picture: PublishedPicture) -> list[canonical.Hidden]:
    return [
        canonical.hide(f"tokens.{name}", tenant=actor.tenant, value=canonical.encode([list(one) for one in ids]))
        for name, ids in sorted(picture.token_ids.items())
    ]


def _openings(hidden: Sequence[canonical.Hidden]) -> bytes:
    return json.dumps({one.field: one.opening.hex() for one in hidden}).encode()


def _digest(content: bytes) -> bytes:
    return canonical.sha256_hex(content).encode()


def _row(actor: Actor, begun: Begun, *, objects: Sequence[UUID], asset: UUID, entry: UUID) -> Asset:
    made: Asset = Asset.objects.create(
        id=asset, project_id=actor.require_project(), person_id=actor.person, generation_id=begun.generation,
        picture_id=objects[0], thumbnail_id=objects[1], made_with=[str(begun.base.id), *(str(one.id) for one, _ in begun.adapters)],
        width=begun.width, height=begun.height, seed=begun.seed, purpose=begun.purpose, entry_id=entry,
    )  # fmt: skip
    return made
