"""Telling: progress as ids and numbers, and the newest sealed preview, to whoever listens; gone after a minute.

Each listener has a connection of its own and closes it: a pooled one that was left in the middle of an answer would
give the next borrower another's.
"""

import contextlib
import functools
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import redis
import redis.asyncio
from django.conf import settings

Telling = Mapping[str, int | float | str | None]

_KEPT_SECONDS: Final = 60
_QUIET_SECONDS: Final = 15.0
_ALIVE_SECONDS: Final = 10
logger = logging.getLogger(__name__)


def broker_url() -> str:
    """Return the broker's address as redis-py writes it."""
    parts = urlsplit(str(settings.BROKER_URL))
    if parts.scheme not in {"redis+socket", "unix"}:
        return str(settings.BROKER_URL)
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.netloc}{parts.path}?db={number}"


def tell(*, tenant: UUID, project: UUID | None, row: UUID, event: Telling) -> None:
    """Tell listeners of this row, and keep the newest word for those who come within a minute."""
    name, words = _name("tell", tenant, project, row), json.dumps(dict(event))
    with _lost_softly():
        pipe = _broker().pipeline(transaction=False)
        pipe.set(name, words, ex=_KEPT_SECONDS)
        pipe.publish(name, words)
        pipe.execute()


def listen(*, tenant: UUID, project: UUID | None, row: UUID) -> Iterator[dict[str, Any]]:
    """Yield the newest word and all that follow; an empty one after each quiet spell. Ends when it is closed."""
    name = _name("tell", tenant, project, row)
    with redis.Redis.from_url(broker_url()) as own, own.pubsub(ignore_subscribe_messages=True) as ear:
        ear.subscribe(name)
        newest = own.get(name)
        if newest:
            yield json.loads(newest)
        while True:
            yield _word(_heard(ear))


def _heard(ear: Any) -> Any:
    until = time.monotonic() + _QUIET_SECONDS
    while (left := until - time.monotonic()) > 0:
        message = ear.get_message(timeout=left)
        if message is not None:
            return message
    return None


async def alisten(*, tenant: UUID, project: UUID | None, row: UUID) -> AsyncIterator[dict[str, Any]]:
    """Do as `listen` does, without holding a thread; the first word, be it an empty one, comes once the ear is open."""
    name = _name("tell", tenant, project, row)
    async with redis.asyncio.Redis.from_url(broker_url()) as own, own.pubsub(ignore_subscribe_messages=True) as ear:
        await ear.subscribe(name)
        newest = await own.get(name)
        yield json.loads(newest) if newest else {}
        while True:
            yield _word(await _aheard(ear))


async def _aheard(ear: Any) -> Any:
    until = time.monotonic() + _QUIET_SECONDS
    while (left := until - time.monotonic()) > 0:
        message = await ear.get_message(timeout=left)
        if message is not None:
            return message
    return None


def show(*, tenant: UUID, project: UUID | None, row: UUID, blob: bytes) -> None:
    """Keep a sealed preview for a minute, in place of the one before."""
    with _lost_softly():
        _broker().set(_name("show", tenant, project, row), blob, ex=_KEPT_SECONDS)


def shown(*, tenant: UUID, project: UUID | None, row: UUID) -> bytes | None:
    """Return the newest sealed preview, while it is kept."""
    kept: list[bytes] = []
    with _lost_softly():
        kept = [blob for blob in _broker().mget([_name("show", tenant, project, row)]) if isinstance(blob, bytes)]
    return kept[0] if kept else None


def breathe(*, worker: str) -> None:
    """Write a worker's sign of life, worth a few seconds."""
    with _lost_softly():
        _broker().set(f"guildhall:alive:{worker}", b"1", ex=_ALIVE_SECONDS)


def living() -> list[str]:
    """Return the workers that gave a sign of life in the last seconds."""
    names: list[bytes] = []
    with _lost_softly():
        names = list(_broker().scan_iter("guildhall:alive:*"))
    return sorted(name.decode().removeprefix("guildhall:alive:") for name in names)


def ping() -> None:
    """Ask whether the broker answers. Raises RedisError."""
    _broker().ping()


def _name(what: str, tenant: UUID, project: UUID | None, row: UUID) -> str:
    return f"guildhall:{what}:{tenant}:{project or ''}:{row}"


def _word(message: Any) -> dict[str, Any]:
    return {} if message is None else dict(json.loads(message["data"]))


@functools.cache
def _broker() -> "redis.Redis":
    return redis.Redis.from_url(broker_url(), socket_timeout=5)


@contextlib.contextmanager
def _lost_softly() -> Iterator[None]:
    """Progress is a courtesy: a broker that does not answer never ends the work."""
    try:
        yield
    except redis.RedisError as trouble:
        logger.warning("dispatch: a word was lost (%s)", type(trouble).__name__)
