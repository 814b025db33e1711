"""Every variable of the environment that the code reads stands in the reference, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "configuration.md"
READERS = {"text", "required", "flag", "number", "words", "folder"}
FROM_FILES = {"text", "required", "words"}
# Names that are read and are no setting of ours.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def trees():
    paths = [path for tree in ("platform", "governance", "tenants", "workers") for path in sorted((ROOT / tree).rglob("*.py"))]
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def names_in(node):
    found = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)]
    return {name for name in found if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def read_by(nodes):
    """Yield reader and name of what `env.reader(NAME)`, `os.environ.get(NAME)` and `os.environ[NAME]` read."""
    for node in nodes:
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield from (("environ", name) for name in names_in(node.slice))
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        room = ast.unparse(node.func.value)
        if room == "env" and node.func.attr in READERS:
            yield from ((node.func.attr, name) for name in names_in(node.args[0]))
        if room == "os.environ" and node.func.attr in {"get", "pop"}:
            yield from (("environ", name) for name in names_in(node.args[0]))


def read():
    from config.embedded.supervisor import URL_OF_LOGIN
    from workers.device.zygote import _PASSED

    found = {(reader, name) for _, tree in trees() for reader, name in read_by(ast.walk(tree))}
    return found | {("text", name) for name in URL_OF_LOGIN.values()} | {("environ", name) for name in _PASSED}


def make_variables():
    lines = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Z_]+) \?=", lines, re.MULTILINE)) | set(re.findall(r"^ifdef ([A-Z_]+)$", lines, re.MULTILINE))


def said():
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", PAGE.read_text(encoding="utf-8"))) - {"NAME_FILE"}


def test_every_variable_that_is_read_is_said_and_no_other():
    assert said() == {name for _, name in read()} - NOT_OURS | make_variables()


def test_what_may_come_from_a_file_is_marked():
    marked = set(re.findall(r"^\| `([A-Z_]+)` \*\*f\*\* \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert marked == {name for reader, name in read() if reader in FROM_FILES}


def test_defaults_that_are_numbers_are_the_codes():
    tree = ast.parse((ROOT / "platform" / "config" / "settings.py").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "env.number":
            name, default = ast.literal_eval(node.args[0]), eval(ast.unparse(node.args[1]))  # noqa: S307  # a product in our own code
            assert f"| `{name}` | {default} |" in page, name
