#!/usr/bin/env python
"""Runs one management command of the platform, under the virtual environment that `make setup` made."""

import os
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"


def change_over() -> None:
    """Start this command again under the virtual environment's Python, or say how to make one."""
    python = VENV / "bin" / "python"
    if Path(sys.prefix) == VENV or not python.exists():
        sys.exit("manage.py: Django is not installed here. Run `make setup` first.")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606  # the arguments are the caller's own, and no shell reads them


if __name__ == "__main__":
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as missing:
        if missing.name != "django":
            raise
        change_over()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
