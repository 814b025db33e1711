"""Workers are tested with an empty waiting room, as dispatch is."""

import importlib.util
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("waiting_room", Path(__file__).parents[1] / "dispatch" / "conftest.py")
_ROOM = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_ROOM)

owner, nothing_waits, put = _ROOM.owner, _ROOM.nothing_waits, _ROOM.put
