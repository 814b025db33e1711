"""The filter grammar of RFC 7644, 3.4.2.2: text → tree → a query over a closed table of attributes.

What a filter can name is what the table has; a value only ever becomes a parameter. Length, depth and number of terms are
bounded, so that no filter is a way to keep the database busy.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from access.scim.errors import ScimError, bad

LONGEST: Final = 4096
DEEPEST: Final = 16
MOST_TERMS: Final = 64
OPERATORS: Final = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
ALWAYS: Final = Q(pk__isnull=False)
NEVER: Final = Q(pk__isnull=True)
_TOKEN: Final = re.compile(
    r'\s*(?:(?P<mark>[()\[\]])|(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<number>-?[0-9][0-9.eE+-]*)'
    r"|(?P<word>[A-Za-z$][A-Za-z0-9$_:.\-]*))"
)
_PATH: Final = re.compile(r"(?:(?P<urn>urn:[A-Za-z0-9:._\-]+):)?(?P<name>[A-Za-z$][\w$\-]*)(?:\.(?P<sub>[A-Za-z$][\w$\-]*))?")

Scalar = str | bool | float | None


@dataclass(frozen=True)
class Path:
    """An attribute: in lower case, as names are compared without it; `urn` is the schema when it was named."""

    name: str
    sub: str = ""
    urn: str = ""


@dataclass(frozen=True)
class Present:
    """`path pr`."""

    path: Path


@dataclass(frozen=True)
class Compare:
    """`path op value`."""

    path: Path
    op: str
    value: Scalar


@dataclass(frozen=True)
class Within:
    """`path[inner]`: one value of several meets all of it."""

    path: Path
    inner: "Node"


@dataclass(frozen=True)
class Not:
    """`not (inner)`."""

    inner: "Node"


@dataclass(frozen=True)
class Both:
    """`left and right`."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Either:
    """`left or right`."""

    left: "Node"
    right: "Node"


Node = Present | Compare | Within | Not | Both | Either


def parse(text: str) -> Node:
    """Return the tree of a filter. Raises ScimError (invalidFilter)."""
    reader = _Reader(text)
    found = reader.either(0)
    reader.finish()
    return found


def parse_path(text: str) -> tuple[Path, Node | None, str]:
    """Return what a PATCH path names: an attribute, which of its values, and a sub-attribute of those. Raises invalidPath."""
    head, mark, rest = text.partition("[")
    if not mark:
        path = path_of(head, "invalidPath")
        return Path(path.name, "", path.urn), None, path.sub
    inner, closed, tail = rest.rpartition("]")
    if not closed or (tail and not tail.startswith(".")):
        raise bad("invalidPath", "A path is not well formed.")
    path = path_of(head, "invalidPath")
    sub = path_of(tail[1:], "invalidPath") if tail else Path("")
    if path.sub or sub.sub or sub.urn:
        raise bad("invalidPath", "A path is not well formed.")
    return path, parse(inner), sub.name


def path_of(text: str, scim_type: str = "invalidFilter") -> Path:
    """Return the attribute that a text names. Raises ScimError."""
    form = _PATH.fullmatch(text)
    if form is None:
        raise bad(scim_type, "An attribute's name is not well formed.")
    return Path(form["name"].lower(), (form["sub"] or "").lower(), (form["urn"] or "").lower())


