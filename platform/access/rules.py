"""What may be decided without asking anything: the form of a studio's address."""

import re
from typing import Final

_ADDRESS: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def is_address(slug: str) -> bool:
    """Return whether this can name a studio: a label as in a host name, since a studio may get a host of its own."""
    return _ADDRESS.fullmatch(slug) is not None
