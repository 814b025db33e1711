"""Pictures become an adapter; the run hands over its state between two steps when others go first."""

import json
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

from django.conf import settings

from tenants.training import services as training
from tenants.training.services import Begun, Finished, Step
from tenants.vault import services as vault
from workers.device import Steps, Work
from workers.engine.specs import TrainConfig, TrainPicture, TrainSpec
from workers.engine.wire import Message
from workers.tasks.judging import judged
from workers.tasks.requests import Files, Teller, seat_of

_REPORTED_EVERY: Final = 2.0
_WORDS: Final = frozenset({"trigger", "sample_prompts"})


class Train:
    """Training runs."""

    def perform(self, work: Work) -> Steps:
        """Train to the end, or until the run gives way."""
        begun = training.begin(work.actor, run=work.ticket.row)
        work.use = begun.use()
        _ask(work, begun)
        under_way = _UnderWay(work, begun)
        under_way.teller.state("running")
        while (message := (yield)).kind not in {"trained", "state"}:
            under_way.hear(message)
        if message.kind == "state":
            _give_way(under_way, message)
            under_way.teller.state("paused")
            return
        curve = [[step, loss] for step, loss in enumerate(message.head["losses"], start=1)]
        plain = {name: value for name, value in message.head["config"].items() if name not in _WORDS}
        made = Finished(message.body, plain, message.head["machine"], message.head["held_out"], curve)
        model = training.finish(work.actor, begun=begun, made=made, lease=work.lease, ticket=work.ticket.id)
        under_way.teller.state("finished", model=str(model.pk))

    def record_failure(self, work: Work, *, code: str) -> None:
        """Record that the run failed for good."""
        training.fail(work.actor, run=work.ticket.row, code=code, lease=work.lease, ticket=work.ticket.id)
        Teller(work).state("failed")


class _UnderWay:
    """What a run has said so far."""

    def __init__(self, work: Work, begun: Begun) -> None:
        self.work, self.begun, self.teller = work, begun, Teller(work)
        self.curve = [list(point) for point in begun.curve]
        self._reported = monotonic()

    def hear(self, message: Message) -> None:
        """Keep and pass on a report or a sample."""
        if message.kind == "report":
            self._report(message)
        elif message.kind == "sample":
            self._sample(message)
        elif message.kind == "checkpoint":
            training.keep_checkpoint(self.work.actor, begun=self.begun, reached=self.reached(message))

    def reached(self, message: Message) -> training.Reached:
        """Return the state that a message brings, with the losses so far."""
        return training.Reached(int(message.head["step"]), message.body, self.curve)

    def _sample(self, message: Message) -> None:
        at, actor = (int(message.head["step"]), int(message.head["index"])), self.work.actor
        verdict = judged(actor, message.head["scores"])
        if training.keep_sample(actor, begun=self.begun, at=at, png=message.body, verdict=verdict):
            self.teller.tell({"event": "sample", "step": at[0], "index": at[1]})

    def _report(self, message: Message) -> None:
        head: Mapping[str, Any] = message.head
        self.curve.append([head["step"], head["loss"]])
        self.teller.progress(message, "step", "steps", "loss", "lr", "seconds_left")
        if monotonic() - self._reported >= _REPORTED_EVERY:
            self._reported = monotonic()
            step = Step(int(head["step"]), float(head["loss"]), float(head["seconds_left"]), self.curve)
            training.report(self.work.actor, run=self.begun.run, step=step)


def _ask(work: Work, begun: Begun) -> None:
    work.sit_down(seat_of(begun.base, is_training=True))
    under, of = begun.intent, begun.opens()
    captions = [caption for _, caption in begun.pictures]
    opened = vault.open_bytes(work.actor, [begun.words, *captions], under=under, of=of)
    config = training.words_of(opened[begun.words], begun.config)
    files = Files(work, under=under, of=of)
    sealed = files.take([picture for picture, _ in begun.pictures])
    state = files.take([begun.state]) if begun.state is not None else [None]
    pictures = tuple(
        TrainPicture(one, str(json.loads(opened[caption])["caption"])) for one, caption in zip(sealed, captions, strict=True)
    )
    given = TrainConfig.from_head(begun.config | _words(config))
    spec = TrainSpec(work.request, given, pictures, state[0], float(settings.TRAINING_CHECKPOINT_SECONDS))
    files.send("train", spec.head())


def _words(config: training.TrainConfig) -> dict[str, Any]:
    return {"trigger": config.trigger, "sample_prompts": config.sample_prompts}


def _give_way(under_way: _UnderWay, message: Message) -> None:
    """Seal the state first: the ticket goes back only when it can be taken up where it stopped."""
    work, begun = under_way.work, under_way.begun
    code = "" if work.within is None or work.within.code is None else work.within.code.value
    training.store_state(work.actor, begun=begun, reached=under_way.reached(message), code=code)
    work.hand_back()
