"""Where a command gets a password from: never its command line, which others can see."""

import getpass
import sys
from pathlib import Path


def password_from(file: Path | None, *, asked_for: str) -> str:
    """Return the first line of a file or of standard input, or what is typed at the terminal."""
    if file is not None:
        return file.read_text().rstrip("\n")
    if sys.stdin.isatty():
        return getpass.getpass(f"Password of {asked_for}: ")
    return sys.stdin.readline().rstrip("\n")
