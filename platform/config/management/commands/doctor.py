"""Says what is configured, reachable, insecure, and what to do."""

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import redis
from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand
from django.db import Error, connection

from config.embedded.supervisor import holder, status
from kernel.errors import GuildhallError
from kernel.keys import keeper


class Light(StrEnum):
    """How a finding stands."""

    GREEN = "ok"
    YELLOW = "note"
    RED = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    light: Light
    what: str
    todo: str = ""


class Command(BaseCommand):
    help = "Looks at configuration, services and walls; exits with 1 when something is wrong."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        findings = [finding for look in LOOKS for finding in look()]
        for one in findings:
            self.stdout.write(f"{one.light.value:>6}  {one.what}" + (f"\n        → {one.todo}" if one.todo else ""))
        if any(one.light is Light.RED for one in findings):
            raise SystemExit(1)


def _configuration() -> Iterator[Finding]:
    source = "given by DATABASE_URL" if os.environ.get("DATABASE_URL") else "embedded"
    yield Finding(Light.GREEN, f"installation {settings.HERE.name}, data in {settings.HERE.data}, PostgreSQL {source}")
    for message in run_checks():
        yield Finding(Light.RED, message.msg)
    if settings.HERE.keeper_store.is_relative_to(settings.HERE.data):
        yield Finding(Light.RED, "the keeper's store lies in the data folder", "set GUILDHALL_KEEPER_STORE to a folder outside it")
    else:
        yield Finding(Light.GREEN, f"the keeper's store lies apart, in {settings.HERE.keeper_store}")
    if not settings.PUBLIC_URL.startswith("https://"):
        yield Finding(Light.YELLOW, "the portal is served without TLS", "put a TLS proxy before it and set GUILDHALL_URL=https://…")


def _processes() -> Iterator[Finding]:
    if holder(settings.HERE) is None:
        yield Finding(Light.YELLOW, "nothing runs on this data folder", "`make up` starts it")
        return
    for name, pid in sorted(status(settings.HERE).items()):
        is_alive = os.path.exists(f"/proc/{pid}")  # noqa: PTH110  # a process, not a file
        yield Finding(Light.GREEN if is_alive else Light.RED, f"{name} {'runs' if is_alive else 'has died'} (process {pid})")


def _database() -> Iterator[Finding]:
    if not settings.DATABASE_URL:
        yield Finding(Light.YELLOW, "no database yet", "`make up` makes the embedded one")
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version(), rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
            version, is_super, bypasses = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND NOT relforcerowsecurity "
                           "AND relname NOT LIKE 'dispatch_%%'")  # fmt: skip
            unforced = cursor.fetchone()[0]
    except Error as trouble:
        yield Finding(
            Light.RED, f"PostgreSQL does not answer ({type(trouble).__name__})", "is it running? `make up`, or look at DATABASE_URL"
        )
        return
    yield Finding(Light.GREEN, version.split(" on ")[0])
    if is_super or bypasses:
        yield Finding(
            Light.RED, "this login is superuser or passes by row-level security", "use the login that `manage.py logins` made"
        )
    if unforced:
        yield Finding(Light.RED, f"{unforced} walled tables are not forced", "run `manage.py migrate`")


def _services() -> Iterator[Finding]:
    if not settings.BROKER_URL:
        yield Finding(Light.YELLOW, "no broker yet", "`make up` starts the embedded one")
    else:
        yield _answers("the broker", lambda: redis.Redis.from_url(settings.CACHE_URL).ping())
    if settings.KEEPER_SOCKET.exists():
        yield _answers("the keeper", _ask_keeper)
    else:
        yield Finding(Light.YELLOW, "the keeper does not run", "`make up` starts it")


def _ask_keeper() -> None:
    import uuid  # noqa: PLC0415  # only here

    try:
        keeper().public(tenant=uuid.uuid4())
    except GuildhallError as refused:
        if refused.code != "tenant.unknown":
            raise


def _answers(what: str, ask: Callable[[], object]) -> Finding:
    try:
        ask()
    except (redis.RedisError, GuildhallError, OSError) as trouble:
        return Finding(
            Light.RED, f"{what} does not answer ({type(trouble).__name__})", "look into the logs folder, then `make down; make up`"
        )
    return Finding(Light.GREEN, f"{what} answers")


def _machine() -> Iterator[Finding]:
    yield Finding(
        Light.YELLOW, "all processes run as one operating-system user: that user, or root, can read their memory and secrets",
        "for production run web, workers, keeper and integrator as users of their own",
    )  # fmt: skip
    if platform.machine() != "x86_64":
        yield Finding(Light.RED, f"engines are not confined on {platform.machine()}", "run device workers on x86-64")
    for folder in (settings.HERE.data, settings.HERE.keeper_store):
        if folder.exists() and folder.stat().st_mode & stat.S_IRWXO and folder == settings.HERE.keeper_store:
            yield Finding(Light.RED, f"{folder} is open to others", f"chmod 700 {folder}")
    free = shutil.disk_usage(settings.HERE.data if settings.HERE.data.exists() else settings.ROOT).free >> 30
    yield Finding(Light.GREEN if free > 2 else Light.RED, f"{free} GB free on the data folder's disk")


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_configuration, _processes, _database, _services, _machine)
