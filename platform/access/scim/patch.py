"""PATCH (RFC 7644, 3.5.2) on a resource at hand: add, replace and remove by paths with filters.

Directories say some things in ways of their own, which are understood: operations in any case, values without a path
whose names are paths (Entra ID), an id among what is replaced (Okta), members to remove as a value (Entra ID).
"""

from collections.abc import Mapping
from typing import Any, Final

from access.scim.errors import ScimError, bad
from access.scim.filters import Both, Compare, Node, matches, parse_path
from access.scim.schemas import ENTERPRISE, PATCH, READ_ONLY, Kind, lowered

MOST_OPERATIONS: Final = 1000
_VERBS: Final = ("add", "replace", "remove")


def operations_in(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the operations of a request. Raises ScimError (invalidSyntax)."""
    said = lowered(body)
    found = said.get("operations")
    if said.get("schemas") != [PATCH] or not isinstance(found, list) or not found or len(found) > MOST_OPERATIONS:
        raise bad("invalidSyntax", f"A PATCH has schemas [{PATCH}] and 1 to {MOST_OPERATIONS} Operations.")
    operations = [lowered(one) if isinstance(one, Mapping) else {} for one in found]
    for one in operations:
        verb, path = one.get("op"), one.get("path")
        if not isinstance(verb, str) or verb.lower() not in _VERBS or not isinstance(path, str | None):
            raise bad("invalidSyntax", "An operation is add, replace or remove, and its path is text.")
    return operations


def patched(said: Mapping[str, Any], operations: list[dict[str, Any]], kind: Kind) -> dict[str, Any]:
    """Return a resource after these operations, in their order; its names in lower case. Raises ScimError."""
    resource = _copied(said, kind)
    for one in operations:
        verb, path, value = one["op"].lower(), one.get("path"), one.get("value")
        if path:
            _Target(resource, kind, path, is_named=True).do(verb, value, has_value="value" in one)
        elif verb == "remove":
            raise bad("noTarget", "A remove names what to remove.")
        elif not isinstance(value, Mapping):
            raise bad("invalidValue", "An operation without a path has attributes as its value.")
        else:
            for name, inner in value.items():
                _Target(resource, kind, str(name), is_named=False).do(verb, inner, has_value=True)
    return resource


def _copied(said: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    resource = lowered(said)
    for name in kind.nested:
        resource[name] = lowered(resource.get(name) or {})
    for name in kind.several:
        resource[name] = [lowered(one) for one in resource.get(name) or []]
    return resource


class _Target:
    """What one path of one operation names in a resource."""

    def __init__(self, resource: dict[str, Any], kind: Kind, path: str, *, is_named: bool) -> None:
        self.resource, self.kind = resource, kind
        self.is_kept = not path.lower().startswith(ENTERPRISE)
        if not self.is_kept:
            return
        if path.lower() == kind.urn.lower():
            raise bad("invalidPath", "A path names an attribute.")
        found, self.which, self.sub = parse_path(path)
        self.name = found.name
        self.is_kept = self.name not in kind.not_kept
        if found.urn not in {"", kind.urn.lower()}:
            raise bad("invalidPath", "A path names a schema that is not served here.")
        if self.name in READ_ONLY:
            if is_named:
                raise ScimError(bad("", "").status, f"{self.name} is read only.", scim_type="mutability")
            self.is_kept = False
        if self.is_kept:
            self._check()

    def do(self, verb: str, value: Any, *, has_value: bool) -> None:
        """Do one operation."""
        if not self.is_kept:
            return
        if verb != "remove" and not has_value:
            raise bad("invalidValue", "An operation lacks its value.")
        if self.name in self.kind.simple:
            self._simple(verb, value)
        elif self.name in self.kind.nested:
            self._nested(verb, value)
        elif self.which is None and not self.sub:
            self._several(verb, value, has_value=has_value)
        else:
            self._some(verb, value)

    def _check(self) -> None:
        is_simple, is_nested = self.name in self.kind.simple, self.name in self.kind.nested
        subs = self.kind.nested.get(self.name) or self.kind.several.get(self.name) or {}
        is_known = is_simple or is_nested or self.name in self.kind.several
        if not is_known or (self.sub and self.sub not in subs) or (self.which is not None and (is_simple or is_nested)):
            raise bad("invalidPath", "A path names what there is not.")

    def _simple(self, verb: str, value: Any) -> None:
        if verb == "remove":
            self.resource.pop(self.name, None)
        else:
            self.resource[self.name] = value

    def _nested(self, verb: str, value: Any) -> None:
        inner = self.resource[self.name]
        if verb == "remove":
            kept = {name: one for name, one in inner.items() if self.sub and name != self.sub}
            self.resource[self.name] = kept
        elif self.sub:
            inner[self.sub] = value
        elif value is None:
            self.resource[self.name] = {}
        elif isinstance(value, Mapping):
            inner |= lowered(value)
        else:
            raise bad("invalidValue", f"{self.name} has sub-attributes.")

    def _several(self, verb: str, value: Any, *, has_value: bool) -> None:
        """Act on all values of an attribute; to remove some, Entra ID names them as the value."""
        given = [_one(value_) for value_ in (value if isinstance(value, list) else [] if value is None else [value])]
        present = self.resource[self.name]
        if verb == "replace":
            self.resource[self.name] = given
        elif verb == "add":
            _only_primary(present, given)
            present += [one for one in given if not any(_is_same(one, known) for known in present)]
        elif has_value and given:
            self.resource[self.name] = [one for one in present if not any(_is_same(one, gone) for gone in given)]
        else:
            self.resource[self.name] = []

    def _some(self, verb: str, value: Any) -> None:
        """Act on the values that a filter picks, or on a sub-attribute of them."""
        if self.name == "members" and verb != "remove":
            raise ScimError(bad("", "").status, "What a member is does not change.", scim_type="mutability")
        present = self.resource[self.name]
        picked = [one for one in present if self.which is None or matches(self.which, one)]
        if verb == "remove":
            if self.sub and self.sub != "value":
                for one in picked:
                    one.pop(self.sub, None)
            else:
                self.resource[self.name] = [one for one in present if one not in picked]
            return
        if not picked:
            picked = [self._made(verb)]
            present += picked
        for one in picked:
            if self.sub:
                one[self.sub] = value
            else:
                one.update(_one(value))

    def _made(self, verb: str) -> dict[str, Any]:
        """Return the value that an add makes when its filter picks none: the one that the filter describes."""
        if verb == "replace" and self.which is not None:
            raise bad("noTarget", "No value is what the path says.")
        return _described(self.which)


def _one(value: Any) -> dict[str, Any]:
    return lowered(value) if isinstance(value, Mapping) else {"value": value}


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    first, second = one.get("value"), other.get("value")
    return first == second or (isinstance(first, str) and isinstance(second, str) and first.lower() == second.lower())


def _only_primary(present: list[dict[str, Any]], given: list[dict[str, Any]]) -> None:
    """Let a primary value that comes be the only one, as RFC 7644 asks."""
    if any(one.get("primary") is True for one in given):
        for one in present:
            one["primary"] = False


def _described(which: Node | None) -> dict[str, Any]:
    if isinstance(which, Compare) and which.op == "eq":
        return {which.path.name: which.value}
    if isinstance(which, Both):
        return _described(which.left) | _described(which.right)
    if which is None:
        return {}
    raise bad("noTarget", "No value is what the path says.")
