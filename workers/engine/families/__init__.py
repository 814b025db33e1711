"""Families of base models: how each is loaded and what it can do. One module each, one registry line each."""

from collections.abc import Mapping
from typing import Final

from workers.engine.families import sd1, sd2, sdxl
from workers.engine.families.base import Family, Loaded, Said, embedded, load

FAMILIES: Final[Mapping[str, Family]] = {family.name: family for family in (sd1.FAMILY, sd2.FAMILY, sdxl.FAMILY)}

__all__ = ["FAMILIES", "Family", "Loaded", "Said", "embedded", "load"]
