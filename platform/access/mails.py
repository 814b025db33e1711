"""Mails to people: short, in plain text, sent aside, so that no answer takes longer because somebody is known.

Nothing confidential stands in one but the link that its reader asked for, or was meant to get.
"""

import logging
import queue
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.core.mail import EmailMessage, get_connection

log: Final = logging.getLogger(__name__)
TRIES: Final = 3
PATIENCE_SECONDS: Final = 2
MOST_WAITING: Final = 1000


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    body: str


def invitation(*, studio: str, link: str) -> Words:
    """The first mail to somebody who was added."""
    return Words(
        f"Your account at {studio}",
        f"You were added to {studio} on Guildhall.\n\nSet your password here; the link works once, for three days:\n\n{link}\n",
    )


def welcome(*, studio: str, place: str) -> Words:
    """The first mail where people sign in by the studio's provider."""
    return Words(
        f"Your account at {studio}",
        f"You were added to {studio} on Guildhall.\n\nSign in with your studio's account:\n\n{place}\n",
    )


def new_password(*, studio: str, link: str) -> Words:
    """What somebody gets who forgot her password."""
    return Words(
        f"A new password for {studio}",
        f"Somebody asked for a new password for your account at {studio} on Guildhall.\n\nSet it here; the link works once, for "
        f"three days:\n\n{link}\n\nIf it was not you, there is nothing to do: your password is unchanged.\n",
    )


def verification(*, studio: str, link: str) -> Words:
    """What somebody gets whose address has to be proved."""
    return Words(
        f"Confirm your address for {studio}",
        f"Confirm that this is your address at {studio} on Guildhall:\n\n{link}\n\nIf you have no account there, ignore this.\n",
    )


def glass_broken(*, studio: str, name: str, when: str, address: str) -> Words:
    """The alarm to the owners."""
    return Words(
        f"Break-glass account used at {studio}",
        f"{name} signed in to {studio} on Guildhall by a break-glass account, without your identity provider.\n\n"
        f"When: {when}\nFrom: {address}\n\nIf nobody of you knows why, suspend the account, and look into the ledger.\n",
    )


def certificate_ending(*, studio: str, provider: str, when: str, is_past: bool) -> Words:
    """The alarm to the owners that people will soon sign in no more, or do so already."""
    done = "has ended" if is_past else "ends soon"
    return Words(
        f"A certificate of {provider} {done} at {studio}",
        f"The certificate by which {provider} signs people in to {studio} on Guildhall {done}.\n\nEnds: {when}\n\nRenew it at the "
        f"provider, then read its metadata anew under Settings, Single sign-on.\n",
    )


class Proof(StrEnum):
    """What a person signs in by, as a mail calls it."""

    PASSWORD = "Your password was changed"  # noqa: S105  # words of a mail
    FACTOR_ADDED = "A second factor was added"
    FACTOR_REMOVED = "A second factor was removed"
    CODES = "Your recovery codes were made anew"


def proof_changed(what: Proof, *, studio: str, when: str) -> Words:
    """What somebody gets whose way to sign in has changed, so that she hears of it when it was not she."""
    return Words(
        f"{what} at {studio}",
        f"{what} for your account at {studio} on Guildhall.\n\nWhen: {when}\n\nIf it was not you, ask those who manage people "
        f"at {studio} to suspend the account at once.\n",
    )


def send(words: Words, *, to: Collection[str]) -> None:
    """Send a mail to each of these, aside; what cannot be sent after three tries is logged, without a word of it."""
    for address in to:
        post(EmailMessage(words.subject, words.body, to=[address]))


def post(message: EmailMessage) -> None:
    """Send a mail aside."""
    _start()
    try:
        _waiting.put_nowait(message)
    except queue.Full:
        log.warning("a mail was not sent: %s are waiting", MOST_WAITING)


def settled(seconds: float) -> bool:
    """Wait until every mail has been sent or given up; return whether that is so."""
    until = time.monotonic() + seconds
    while _waiting.unfinished_tasks and time.monotonic() < until:
        time.sleep(0.01)
    return not _waiting.unfinished_tasks


_waiting: queue.Queue[EmailMessage] = queue.Queue(maxsize=MOST_WAITING)
_started = threading.Lock()
_postman: list[threading.Thread] = []


def _start() -> None:
    with _started:
        if not any(one.is_alive() for one in _postman):
            _postman[:] = [threading.Thread(target=_deliver, name="postman", daemon=True)]
            _postman[0].start()


def _deliver() -> None:
    while True:
        message = _waiting.get()
        try:
            _try(message)
        finally:
            _waiting.task_done()


def _try(message: EmailMessage) -> None:
    for tried in range(TRIES):
        try:
            message.connection = get_connection()
            message.send()
        except Exception as failed:  # noqa: BLE001  # whatever a mail server does, the next mail is tried too
            log.warning("a mail was not sent at try %s (%s)", tried + 1, type(failed).__name__)
            time.sleep(PATIENCE_SECONDS * tried)
        else:
            return
