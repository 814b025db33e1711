"""What a base's own folder tells of it: the size of its pictures, and how it likes to be trained."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tenants.registry.rules import STARTER_HABITS, USUAL_HABITS, Habits, own_side


def side_of(folder: Path) -> int | None:
    """Return the pixels a side that a model in the diffusers layout was made for; None if its folder does not say."""
    try:
        return _side(folder)
    except (OSError, ValueError):
        return None


def habits_of(folder: Path) -> Habits:
    """Return how the base in this folder likes to be trained."""
    return STARTER_HABITS if folder.resolve() == settings.STARTER_MODEL.resolve() else USUAL_HABITS


@lru_cache(maxsize=256)  # a registered folder never changes, and a folder that could not be read is asked again
def _side(folder: Path) -> int | None:
    return own_side(_told(folder / "unet" / "config.json"), _told(folder / "vae" / "config.json"))


def _told(config: Path) -> dict[str, Any]:
    told = json.loads(config.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise ValueError(config.name)  # noqa: TRY004  # as JSON's own errors
    return told