class _Reader:
    """Reads a filter from left to right; `or` binds weakest, then `and`, then `not`."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise bad("invalidFilter", f"A filter has at most {LONGEST} characters.")
        self.tokens, self.terms = list(_tokens(text)), 0

    def either(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise bad("invalidFilter", "A filter is nested too deeply.")
        left = self._both(depth)
        while self._takes("or"):
            left = Either(left, self._both(depth))
        return left

    def finish(self) -> None:
        if self.tokens:
            raise bad("invalidFilter", "A filter goes on after its end.")

    def _both(self, depth: int) -> Node:
        left = self._one(depth)
        while self._takes("and"):
            left = Both(left, self._one(depth))
        return left

    def _one(self, depth: int) -> Node:
        if self._takes("not"):
            self._must("(")
            return Not(self._closed(")", depth))
        if self._takes("("):
            return self._closed(")", depth)
        return self._term(depth)

    def _closed(self, mark: str, depth: int) -> Node:
        inner = self.either(depth + 1)
        self._must(mark)
        return inner

    def _term(self, depth: int) -> Node:
        self.terms += 1
        kind, text = self._next()
        if kind != "word" or self.terms > MOST_TERMS:
            raise bad("invalidFilter", f"A filter has at most {MOST_TERMS} terms, each beginning with an attribute.")
        path = path_of(text)
        if self._takes("["):
            return Within(path, self._closed("]", depth))
        kind, text = self._next()
        op = text.lower()
        if kind == "word" and op == "pr":
            return Present(path)
        if kind != "word" or op not in OPERATORS:
            raise bad("invalidFilter", "A filter names an operator that there is not.")
        return Compare(path, op, self._value())

    def _value(self) -> Scalar:
        kind, text = self._next()
        if kind == "mark" or (kind == "word" and text not in {"true", "false", "null"}):
            raise bad("invalidFilter", "A filter compares with what is no value.")
        try:
            value: Scalar = json.loads(text)
        except ValueError:
            raise bad("invalidFilter", "A filter compares with what is no value.") from None
        if isinstance(value, str) and not is_text(value):
            raise bad("invalidFilter", "A filter compares with what is no text.")
        return value

    def _next(self) -> tuple[str, str]:
        if not self.tokens:
            raise bad("invalidFilter", "A filter ends too early.")
        return self.tokens.pop(0)

    def _takes(self, text: str) -> bool:
        found = bool(self.tokens) and self.tokens[0][0] in {"word", "mark"} and self.tokens[0][1].lower() == text
        if found:
            self.tokens.pop(0)
        return found

    def _must(self, text: str) -> None:
        if not self._takes(text):
            raise bad("invalidFilter", f"A filter lacks {text}.")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        form = _TOKEN.match(text, at, end)
        if form is None or form.lastgroup is None:
            raise bad("invalidFilter", "A filter is not well formed.")
        yield form.lastgroup, form[form.lastgroup]
        at = form.end()


def is_text(value: str) -> bool:
    """Return whether the database can hold this: no NUL, no half of a character."""
    return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


# --- the table that a filter is read over


@dataclass(frozen=True)
class Text:
    """A column of text; empty or NULL is not there."""

    field: str
    is_exact: bool = False


@dataclass(frozen=True)
class Truth:
    """A column that is true or false."""

    field: str


@dataclass(frozen=True)
class Moment:
    """A column of a time."""

    field: str


@dataclass(frozen=True)
class Fixed:
    """What is the same for every row."""

    value: str | bool


Leaf = Text | Truth | Moment | Fixed


def _as_is(found: Q) -> Q:
    return found


@dataclass(frozen=True)
class Complex:
    """An attribute with sub-attributes; `wrap` makes a query over its values one over the rows. `pr` asks `there`."""

    subs: Mapping[str, Leaf]
    wrap: Callable[[Q], Q] = _as_is
    there: Q = ALWAYS


Table = Mapping[str, Leaf | Complex]


@dataclass(frozen=True)
class Attributes:
    """What a resource can be filtered by, and under which schema; names in lower case."""

    urn: str
    table: Table


def to_q(node: Node, over: Attributes) -> Q:
    """Return the query of a filter. Raises ScimError (invalidFilter) for an attribute that there is not."""
    if isinstance(node, Not):
        return ~to_q(node.inner, over)
    if isinstance(node, Both):
        return to_q(node.left, over) & to_q(node.right, over)
    if isinstance(node, Either):
        return to_q(node.left, over) | to_q(node.right, over)
    found = over.table.get(node.path.name)
    if found is None or node.path.urn not in {"", over.urn.lower()}:
        raise _unknown()
    return _of_complex(node, found) if isinstance(found, Complex) else _of_simple(node, found)


def _of_complex(node: Present | Compare | Within, found: Complex) -> Q:
    if isinstance(node, Within):
        if node.path.sub:
            raise _unknown()
        return found.wrap(to_q(node.inner, Attributes("", found.subs)))
    if isinstance(node, Present) and not node.path.sub:
        return found.there
    leaf = found.subs.get(node.path.sub or "value")
    if leaf is None:
        raise _unknown()
    return found.wrap(_of_leaf(node, leaf))


def _of_simple(node: Present | Compare | Within, found: Leaf) -> Q:
    if isinstance(node, Within) or node.path.sub:
        raise _unknown()
    return _of_leaf(node, found)


def _of_leaf(node: Present | Compare, leaf: Leaf) -> Q:
    if isinstance(leaf, Fixed):
        return ALWAYS if isinstance(node, Present) or _compares(leaf.value, node.op, node.value) else NEVER
    if isinstance(leaf, Truth):
        return ALWAYS if isinstance(node, Present) else _truth(leaf, node)
    if isinstance(leaf, Moment):
        return ALWAYS if isinstance(node, Present) else _moment(leaf, node)
    there = ~Q(**{leaf.field: ""}) & Q(**{f"{leaf.field}__isnull": False})
    return there if isinstance(node, Present) else _text(leaf, node, there)


_BY: Final = {"gt": GreaterThan, "ge": GreaterThanOrEqual, "lt": LessThan, "le": LessThanOrEqual}
_PARTS: Final = {"eq": "exact", "co": "contains", "sw": "startswith", "ew": "endswith"}


def _text(leaf: Text, node: Compare, there: Q) -> Q:
    if node.value is None or node.value == "":
        return _absent(node.op, there)
    if not isinstance(node.value, str):
        raise bad("invalidFilter", "Text is compared with what is no text.")
    if node.op in _BY:
        if leaf.is_exact:
            return there & Q(_BY[node.op](F(leaf.field), Value(node.value)))
        return there & Q(_BY[node.op](Lower(F(leaf.field)), Value(node.value.lower())))
    part = _PARTS["eq" if node.op == "ne" else node.op]
    met = there & Q(**{f"{leaf.field}__{'' if leaf.is_exact else 'i'}{part}": node.value})
    return ~met if node.op == "ne" else met


def _absent(op: str, there: Q) -> Q:
    if op == "eq":
        return ~there
    if op == "ne":
        return there
    raise bad("invalidFilter", "Nothing is compared by this operator.")


def _truth(leaf: Truth, node: Compare) -> Q:
    value = truth_of(node.value)
    if value is None or node.op not in {"eq", "ne"}:
        raise bad("invalidFilter", "True and false are compared by eq and ne alone.")
    return Q(**{leaf.field: value if node.op == "eq" else not value})


def _moment(leaf: Moment, node: Compare) -> Q:
    value = _moment_of(node.value)
    if value is None or node.op in {"co", "sw", "ew"}:
        raise bad("invalidFilter", "A time is compared with a time, by eq, ne, gt, ge, lt or le.")
    if node.op in {"eq", "ne"}:
        met = Q(**{leaf.field: value})
        return ~met if node.op == "ne" else met
    return Q(**{f"{leaf.field}__{ {'gt': 'gt', 'ge': 'gte', 'lt': 'lt', 'le': 'lte'}[node.op] }": value})


def truth_of(value: object) -> bool | None:
    """Return what a client means by true or false; Entra ID says it in words."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _moment_of(value: Scalar) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = parse_datetime(value)
    except ValueError:
        return None
    if found is None:
        return None
    try:
        return found if timezone.is_aware(found) else timezone.make_aware(found)
    except (ValueError, OverflowError):
        return None


