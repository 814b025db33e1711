"""What tasks send to engines: sealed files by descriptor, their keys and the words in the message."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from uuid import UUID

from dispatch import services as dispatch
from tenants.generations.services import Begun
from tenants.registry.services import Usable
from tenants.vault import services as vault
from tenants.vault.services import SealedFile
from workers.device import Seat, Work
from workers.engine.specs import AdapterSpec, BaseSpec, GenerateSpec, SealedInput, StretchSpec
from workers.engine.wire import MOST_FDS, Message

_TOLD_EVERY: Final = 0.2
_MEGABYTES_OF_LIBRARIES: Final = 500


def seat_of(base: Usable, *, is_training: bool = False) -> Seat:
    """Return what an engine for this base needs."""
    spec = BaseSpec(path=base.folder, family=base.family, digests=dict(base.files))
    return Seat(spec, base.digest, _MEGABYTES_OF_LIBRARIES + base.size // 1_000_000 * 2, is_training)


class Files:
    """Sealed files of one request, numbered in the order in which the engine gets them."""

    def __init__(self, work: Work, *, under: UUID, of: Sequence[UUID]) -> None:
        self.work, self.under, self.of = work, under, of
        self.sealed: list[SealedFile] = []

    def take(self, objects: Sequence[UUID]) -> list[SealedInput]:
        """Open the keys of these objects, and say how the engine finds them."""
        if not objects:
            return []
        first = len(self.sealed)
        self.sealed += vault.keys_for(self.work.actor, objects, under=self.under, of=self.of)
        return [
            SealedInput(number, one.key.hex(), one.aad.decode(), one.media_type)
            for number, one in enumerate(self.sealed[first:], start=first)
        ]

    def send(self, kind: str, head: dict[str, Any]) -> None:
        """Send the files and then the request; the descriptors are the engine's from here."""
        engine = self.work.engine
        if engine is None:
            raise RuntimeError("sit down first")
        fds = [one.file.fileno() for one in self.sealed]
        for start in range(0, len(fds), MOST_FDS):
            engine.send(Message("files", {}, fds=tuple(fds[start : start + MOST_FDS])))
        self.work.ask(Message(kind, head))
        self.close()

    def close(self) -> None:
        """Close our copies."""
        for one in self.sealed:
            one.file.close()


def ask_for_picture(
    work: Work, begun: Begun, *, under: UUID, of: Sequence[UUID], replays: Sequence[Mapping[str, int]] = ()
) -> None:
    """Sit down with the base model and send the request, with what the person typed; `replays` are a record's stretches."""
    work.sit_down(seat_of(begun.base))
    typed = json.loads(vault.open_one(work.actor, begun.prompt, under=under, of=of))
    files = Files(work, under=under, of=of)
    sealed = files.take([model.object for model, _ in begun.adapters if model.object is not None])
    adapters = tuple(AdapterSpec(one, weight, model.digest) for one, (model, weight) in zip(sealed, begun.adapters, strict=True))
    spec = GenerateSpec(
        request=work.request, prompt=typed["prompt"], negative=typed["negative"], seed=begun.seed, steps=begun.steps,
        guidance=begun.guidance, width=begun.width, height=begun.height, scheduler=begun.scheduler, adapters=adapters,
        replays=tuple(StretchSpec(**one) for one in replays),
    )  # fmt: skip
    files.send("generate", spec.head())


@dataclass
class Teller:
    """Tells who listens to this row; not more often than anybody can see."""

    work: Work
    sealer: vault.Sealer | None = None
    _told: float = 0.0

    def progress(self, message: Message, *fields: str) -> None:
        """Pass on the numbers of a report."""
        if monotonic() - self._told < _TOLD_EVERY:
            return
        self._told = monotonic()
        self.tell({"event": message.kind, **{name: message.head[name] for name in fields if name in message.head}})

    def preview(self, message: Message) -> None:
        """Keep a sealed preview for a minute, and say that it is there."""
        ticket = self.work.ticket
        if self.sealer is None:
            self.sealer = vault.sealer(self.work.actor, entry=ticket.intent, media_type="image/png")
        dispatch.show(tenant=self.work.tenant, project=ticket.project, row=ticket.row, blob=self.sealer.seal(message.body))
        self.tell({"event": "preview", "step": message.head["step"]})

    def state(self, state: str, **ids: str) -> None:
        """Say that the row has come to another state."""
        self.tell({"event": "state", "state": state, **ids})

    def tell(self, event: dict[str, Any]) -> None:
        """Tell it."""
        ticket = self.work.ticket
        dispatch.tell(tenant=self.work.tenant, project=ticket.project, row=ticket.row, event=event)
