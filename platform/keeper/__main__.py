"""`python -m keeper`: holds the keys until it is ended. Says `keeper: ready` when it listens."""

import ctypes
import os
import resource
import signal
import sys
from typing import Final
from uuid import UUID

import django

PR_SET_DUMPABLE: Final = 4


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
    store = Store(settings.KEEPER_STORE, KeyringFile(settings.KEEPER_STORE / "keyring.json"), installation=settings.INSTALLATION_NAME)
    serve(
        settings.KEEPER_SOCKET, store=store, find=_find, tokens=settings.KEEPER_TOKENS_FILE,
        on_ready=lambda: print("keeper: ready", flush=True),  # noqa: T201  # the supervisor waits for this line
    )  # fmt: skip


def _find(entry: UUID) -> object:
    from django.db import close_old_connections, connection  # noqa: PLC0415

    from governance.audit import services as audit  # noqa: PLC0415

    # A connection whose server died never heals by itself.
    close_old_connections()
    try:
        return audit.find(entry)
    finally:
        connection.close_if_unusable_or_obsolete()


if __name__ == "__main__":
    main()
