"""A deed that is asked for with a key is done once; the same ask again is answered with what it made the first time.

Guarantees: of equal asks that come together one does the deed and the others wait for its end; a key that comes again with
another ask is refused. Of key and ask only digests under the project's index key are kept, so that nobody can guess a
prompt from a row, and they mean nothing once the project's keys are destroyed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from access.actor import Actor
from access.models import KeyedAsk
from kernel import canonical
from kernel.errors import Conflict, InvalidInput
from kernel.keys import keeper
from kernel.scope import joined

LONGEST_KEY: Final = 200
REMEMBERED: Final = timedelta(days=30)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Keyed:
    """The digests of a key and of what was asked with it."""

    key: str
    ask: str


def keyed(actor: Actor, *, key: str | None, deed: str, ask: Mapping[str, Any]) -> Keyed | None:
    """Return what tells this ask from another, or None when it came without a key. Raises InvalidInput."""
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise InvalidInput("idempotency.key_length", least=1, most=LONGEST_KEY)
    plain = canonical.encode({"deed": deed, "ask": json.loads(json.dumps(ask, default=str))})
    values = [b"idempotency/key\x00" + key.encode(), b"idempotency/ask\x00" + plain]
    digests = keeper().index(tenant=actor.tenant, project=actor.require_project(), values=values)
    return Keyed(*(one.hex() for one in digests))


def once(actor: Actor, asked: Keyed | None, *, do: Callable[[], Answer], again: Callable[[Sequence[UUID]], Answer]) -> Answer:
    """Do the deed, or answer `again` (in a reading scope) with the rows of the first time. Raises Conflict for another ask.

    The deed calls `take_key` first in its transaction.
    """
    if asked is None:
        return do()
    found = _answered(actor, asked, again)
    if found is not None:
        return found
    try:
        return do()
    except IntegrityError:
        # An equal ask was first, and has ended by now; or the trouble was another.
        found = _answered(actor, asked, again)
        if found is None:
            raise
        return found


def take_key(actor: Actor, asked: Keyed | None, *, rows: Sequence[UUID]) -> None:
    """Remember what the deed makes, first in its transaction: an equal ask waits here until that has ended."""
    joined()
    if asked is not None:
        KeyedAsk.objects.create(person_id=actor.person, key=asked.key, ask=asked.ask, rows=[str(one) for one in rows])


def forget_keys(actor: Actor, *, age: timedelta = REMEMBERED) -> int:
    """Remove the tenant's keys that were used so long ago; the standing ticket's work, which needs no entry."""
    with actor.writing():
        removed, _ = KeyedAsk.objects.filter(created__lte=timezone.now() - age).delete()
    return int(removed)


def _answered(actor: Actor, asked: Keyed, again: Callable[[Sequence[UUID]], Answer]) -> Answer | None:
    with actor.reading():
        known = KeyedAsk.objects.filter(person_id=actor.person, key=asked.key).first()
        if known is None:
            return None
        if known.ask != asked.ask:
            raise Conflict("idempotency.key_reused")
        return again([UUID(one) for one in known.rows])
