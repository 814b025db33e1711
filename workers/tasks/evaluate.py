"""A candidate is measured: what it changed on pictures it never saw, and how near its samples come to the style."""

import json
from typing import Any, Final
from uuid import UUID

from tenants.registry import services as registry
from tenants.registry.services import Evaluating
from tenants.vault import services as vault
from workers.device import Steps, Work
from workers.engine.specs import AdapterSpec, EvaluateSpec, TrainConfig, TrainPicture
from workers.tasks.requests import Files, Teller, seat_of

_MEASURES: Final = ("style_before", "style_after", "style_floor", "samples")


class Evaluate:
    """Evaluations of candidates."""

    def perform(self, work: Work) -> Steps:
        """Measure the candidate and ask a second person."""
        asked = registry.evaluation(work.actor, model=work.ticket.row)
        _ask(work, asked)
        while (message := (yield)).kind != "evaluated":
            pass
        held_out = dict(asked.sheet.get("held_out", {}))
        numbers: dict[str, Any] = {name: message.head[name] for name in _MEASURES if name in message.head}
        numbers |= {"loss_before": held_out.get("before"), "loss_after": held_out.get("after")}
        registry.record_evaluation(work.actor, model=work.ticket.row, numbers=numbers, lease=work.lease, ticket=work.ticket.id)
        Teller(work).state("evaluated")

    def record_failure(self, work: Work, *, code: str) -> None:
        """Record that it could not be measured."""
        registry.fail_evaluation(work.actor, model=work.ticket.row, code=code, lease=work.lease, ticket=work.ticket.id)


def _ask(work: Work, asked: Evaluating) -> None:
    work.sit_down(seat_of(asked.base))
    pairs = [(UUID(picture), UUID(caption)) for picture, caption in asked.sheet["pictures"]]
    words = UUID(asked.sheet["words"])
    under, of = asked.intent, asked.opens
    opened = vault.open_bytes(work.actor, [words, *(caption for _, caption in pairs)], under=under, of=of)
    files = Files(work, under=under, of=of)
    adapter, *sealed = files.take([_object(asked), *(picture for picture, _ in pairs)])
    pictures = tuple(
        TrainPicture(one, str(json.loads(opened[caption])["caption"])) for one, (_, caption) in zip(sealed, pairs, strict=True)
    )
    config = TrainConfig.from_head(asked.sheet["config"] | json.loads(opened[words]))
    spec = EvaluateSpec(work.request, AdapterSpec(adapter, 1.0, asked.model.digest), pictures, config)
    files.send("evaluate", spec.head())


def _object(asked: Evaluating) -> UUID:
    if asked.model.object is None:
        raise RuntimeError("a candidate is a sealed adapter")
    return asked.model.object
