"""What passes and is never kept, as previews: sealed under one data key per request, carried in a self-contained blob."""

import base64
import json
import struct
import uuid
from dataclasses import dataclass
from uuid import UUID

from access.actor import Actor
from kernel import sealing
from kernel.errors import NotFound
from kernel.keys import KeyAsk, KeyClass, OpenAsk, keeper
from tenants.vault.services.sealing import aad_of


@dataclass
class Sealer:
    """Seals version after version of one passing object; nothing of it reaches a disk."""

    actor: Actor
    object: UUID
    media_type: str
    entry: UUID
    version: int = 0

    def seal(self, data: bytes) -> bytes:
        """Return a blob: u32 length of a JSON head, the head, the sealed bytes."""
        self.version += 1
        project = self.actor.require_project()
        aad = aad_of(tenant=self.actor.tenant, project=project, made=self.object, media_type=self.media_type, version=self.version)
        ask = KeyAsk(aad=aad, tenant=self.actor.tenant, key_class=KeyClass.PROJECT, entry=self.entry, project=project)
        key = keeper().generate([ask])[0]
        head = json.dumps({
            "object": str(self.object), "version": self.version, "media_type": self.media_type, "key_version": key.key_version,
            "wrapped": base64.b64encode(key.wrapped).decode(),
        }).encode()  # fmt: skip
        return struct.pack(">I", len(head)) + head + sealing.seal_bytes(data, key=key.key, aad=aad)


def sealer(actor: Actor, *, entry: UUID, media_type: str) -> Sealer:
    """Return a sealer for what one request shows while it runs."""
    return Sealer(actor, uuid.uuid4(), media_type, entry)


def open_passing(actor: Actor, blob: bytes, *, under: UUID) -> bytes:
    """Return what a passing blob holds, under a person's view. Raises NotFound for a blob that is none."""
    try:
        size = struct.unpack_from(">I", blob)[0]
        head = json.loads(blob[4 : 4 + size])
        made, version = UUID(head["object"]), int(head["version"])
    except (struct.error, ValueError, KeyError):
        raise NotFound("preview.none") from None
    project = actor.require_project()
    aad = aad_of(tenant=actor.tenant, project=project, made=made, media_type=head["media_type"], version=version)
    ask = OpenAsk(
        aad=aad, wrapped=base64.b64decode(head["wrapped"]), tenant=actor.tenant, key_class=KeyClass.PROJECT, project=project,
        key_version=int(head["key_version"]),
    )  # fmt: skip
    key = keeper().open(under, [ask])[0]
    return sealing.open_bytes(blob[4 + size :], key=key, aad=aad)
