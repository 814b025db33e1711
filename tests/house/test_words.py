"""The portal knows every word that the service says: kinds of entries, and codes that reach people."""

import ast
import re
from pathlib import Path
from typing import Final

from access.allowances import Reason
from governance.audit.events import Event
from governance.moderation.default_policy import DEFAULT
from kernel.errors import KeeperRefused, KeeperUnavailable
from tenants.generations.rules import Misuse
from tenants.registry.rules import Purpose, State, refusal
from workers.device.engines import NoRoom
from workers.device.work import GivesWay

ROOT: Final = Path(__file__).parents[2]
PORTAL: Final = ROOT / "frontend" / "src"


def test_the_ledger_can_be_narrowed_to_every_kind_of_entry() -> None:
    listed = re.findall(r'"([a-z_]+\.[a-z_]+)"', (PORTAL / "features" / "oversight" / "kinds.ts").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(kind.value for kind in Event)


def test_the_portal_has_words_for_every_reason_that_reaches_people() -> None:
    known = _catalogue()
    missing = {code for code in _refusals() | _failures() if f"reason.{code}" not in known and f"problem.{code}" not in known}
    assert not missing


def test_the_portal_has_no_words_for_reasons_that_nobody_gives() -> None:
    written = {key.removeprefix("reason.") for key in _catalogue() if key.startswith("reason.")}
    assert written - _refusals() - _failures() <= GENERAL


# For a studio's own rule, for what no code of ours names, and for what is no error but an end (`dispatch.rules.STOPPED`).
GENERAL: Final = {"policy", "unforeseen", "stopped"}

ANSWERED: Final = {"replay.unknown", "replay.ended"}  # told at once to who asks, or to nobody


def _refusals() -> set[str]:
    """Return why a request is refused, or its picture withheld: `rule` of a reason, as the API says it."""
    of_policy = {rule.id for rule in DEFAULT.rules} | {f"image.{name}" for name in DEFAULT.withheld_from}
    of_models = {refusal(state, purpose=purpose, may_try=False) for state in State for purpose in Purpose} - {None}
    of_models |= set(Misuse)
    submit = ROOT / "tenants" / "generations" / "services" / "submit.py"
    of_limits = {reason.value for reason in Reason}
    return (
        of_policy | of_limits | {str(code) for code in of_models} | (_told(submit) - {"prompt.refused"})
    )  # that one is told by its rule


def _failures() -> set[str]:
    """Return why a work that was accepted failed for good: `code` of a picture, replay, training or bundle.

    A work that only waits (no room, gives way) is put back, and tells nobody. A foreign exception's name is *unforeseen*.
    """
    raised = {code for folder in ("workers/engine", "tenants/exit") for path in _python(folder) for code in _raised(path)}
    raised |= {code for name in ("storage", "services/opening") for code in _raised(ROOT / "tenants" / "vault" / f"{name}.py")}
    replays = ("tenants/generations/services/replaying.py", "workers/tasks/replay.py")
    raised |= {code for name in replays for code in _raised(ROOT / name) if code.startswith("replay.") and code not in ANSWERED}
    raised |= {code for path in _python("workers/engine") for code in _told(path)}
    given = {code for folder in ("workers/device", "workers/tasks") for path in _python(folder) for code in _given(path)}
    return (
        raised
        | (given - {NoRoom.default_code, GivesWay.default_code})
        | {KeeperRefused.default_code, KeeperUnavailable.default_code}
    )


def _catalogue() -> set[str]:
    words = [path.read_text(encoding="utf-8") for path in (PORTAL / "lib" / "words" / "en").glob("*.ts")]
    return {key for text in words for key in re.findall(r'^  "([\w.]+)":', text, re.MULTILINE)}


def _python(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _told(path: Path) -> set[str]:
    """Return the codes that a module puts into what it says: `{"code": …}`."""
    pairs = [pair for node in _nodes(path) if isinstance(node, ast.Dict) for pair in zip(node.keys, node.values, strict=True)]
    codes = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
    return {str(code.value) for code in codes if isinstance(code, ast.Constant)}


def _raised(path: Path) -> set[str]:
    """Return the codes of the exceptions that a module raises."""
    calls = [node.exc for node in _nodes(path) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    firsts = [call.args[0] for call in calls if call.args]
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant) and re.fullmatch(r"\w+\.\w+", str(first.value))}


def _given(path: Path) -> set[str]:
    """Return the codes that a module's exceptions stand for, and those that it gives by name."""
    codes = [node.value for node in _nodes(path) if isinstance(node, ast.keyword) and node.arg == "code"]
    named = [node.value for node in _nodes(path) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "default_code"]
    return {str(value.value) for value in (*codes, *named) if isinstance(value, ast.Constant)}
