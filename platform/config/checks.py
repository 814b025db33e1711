"""Refuses to start what would not be safe, and says why: every process of ours asks here before it works.

Always refused: the keeper's store inside the data folder, and a database login that can pass by the walls (superuser,
BYPASSRLS, owner of a table, member of another role). In production also debug, a drawn secret key, and no TLS.
"""

import ssl
import time
from pathlib import Path
from typing import Any, Final, Protocol

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from access.outward import trust
from access.outward.places import words
from config.env import WrongSetting

# Row-level security was mended in these minors, which came out on one day; later majors have it from the start.
LEAST_SERVERS: Final = {15: 20, 16: 16, 17: 12, 18: 6}
SHORTEST_SECRET: Final = 32
PATIENCE_SECONDS: Final = 10
LOGIN_FAULT: Final = "guildhall.E008"
# These end as they start. A person's command is checked before it runs, but `doctor`, which tells; the owner migrates.
WATCHED: Final = frozenset({"web", "worker", "device", "integrator", "keeper"})
_FAULTS: Final = (
    ("is a superuser", "rolsuper"),
    ("passes by row-level security", "rolbypassrls"),
    ("may make roles", "rolcreaterole"),
    ("may replicate, which shows every row", "rolreplication"),
    ("is a member of another role", "EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)"),
    ("owns tables", "EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace)"),
    ("owns the database", "EXISTS (SELECT FROM pg_database d WHERE d.datdba = r.oid AND d.datname = current_database())"),
)  # fmt: skip


class Cursor(Protocol):
    """What is needed of a cursor, Django's or psycopg's."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def fetchone(self) -> Any: ...


@register()
def keeper_store_lies_elsewhere(**_: Any) -> list[CheckMessage]:
    """The keys never lie beside what they open."""
    if settings.KEEPER_STORE.is_relative_to(settings.HERE.data):
        return [Error("The keeper's store lies in the data folder: set GUILDHALL_KEEPER_STORE to a folder outside it.",
                      id="guildhall.E001")]  # fmt: skip
    return []


@register()
def production_is_meant(**_: Any) -> list[CheckMessage]:
    """What is comfortable on a laptop stops the start in production."""
    if not settings.PRODUCTION:
        return []
    wrong: list[CheckMessage] = []
    if settings.DEBUG:
        wrong.append(Error("GUILDHALL_DEBUG is on in production: unset it.", id="guildhall.E002"))
    if not settings.PUBLIC_URL.startswith("https://"):
        wrong.append(Error("GUILDHALL_URL must begin with https:// in production.", id="guildhall.E003"))
    if settings.PROCESS != "beat" and not settings.DATABASE_URL:
        wrong.append(Error("DATABASE_URL must be given in production.", id="guildhall.E004"))
    if len(settings.SECRET_KEY_GIVEN) < SHORTEST_SECRET:
        wrong.append(Error(f"GUILDHALL_SECRET_KEY of at least {SHORTEST_SECRET} signs must be given in production.",
                           id="guildhall.E005"))  # fmt: skip
    return wrong


@register()
def allowed_addresses_are_understood(**_: Any) -> list[CheckMessage]:
    """A word that nobody understands would allow nothing, and a file that cannot be read would trust nobody."""
    wrong: list[CheckMessage] = []
    try:
        words(tuple(settings.OUTWARD_ALLOWED))
    except ValueError as broken:
        wrong.append(Error(f"GUILDHALL_ALLOWED_ADDRESSES: {broken}.", id="guildhall.E006"))
    try:
        trust(settings.OUTWARD_CA)
    except (OSError, ssl.SSLError):
        wrong.append(Error("GUILDHALL_OUTWARD_CA is no file of certificates in PEM.", id="guildhall.E007"))
    return wrong


@register()
def breached_passwords_can_be_read(**_: Any) -> list[CheckMessage]:
    """Without its list a password would be refused to nobody, or to everybody, when somebody chooses one."""
    if not settings.BREACHED_PASSWORDS or Path(settings.BREACHED_PASSWORDS).is_file():
        return []
    return [Error("GUILDHALL_BREACHED_PASSWORDS is no file.", id="guildhall.E009")]


@register()
def command_has_a_safe_login(**_: Any) -> list[CheckMessage]:
    """A person's command works in tenants' data too. Nothing is said of a database that there is not, or not yet."""
    if settings.PROCESS != "command" or not settings.DATABASE_URL:
        return []
    try:
        with (
            psycopg.connect(settings.DATABASE_URL, autocommit=True, connect_timeout=2) as connection,
            connection.cursor() as cursor,
        ):
            return [Error(fault, id=LOGIN_FAULT) for fault in login_faults(cursor)]
    except psycopg.OperationalError:
        return []


def refuse_unsafe() -> None:
    """End this process with a sentence when its settings, its login or its server are not safe to work with."""
    refuse_unsafe_settings()
    if settings.PROCESS in WATCHED:
        with _connected() as connection, connection.cursor() as cursor:
            _refuse(login_faults(cursor))


def refuse_unsafe_settings() -> None:
    """End this process with a sentence when its settings are not safe; asks no service."""
    asked = (keeper_store_lies_elsewhere, production_is_meant, allowed_addresses_are_understood, breached_passwords_can_be_read)
    _refuse([str(one.msg) for question in asked for one in question()])


def login_faults(cursor: Cursor) -> list[str]:
    """Return what makes this login, or its server, unsafe to serve tenants with."""
    cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
    number, said = cursor.fetchone()
    old = [f"PostgreSQL {said} is too old: take {newer_than(number)} or newer."] if is_too_old(number) else []
    cursor.execute(f"SELECT {', '.join(question for _, question in _FAULTS)} FROM pg_roles r WHERE rolname = current_user")  # noqa: S608  # our own questions
    answers = cursor.fetchone()
    found = [what for (what, _), answer in zip(_FAULTS, answers, strict=True) if answer]
    return old + [f"This process's database login {what}: use the one that `manage.py logins` made for it." for what in found]


def is_too_old(number: int) -> bool:
    """Return whether a server of this version number still has the holes."""
    major, minor = divmod(number, 10_000)
    return major < min(LEAST_SERVERS) or minor < LEAST_SERVERS.get(major, 0)


def newer_than(number: int) -> str:
    """Return the version to take instead."""
    major = max(number // 10_000, min(LEAST_SERVERS))
    return f"{major}.{LEAST_SERVERS[major]}"


def _connected() -> "psycopg.Connection[tuple[Any, ...]]":
    """Return a connection of this login; a server that starts is waited for, one that stays away ends the process."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return psycopg.connect(settings.DATABASE_URL, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as trouble:
            if time.monotonic() > until:
                raise WrongSetting(f"the database does not answer, so nobody sees its login ({type(trouble).__name__})") from None
            time.sleep(0.3)


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise WrongSetting("\n".join(["Guildhall does not start:", *reasons]))
