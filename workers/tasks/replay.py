"""A picture is made again from its record, and every channel of every pixel compared with the one that was published."""

from governance.provenance import services as provenance
from kernel import canonical
from kernel.errors import VerificationFailed
from tenants.generations import services as generations
from tenants.generations.services import BegunReplay
from tenants.vault import services as vault
from workers.device import Steps, Work
from workers.engine.wire import Message
from workers.tasks.pictures import largest_difference, raw_of
from workers.tasks.record import differing, record_of
from workers.tasks.requests import Teller, ask_for_picture


class Replay:
    """Replays, one picture each."""

    def perform(self, work: Work) -> Steps:
        """Make the picture again and record how it compares."""
        begun = generations.start_replay(work.actor, replay=work.ticket.row)
        work.use = generations.REPLAYING
        stretches = begun.record["shape_key"].get("stretches", [])  # one that was made before there were slots has none
        ask_for_picture(work, begun.request, under=begun.intent, of=begun.opens(), replays=stretches)
        teller = Teller(work)
        while (message := (yield)).kind != "picture":
            if message.kind == "progress":
                teller.progress(message, "step", "steps")
        _compare(work, begun, message)
        teller.state("finished")

    def record_failure(self, work: Work, *, code: str) -> None:
        """Record that the replay could not be made."""
        generations.fail_replay(work.actor, replay=work.ticket.row, code=code, lease=work.lease, ticket=work.ticket.id)
        Teller(work).state("failed")


def _check_recorded(begun: BegunReplay, *, png: bytes, pixels: bytes) -> None:
    """Raise VerificationFailed unless these pixels are the ones that the ledger commits to: the file holds their opening."""
    opening = bytes.fromhex(provenance.record_in(png)["pixels"]["opening"])
    value = canonical.sha256_hex(pixels).encode()
    shown = canonical.commitment("pixels", tenant=begun.outcome.tenant, value=value, opening=opening)
    if shown != begun.outcome.commits.get("pixels"):
        raise VerificationFailed("replay.other_picture")


def _compare(work: Work, begun: BegunReplay, message: Message) -> None:
    width, height = message.head["width"], message.head["height"]
    png = vault.open_one(work.actor, begun.picture, under=begun.intent, of=begun.opens())
    published, size = raw_of(png)
    _check_recorded(begun, png=png, pixels=published)
    difference = 255 if size != (width, height) else largest_difference(published, message.body, width=width, height=height)
    generations.finish_replay(
        work.actor, replay=work.ticket.row, largest_difference=difference,
        differing_facts=differing(begun.record, record_of(begun.request, message.head)), lease=work.lease, ticket=work.ticket.id,
    )  # fmt: skip
