"""The portal knows every word that the service says: kinds of entries, and codes that reach people."""

import re
from pathlib import Path
from typing import Final

from governance.audit.events import Event

PORTAL: Final = Path(__file__).parents[2] / "frontend" / "src"


def test_the_ledger_can_be_narrowed_to_every_kind_of_entry() -> None:
    listed = re.findall(r'"([a-z_]+\.[a-z_]+)"', (PORTAL / "features" / "oversight" / "kinds.ts").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(kind.value for kind in Event)
