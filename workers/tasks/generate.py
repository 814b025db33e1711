"""A prompt becomes a picture: claim → engine → judged, signed, sealed and recorded."""

from tenants.gallery import services as gallery
from tenants.generations import services as generations
from tenants.generations.services import Begun
from workers.device import Steps, Work
from workers.engine.wire import Message
from workers.tasks.judging import judged
from workers.tasks.pictures import picture_of, png_of, thumbnail_of
from workers.tasks.record import record_of
from workers.tasks.requests import Teller, ask_for_picture


class Generate:
    """Generations, one picture each."""

    def perform(self, work: Work) -> Steps:
        """Make the picture; publish it, or withhold it for the reviewer."""
        begun = generations.start(work.actor, generation=work.ticket.row)
        work.use = begun.use()
        ask_for_picture(work, begun, under=begun.intent, of=begun.opens())
        teller = Teller(work)
        teller.state("running")
        while (message := (yield)).kind != "picture":
            if message.kind == "preview":
                _show(work, teller, message)
            else:
                teller.progress(message, "step", "steps")
        _record(work, begun, message)

    def record_failure(self, work: Work, *, code: str) -> None:
        """Record that the request failed for good."""
        generations.fail(work.actor, generation=work.ticket.row, code=code, lease=work.lease, ticket=work.ticket.id)
        Teller(work).state("failed")


def _show(work: Work, teller: Teller, message: Message) -> None:
    if judged(work.actor, message.head["scores"]).allowed:
        teller.preview(message)


def _record(work: Work, begun: Begun, message: Message) -> None:
    head, actor = message.head, work.actor
    picture = picture_of(message.body, width=head["width"], height=head["height"])
    verdict, record = judged(actor, head["scores"]), record_of(begun, head)
    if not verdict.allowed:
        generations.withhold(
            actor, generation=begun.generation, png=png_of(picture), record=record, verdict=verdict, lease=work.lease,
            ticket=work.ticket.id,
        )  # fmt: skip
        Teller(work).state("withheld")
        return
    made = gallery.PublishedPicture(png_of(picture), thumbnail_of(picture), message.body, head["token_ids"], record, verdict)
    asset = gallery.publish(actor, begun=begun, picture=made, lease=work.lease, ticket=work.ticket.id)
    Teller(work).state("completed", asset=str(asset.pk))
