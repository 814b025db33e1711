"""Typed readers of the environment. A wrong value stops the start, with a sentence that names the variable."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_YES: Final = {"1", "true", "yes", "on"}
_NO: Final = {"", "0", "false", "no", "off"}


class WrongSetting(SystemExit):
    """A setting that cannot be used: printed, and the process does not start."""


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that `NAME_FILE` names, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return _from_file(name, Path(path))
    return os.environ.get(name, default)


def required(name: str) -> str:
    """Return the variable, which must be there."""
    value = text(name)
    if not value:
        raise WrongSetting(f"{name} is not set (or give {name}_FILE, the path of a file that holds it)")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return yes or no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise WrongSetting(f"{name} must be yes or no")


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise WrongSetting(f"{name} must be a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """Return a list that is written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


@dataclass(frozen=True)
class Mail:
    """Where mails go: a Django backend, and what it needs."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False
    folder: str | None = None


def mail(url: str) -> Mail:
    """Return where mails go: `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://` `user:password@host:port`, `file:///folder`.

    `console:` prints them; without a value none is sent.
    """
    parts = urlsplit(url)
    django = "django.core.mail.backends"
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme in ports and parts.hostname:
        return Mail(
            f"{django}.smtp.EmailBackend", parts.hostname, parts.port or ports[parts.scheme], unquote(parts.username or ""),
            unquote(parts.password or ""), starts_tls=parts.scheme == "smtp+tls", is_tls=parts.scheme == "smtps",
        )  # fmt: skip
    if url.startswith("file:///"):
        return Mail(f"{django}.filebased.EmailBackend", folder=parts.path)
    if parts.scheme == "console":
        return Mail(f"{django}.console.EmailBackend")
    if not parts.geturl():
        return Mail(f"{django}.dummy.EmailBackend")
    raise WrongSetting("GUILDHALL_MAIL_URL must be smtp://, smtp+tls:// or smtps:// and a host, file:/// and a folder, or console:")


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder path; nothing is made."""
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else default


def _from_file(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as broken:
        raise WrongSetting(f"{name}_FILE cannot be read ({broken.strerror})") from None
