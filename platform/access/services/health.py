"""How the platform is: what answers, what waits and how much of it; nothing of anybody."""

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from uuid import uuid4

import django
import redis
from django.conf import settings
from django.db import connection

from access.actor import Actor
from access.roles import Permission
from access.services.platform import require_platform
from dispatch import services as dispatch
from kernel.errors import GuildhallError
from kernel.keys import keeper


@dataclass(frozen=True)
class Health:
    """What doctor sees that names nobody; workers by the name of their device, as often as there are processes."""

    versions: dict[str, str]
    queues: list[dispatch.Queue]
    workers: list[str]
    disk_free_bytes: int
    database: bool
    broker: bool
    keeper: bool


def health(actor: Actor) -> Health:
    """Return how the platform is. Where the database does not answer, nobody can be told so here."""
    require_platform(actor, Permission.HEALTH_READ)
    with actor.reading():
        queues, server = dispatch.queues(), _server()
    folder = settings.HERE.data
    return Health(
        versions={
            "guildhall": metadata.version("guildhall"), "python": platform.python_version(), "django": django.get_version(),
            "postgresql": server,
        },
        queues=queues,
        workers=[name.partition(":")[0] for name in dispatch.living()],
        disk_free_bytes=shutil.disk_usage(folder if folder.exists() else settings.ROOT).free,
        database=True,
        broker=_answers(dispatch.ping),
        keeper=_answers(_ask_keeper),
    )  # fmt: skip


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return str(cursor.fetchone()[0])


def _ask_keeper() -> None:
    """Ask for the keys of nobody: an answer is one, whatever it says."""
    try:
        keeper().public(tenant=uuid4())
    except GuildhallError as refused:
        if refused.code != "tenant.unknown":
            raise


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (redis.RedisError, GuildhallError, OSError):
        return False
    return True