def _unknown() -> ScimError:
    return bad("invalidFilter", "A filter names an attribute that cannot be filtered by.")


# --- the same tree over one value at hand, for the paths of PATCH


def matches(node: Node, value: Mapping[str, Any]) -> bool:
    """Return whether one value of a multi-valued attribute meets a filter; its names are in lower case."""
    if isinstance(node, Not):
        return not matches(node.inner, value)
    if isinstance(node, Both):
        return matches(node.left, value) and matches(node.right, value)
    if isinstance(node, Either):
        return matches(node.left, value) or matches(node.right, value)
    if isinstance(node, Within) or node.path.sub:
        raise bad("invalidFilter", "A filter within a path names sub-attributes alone.")
    there = value.get(node.path.name)
    if isinstance(node, Present):
        return there not in (None, "")
    return _compares(there, node.op, node.value)


_ORDERED: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
    "co": operator.contains, "sw": str.startswith, "ew": str.endswith,
}  # fmt: skip


def _compares(there: object, op: str, value: Scalar) -> bool:
    if isinstance(there, bool):
        wanted = truth_of(value)
        return wanted is not None and ((there == wanted) if op == "eq" else (there != wanted) if op == "ne" else False)
    left, right = (one.lower() if isinstance(one, str) else one for one in (there, value))
    if op in {"eq", "ne"}:
        return (left == right) is (op == "eq")
    return isinstance(left, str) and isinstance(right, str) and _ORDERED[op](left, right)
