"""The ledger's vocabulary is what really happens: each kind is recorded by a service, and said in the reference."""

import ast
import re
from pathlib import Path

from governance.audit import verify
from governance.audit.events import Event

ROOT = Path(__file__).resolve().parents[2]
TREES = ("platform", "governance", "tenants", "workers")
# Kinds that no service records yet, each with its reason; one that is recorded must leave this list.
NOT_RECORDED = {
    Event.KEYS_DESTROY_ASKED: "the keeper destroys against it, and an operator's own tool may ask; no deed of ours does yet",
}


def services():
    found = [path for tree in TREES for path in sorted((ROOT / tree).rglob("*.py"))]
    return [path for path in found if "services" in path.parts or path.name == "services.py"]


def kinds_in(node):
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "Event"
    }


def recorded():
    """Return the kinds that stand as `kind=` or `event=`, or as an argument of a room's own `_record` or `_append`."""
    names = set()
    for path in services():
        for call in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)):
            for keyword in call.keywords:
                if keyword.arg in {"kind", "event"}:
                    names |= kinds_in(keyword.value)
            if ast.unparse(call.func).rpartition(".")[2] in {"_record", "_append"}:
                for argument in call.args:
                    names |= kinds_in(argument)
    return {Event[name] for name in names}


def test_every_kind_is_recorded_by_a_service():
    assert set(Event) - recorded() == set(NOT_RECORDED)


def test_the_verifier_knows_the_same_kinds():
    assert {kind.value for kind in Event} == verify.KINDS


def test_every_kind_is_said_in_the_reference_and_no_other():
    page = (ROOT / "docs" / "reference" / "ledger.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", page, re.MULTILINE)
    assert sorted(said) == sorted(kind.value for kind in Event)
