"""A worker's hands without a worker: its login, its line to the keeper, the ticket of one intent under a lease."""

import contextlib
import io
import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PIL import Image

MACHINE = {"dtype": "float32", "threads": 1, "torch": "2.7", "device": "cpu"}


@dataclass(frozen=True)
class Standing:
    """A tenant's standing ticket, held."""

    claim: Any
    ticket: Any
    lease: Any


@dataclass(frozen=True)
class Holding:
    """A ticket that is held, and the Actor who asked for it."""

    actor: Any
    lease: Any
    ticket: UUID
    row: UUID


class Worker:
    """Speaks as another process, and takes tickets."""

    def __init__(self, services, as_login):
        self.services, self.as_login = services, as_login

    @contextlib.contextmanager
    def be(self, process):
        """Run a block with this process's login and keeper token."""
        from django.conf import settings
        from django.test import override_settings

        assert settings.KEEPER_SOCKET
        login = {"device": "worker", "web": "app"}.get(process, process)
        with override_settings(KEEPER_TOKEN=bytes.fromhex(self.services.tokens.drawn[process])), self.as_login(login):
            yield

    @contextlib.contextmanager
    def holding(self, intent, *, process="device"):
        """Hold the ticket of this intent; whatever waits before it is taken too, and lapses."""
        from access import services as access
        from dispatch.rules import CPU_KINDS, DEVICE_KINDS

        with self.be(process):
            claim, ticket = _taken(intent, DEVICE_KINDS if process == "device" else CPU_KINDS)
            actor = access.actor_for(ticket.person, tenant=claim.tenant, project=ticket.project, lease=claim.lease)
            yield Holding(actor, claim.lease, ticket.id, ticket.row)

    @contextlib.contextmanager
    def holding_standing(self, intent):
        """Hold a tenant's standing ticket, ready or not."""
        import psycopg

        with psycopg.connect(self.services.postgres.url("owner"), autocommit=True) as owner:
            owner.execute("UPDATE dispatch_ticket SET ready = clock_timestamp() WHERE intent = %s", [intent])
        with self.be("worker"):
            claim, ticket = _taken(intent, ["housekeeping"])
            yield Standing(claim, ticket, claim.lease)


def _taken(intent, kinds):
    from dispatch import services as dispatch

    while (claim := dispatch.claim(worker=f"test:{uuid.uuid4()}", kinds=kinds)) is not None:
        for ticket in claim.tickets:
            if ticket.intent == intent:
                return claim, ticket
    raise AssertionError("no ticket of this intent waits")


def pixels_of(width, height):
    return bytes(value % 251 for value in range(width * height * 3))


def head_of(begun):
    """Return what an engine says beside a picture."""
    return {
        "base_digests": {"unet": "ab" * 32}, "base_stored": {"unet": "fp32"}, "scheduler": {"name": "ddim", "beta_start": 0.00085},
        "scores": {"safe": 0.99}, "machine": MACHINE, "shape_key": {"batch": 1, "height": begun.height, "width": begun.width},
    }  # fmt: skip


def judged(allowed=True):
    from governance.moderation.rules import Verdict

    return Verdict(allowed, (), "cd" * 32)


def png_of(pixels, width, height):
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(out, "PNG")
    return out.getvalue()


def published(worker, row, *, draw=pixels_of, thumbnail=b"RIFF"):
    """Make a submitted request a published asset, with pixels that no engine made: `draw(width, height)`."""
    from tenants.gallery import services as gallery
    from tenants.generations import services as generations
    from workers.tasks.record import record_of

    with worker.holding(row.intent_id) as held:
        begun = generations.start(held.actor, generation=held.row)
        pixels = draw(begun.width, begun.height)
        png = png_of(pixels, begun.width, begun.height)
        made = gallery.PublishedPicture(png, thumbnail, pixels, {"tokenizer": [[1, 2]]}, record_of(begun, head_of(begun)), judged())
        return gallery.publish(held.actor, begun=begun, picture=made, lease=held.lease, ticket=held.ticket)
