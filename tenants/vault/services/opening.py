"""Opening against a recorded entry: here in memory, or as descriptors and keys for an engine."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import connection

from access.actor import Actor
from kernel import sealing
from kernel.errors import Conflict, NotFound, VerificationFailed
from kernel.keys import KeyClass, OpenAsk, keeper
from tenants.vault.models import Object, Standing
from tenants.vault.services.sealing import aad_of, path_of
from tenants.vault.storage import store


@dataclass(frozen=True)
class SealedFile:
    """A sealed file with its key, to hand to an engine: whoever holds it can read it. Close `file` after use."""

    object: UUID
    file: BinaryIO
    key: bytes
    aad: bytes
    media_type: str


def open_one(actor: Actor, wanted: UUID, *, under: UUID, of: Sequence[UUID] | None = None) -> bytes:
    """Return one object's plaintext. Raises NotFound, Conflict when withdrawn, KeeperRefused."""
    return open_bytes(actor, [wanted], under=under, of=of)[wanted]


def open_bytes(actor: Actor, wanted: Sequence[UUID], *, under: UUID, of: Sequence[UUID] | None = None) -> dict[UUID, bytes]:
    """Return the plaintexts of some objects of the Actor's project. `under` is the entry that allows it."""
    opened = {}
    for sealed in keys_for(actor, wanted, under=under, of=of):
        with sealed.file:
            opened[sealed.object] = sealing.open_bytes(sealing.mapped(sealed.file), key=sealed.key, aad=sealed.aad)
    return opened


def keys_for(actor: Actor, wanted: Sequence[UUID], *, under: UUID, of: Sequence[UUID] | None = None) -> list[SealedFile]:
    """Return sealed files with their keys, in the order asked for, through one call to the keeper.

    Raises VerificationFailed when a key is not the one that the object was sealed with.
    """
    rows = _rows(actor, wanted)
    asks = [_ask(row) for row in rows]
    keys = keeper().open(under, asks, of=of) if asks else []
    for row, ask, key in zip(rows, asks, keys, strict=True):
        _check_committed(row, key, ask.aad)
    return [
        SealedFile(row.pk, store().open(path_of(row.tenant_id, row.project_id, row.pk, row.version)), key, ask.aad, row.media_type)
        for row, ask, key in zip(rows, asks, keys, strict=True)
    ]


def _check_committed(row: Object, key: bytes, aad: bytes) -> None:
    """AES-GCM opens one ciphertext under several keys to several plaintexts; the commitment says which key was meant."""
    if not hmac.compare_digest(bytes(row.key_commitment), sealing.key_commitment(key, aad)):
        raise VerificationFailed("object.other_key", object=str(row.pk))


def _rows(actor: Actor, wanted: Sequence[UUID]) -> list[Object]:
    if connection.in_atomic_block:
        return _found(actor, wanted)
    with actor.reading():
        return _found(actor, wanted)


def _found(actor: Actor, wanted: Sequence[UUID]) -> list[Object]:
    known = {row.pk: row for row in Object.objects.filter(pk__in=wanted, project_id=actor.require_project())}
    if len(known) != len(set(wanted)):
        raise NotFound("object.unknown")
    if any(row.standing != Standing.KEPT for row in known.values()):
        raise Conflict("object.withdrawn")
    return [known[one] for one in wanted]


def _ask(row: Object) -> OpenAsk:
    aad = aad_of(tenant=row.tenant_id, project=row.project_id, made=row.pk, media_type=row.media_type, version=row.version)
    return OpenAsk(
        aad=aad, wrapped=bytes(row.wrapped), tenant=row.tenant_id, key_class=KeyClass(row.key_class), project=row.project_id,
        person=row.person_id, key_version=row.key_version,
    )  # fmt: skip
