"""`python -m keeper`: holds the keys until it is ended. Says `keeper: ready` when it listens."""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar
from uuid import UUID

import django

from keeper.rules import Held, Recorded
from kernel.errors import KeeperUnavailable

PR_SET_DUMPABLE: Final = 4
Found = TypeVar("Found")


def main() -> None:
    """Start the keeper of this installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Neither a core file nor another process of this user may show what lies in this memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    django.setup()
    from django.conf import settings  # noqa: PLC0415  # after django.setup()

    from keeper.roots import KeyringFile  # noqa: PLC0415
    from keeper.server import serve  # noqa: PLC0415
    from keeper.store import Store  # noqa: PLC0415

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    store = Store(
        settings.KEEPER_STORE,
        KeyringFile(settings.KEEPER_STORE / "keyring.json"),
        installation=settings.INSTALLATION_NAME,
    )
    serve(
        settings.KEEPER_SOCKET, store=store, ledger=Ledger(), tokens=settings.KEEPER_TOKENS_FILE,
        on_ready=lambda: print("keeper: ready", flush=True),  # noqa: T201  # the supervisor waits for this line
    )  # fmt: skip


class Ledger:
    """Reads entries and tickets over one connection that stays, in a thread of its own, as each belongs to a thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    def find(self, entry: UUID) -> Recorded | None:
        """Return a committed entry, or None. Raises KeeperUnavailable while the database is away."""
        from governance.audit import services as audit  # noqa: PLC0415  # after django.setup()

        return self._thread.submit(_read, audit.find, entry).result()

    def held_for(self, entry: UUID) -> Sequence[Held]:
        """Return the tickets of this intent that are held under a live lease. Raises KeeperUnavailable."""
        from dispatch import services as dispatch  # noqa: PLC0415  # after django.setup()

        return self._thread.submit(_read, dispatch.held_for, entry).result()


def _read(question: Callable[[UUID], Found], entry: UUID) -> Found:
    from django.db import Error, connection  # noqa: PLC0415  # after django.setup()

    connection.settings_dict["CONN_MAX_AGE"] = None
    try:
        # A connection whose server died never heals by itself: the first failure may be that, the second is not.
        try:
            return question(entry)
        except Error:
            connection.close()
            return question(entry)
    except Error:
        connection.close()
        raise KeeperUnavailable from None


if __name__ == "__main__":
    main()
