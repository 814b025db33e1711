"""The portal knows every word that the service says: kinds of entries, and codes that reach people."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from access.allowances import Reason
from access.gate import Verdict
from governance.audit.events import Event
from governance.moderation.default_policy import DEFAULT
from kernel import errors
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


def test_the_portal_has_words_for_every_problem_that_reaches_people() -> None:
    known = _catalogue()
    missing = {code for code in _problems() if f"problem.{code}" not in known and f"reason.{code}" not in known}
    assert not missing


def test_what_needs_no_words_is_raised_still() -> None:
    every = _problems_in(path for folder in PRODUCT for path in _python(folder))
    assert set(NO_PERSON_TOLD) <= every
    assert all((ROOT / folder).is_dir() for folder in TO_PROGRAMS)


def test_the_portal_has_no_words_for_reasons_that_nobody_gives() -> None:
    written = {key.removeprefix("reason.") for key in _catalogue() if key.startswith("reason.")}
    assert written - _refusals() - _failures() <= GENERAL


# For a studio's own rule, for what no code of ours names, and for what is no error but an end (`dispatch.rules.STOPPED`).
GENERAL: Final = {"policy", "unforeseen", "stopped"}

ANSWERED: Final = {"replay.unknown", "replay.ended"}  # told at once to who asks, or to nobody


# Whoever runs into these is a program or sits at the machine, and is told the code.
TO_PROGRAMS: Final = {
    "platform/access/scim": "a directory's program",
    "platform/access/federation": "its sign-in page says every `sso.…` that has no words of its own in `problem.sso.refused`",
    "platform/access/management": "commands",
    "platform/config/management": "commands",
    "platform/config/embedded": "the supervisor of this machine's processes",
    "governance/provenance": "who checks a file outside",
}
NO_PERSON_TOLD: Final = {
    "group.member_unknown": "SCIM",
    "person.name_taken": "SCIM",
    "provisioning.untouched": "SCIM",
    "provisioning.value": "SCIM",
    "lease.lost": "a worker",
    "scope.missing": "whoever forgot a scope in the code",
    "operator.exists": "the command first_operator",
    "model.family_unknown": "the command register_base",
    "model.file_refused": "the command register_base",
    "model.folder_not_allowed": "the command register_base",
    "model.no_weights": "the command register_base",
    "model.not_a_pipeline": "the command register_base",
}
PRODUCT: Final = ("platform/access", "platform/config", "governance", "tenants")
# What answers a request before, or outside, any view of the API.
ANSWERS: Final = {"problem", "_nothing_there", "_answer"}
CODE: Final = re.compile(r"[a-z_]+(\.[a-z_]+)?")


def _problems() -> set[str]:
    """Return every code with which a request is answered that is not done."""
    paths = (path for folder in PRODUCT for path in _python(folder))
    to_people = (path for path in paths if not any(path.is_relative_to(ROOT / folder) for folder in TO_PROGRAMS))
    library = {"http_429", "body.too_large", "permission_denied"}  # the sign-in library's, the server's and the API's own
    return (_problems_in(to_people) | set(Verdict) - {Verdict.OPEN} | library) - set(NO_PERSON_TOLD)


def _problems_in(paths: Iterable[Path]) -> set[str]:
    return {code for path in paths for node in _nodes(path) for code in _codes(node) if CODE.fullmatch(code)}


def _codes(node: ast.AST) -> set[str]:
    """Return the codes that a call of an error's class or of an answer names, and that of a class which is raised bare."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in _errors():
        return {_errors()[node.exc.id]}
    if not isinstance(node, ast.Call):
        return set()
    called = ast.unparse(node.func).rpartition(".")[2]
    if called in _errors():
        return _texts(node.args[:1]) or ({_errors()[called]} if not node.args else set())
    told = [*node.args, *(one.value for one in node.keywords if one.arg == "code")]
    return _texts(told) if called in ANSWERS else set()


def _texts(told: Iterable[ast.AST]) -> set[str]:
    within = [node for one in told for node in ast.walk(one)]
    return {node.value for node in within if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _errors() -> dict[str, str]:
    """Return the errors' classes, and ours after them, with the code of each that is raised without one."""
    found = [errors.GuildhallError]
    for one in found:
        found += one.__subclasses__()
    return {one.__name__: one.default_code for one in found}


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
    """Return the codes of the exceptions that a module raises, and of those of an engine's that it only makes."""
    calls = [node.exc for node in _nodes(path) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    calls += [node for node in _nodes(path) if isinstance(node, ast.Call) and ast.unparse(node.func) == "EngineError"]
    firsts = [call.args[0] for call in calls if call.args]
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant) and re.fullmatch(r"\w+\.\w+", str(first.value))}


def _given(path: Path) -> set[str]:
    """Return the codes that a module's exceptions stand for, and those that it gives by name."""
    codes = [node.value for node in _nodes(path) if isinstance(node, ast.keyword) and node.arg == "code"]
    named = [node.value for node in _nodes(path) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "default_code"]
    return {str(value.value) for value in (*codes, *named) if isinstance(value, ast.Constant)}
