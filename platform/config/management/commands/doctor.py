"""Says what is configured, reachable, insecure, and what to do."""

import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import redis
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand
from django.db import Error, connection

from config import env
from config.checks import LOGIN_FAULT, login_faults
from config.embedded.supervisor import holder, status
from kernel.errors import GuildhallError
from kernel.keys import keeper
from kernel.walls import GroundTable, declared
from tenants.vault.storage import store

# Tickets and leases are walled without force: the functions that hand them out belong to their owner.
_UNFORCED: Final = ("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
                    "AND relrowsecurity AND NOT relforcerowsecurity AND relname NOT LIKE 'dispatch\\_%%' ORDER BY 1")  # fmt: skip
_UNWALLED: Final = ("SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
                    "AND NOT relrowsecurity AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid "
                    "AND a.attname = 'tenant_id' AND NOT a.attisdropped) ORDER BY 1")  # fmt: skip


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
    source = "given by DATABASE_URL" if env.text("DATABASE_URL") else "embedded"
    yield Finding(Light.GREEN, f"installation {settings.HERE.name}, data in {settings.HERE.data}, PostgreSQL {source}")
    for message in run_checks():
        if message.id == LOGIN_FAULT:
            continue  # told below, with the database
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
            cursor.execute("SELECT version()")
            version = cursor.fetchone()[0]
            faults, unforced, unwalled = login_faults(cursor), _tables(cursor, _UNFORCED), _tables(cursor, _UNWALLED)
    except Error as trouble:
        yield Finding(
            Light.RED, f"PostgreSQL does not answer ({type(trouble).__name__})", "is it running? `make up`, or look at DATABASE_URL"
        )
        return
    yield Finding(Light.GREEN, version.split(" on ")[0])
    for fault in faults:
        yield Finding(Light.RED, fault)
    if unforced:
        yield Finding(Light.RED, f"walled, but not against their owner: {', '.join(unforced)}", "run `manage.py migrate`")
    if unwalled:
        yield Finding(Light.RED, f"tables of tenants without a wall: {', '.join(unwalled)}", "run `manage.py migrate`")


def _tables(cursor: Any, question: str) -> list[str]:
    cursor.execute(question)
    of_nobody = {model._meta.db_table for model in apps.get_models() if isinstance(declared(model), GroundTable)}
    return [row[0] for row in cursor.fetchall() if row[0] not in of_nobody]


def _services() -> Iterator[Finding]:
    if not settings.BROKER_URL:
        yield Finding(Light.YELLOW, "no broker yet", "`make up` starts the embedded one")
    else:
        yield _answers("the broker", lambda: redis.Redis.from_url(settings.CACHE_URL).ping())
    if settings.KEEPER_SOCKET.exists():
        yield _answers("the keeper", _ask_keeper)
    else:
        yield Finding(Light.YELLOW, "the keeper does not run", "`make up` starts it")
    if settings.OBJECT_STORE_URL:
        yield _bucket()


def _ask_keeper() -> None:
    import uuid  # noqa: PLC0415  # only here

    try:
        keeper().public(tenant=uuid.uuid4())
    except GuildhallError as refused:
        if refused.code != "tenant.unknown":
            raise


def _bucket() -> Finding:
    """Return whether the bucket can be listed, without naming what lies in it."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # only an installation with a bucket needs it

    where = settings.OBJECT_STORE_URL.partition("?")[0]
    try:
        next(iter(store().paths("")), None)
    except (BotoCoreError, ClientError, ValueError) as trouble:
        return Finding(Light.RED, f"the object store {where} does not answer ({type(trouble).__name__})",
                       "look at OBJECT_STORE_URL and the AWS_… variables; the bucket must be there")  # fmt: skip
    return Finding(Light.GREEN, f"the object store {where} answers")


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
        "give them a user of their own on a machine of their own, as whom nothing else runs and nobody logs in; the keeper "
        "answers its own user alone, so they cannot run as several",
    )  # fmt: skip
    yield _confinement()
    for folder in (settings.HERE.data, settings.HERE.keeper_store):
        if folder.exists() and folder.stat().st_mode & stat.S_IRWXO and folder == settings.HERE.keeper_store:
            yield Finding(Light.RED, f"{folder} is open to others", f"chmod 700 {folder}")
    free = shutil.disk_usage(settings.HERE.data if settings.HERE.data.exists() else settings.ROOT).free >> 30
    yield Finding(Light.GREEN if free > 2 else Light.RED, f"{free} GB free on the data folder's disk")


def _confinement() -> Finding:
    """Return whether an engine can be shut in here: tried in a process of its own, as the filter never comes off again."""
    tried = subprocess.run([sys.executable, "-m", "workers.engine.confine"], cwd=settings.ROOT, check=False, capture_output=True)
    if tried.returncode:
        return Finding(Light.RED, f"engines are not confined on this machine ({platform.machine()})",
                       "run device workers on x86-64 with a kernel that takes seccomp filters")  # fmt: skip
    return Finding(Light.GREEN, "engines are confined: no sockets, programs or tracing (seccomp)")


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_configuration, _processes, _database, _services, _machine)
