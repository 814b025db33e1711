"""Typed readers of the environment. A wrong value stops the start, with a sentence that names the variable."""

import os
from pathlib import Path
from typing import Final

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


def folder(name: str, default: Path) -> Path:
    """Return an absolute folder path; nothing is made."""
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else default


def _from_file(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as broken:
        raise WrongSetting(f"{name}_FILE cannot be read ({broken.strerror})") from None
