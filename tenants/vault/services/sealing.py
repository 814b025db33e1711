"""Sealing into the store outside any transaction, and keeping the row inside the deed's."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from access.actor import Actor
from kernel import sealing
from kernel.keys import KeyAsk, KeyClass, keeper
from kernel.scope import joined
from tenants.vault.models import Object
from tenants.vault.storage import store


@dataclass(frozen=True)
class Sealed:
    """What lies in the store and has no row yet; `sweep` removes it if it never gets one."""

    object: UUID
    project: UUID
    person: UUID | None
    key_class: KeyClass
    key_version: int
    media_type: str
    size: int
    wrapped: bytes
    key_commitment: bytes
    entry: UUID


def seal(actor: Actor, data: bytes | Iterable[bytes], *, media_type: str, entry: UUID, subject: bool = False) -> Sealed:
    """Seal bytes, or a stream of them, for the Actor's project; under the Actor's own subject key when `subject`.

    `entry` is the id of the entry that will record the deed; its holder may open what was sealed for it.
    """
    project, made = actor.require_project(), uuid.uuid4()
    person = actor.person if subject else None
    key_class = KeyClass.SUBJECT if subject else KeyClass.PROJECT
    aad = aad_of(tenant=actor.tenant, project=project, made=made, media_type=media_type)
    ask = KeyAsk(aad=aad, tenant=actor.tenant, key_class=key_class, entry=entry, project=project, person=person)
    data_key = keeper().generate([ask])[0]
    chunks = [data] if isinstance(data, bytes) else data
    size = store().write(path_of(actor.tenant, project, made), sealing.seal(chunks, key=data_key.key, aad=aad))
    return Sealed(
        made, project, person, key_class, data_key.key_version, media_type, size, data_key.wrapped,
        sealing.key_commitment(data_key.key, aad), entry,
    )  # fmt: skip


def keep(actor: Actor, sealed: Sealed) -> Object:
    """Give what was sealed its row, in the caller's transaction."""
    joined()
    del actor
    made: Object = Object.objects.create(
        id=sealed.object, project_id=sealed.project, person_id=sealed.person, key_class=sealed.key_class.value,
        key_version=sealed.key_version, media_type=sealed.media_type, size=sealed.size, wrapped=sealed.wrapped,
        key_commitment=sealed.key_commitment, entry_id=sealed.entry,
    )  # fmt: skip
    return made


def aad_of(*, tenant: UUID, project: UUID, made: UUID, media_type: str, version: int = 1) -> bytes:
    """Return what a sealed object is bound to."""
    return sealing.Aad(str(tenant), str(project), str(made), version, media_type).encode()


def path_of(tenant: UUID, project: UUID, made: UUID, version: int = 1) -> str:
    """Return where a sealed object lies in the store."""
    return f"{tenant}/{project}/{made}.{version}"
