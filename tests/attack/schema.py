"""What the OpenAPI schema and the cases say of each address: its ids in the path, in the body and in filters."""

import itertools
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.urls import resolve

from tests.house.doors import KINDS, PLAIN, VERBS, Case, address, api_routes, bare

WRITTEN = Path(__file__).parents[2] / "frontend/openapi.json"
MORE_VERBS = (*VERBS, "head", "options")


@dataclass(frozen=True, eq=False)
class Door:
    """One verb at one address: the request that succeeds, and every place of it in which an id stands."""

    name: str
    verb: str
    route: str
    case: Case
    needed: tuple | None
    fields: tuple = ()
    filters: tuple = ()
    is_keyed: bool = False
    is_served: bool = True

    @property
    def has_project(self):
        return "<uuid:project>" in self.route

    @property
    def slots(self):
        """Return the names that stand in the address for rows."""
        return [name for name in re.findall(r"<\w+:(\w+)>", self.route) if name not in PLAIN]

    def row(self, slot):
        return self.case.rows.get(slot, KINDS[slot])

    def where(self, ids, slots=None, query=None):
        """Return the address with these ids; `slots` are written as they are given."""
        given = slots or {}

        def said(found):
            name = found.group(1)
            return str(given.get(name, PLAIN[name] if name in PLAIN else ids[self.row(name)]))

        return "/" + re.sub(r"<\w+:(\w+)>", said, self.route) + (self.case.query if query is None else query)

    def __str__(self):
        return f"{self.verb.upper()} /{self.route}"


def read():
    """Return the schema that the portal is built from."""
    return json.loads(WRITTEN.read_text(encoding="utf-8"))


def served(schema, cases, ids):
    """Return every door that is served, and the addresses and verbs that no case opens."""
    doors, closed = [], []
    for name, (route, verbs) in api_routes().items():
        for verb in verbs:
            if (name, verb) not in cases:
                closed.append(f"{verb.upper()} /{route}")
                continue
            doors.append(_door(schema, name, verb, route, cases[name, verb], ids))
    return doors, closed


def unserved(doors):
    """Return for each address the verbs that it does not serve, as doors with nothing behind."""
    by_name = {}
    for door in doors:
        by_name.setdefault(door.name, []).append(door)
    return [
        Door(
            door.name, verb, door.route, replace(bare(door.case), by_session=_is_looked_at_by_session(door)), None, is_served=False
        )
        for door, *others in by_name.values()
        for verb in MORE_VERBS
        if verb not in {door.verb, *(other.verb for other in others)}
    ]


def _is_looked_at_by_session(door):
    """Return whether the address is read in a browser alone: then no token is told even that a verb is not served."""
    return door.verb == "get" and door.case.by_session


def _door(schema, name, verb, route, case, ids):
    view = resolve(address(route, bare(case), ids)).func.cls
    needed = getattr(view, "permissions", {}).get(verb.upper())
    operation = schema["paths"].get(_path(route), {}).get(verb, {})
    parameters = operation.get("parameters", [])
    return Door(
        name, verb, route, case,
        needed=needed if needed is None or isinstance(needed, tuple) else (needed,),
        fields=tuple(_id_fields(schema, _body_of(operation))),
        filters=tuple(one["name"] for one in parameters if one["in"] == "query" and one["schema"].get("format") == "uuid"),
        is_keyed=any(one["in"] == "header" and one["name"] == "Idempotency-Key" for one in parameters),
    )  # fmt: skip


def _path(route):
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)


def _body_of(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return next(iter(content.values()), {}).get("schema", {})


def _resolved(schema, part):
    while "$ref" in part or "allOf" in part:
        part = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part["allOf"][0]
    return part


def _id_fields(schema, part, path=()):
    """Yield the path of every field that holds an id, of lists their first place."""
    part = _resolved(schema, part)
    if part.get("format") == "uuid":
        yield path
    for name, inner in part.get("properties", {}).items():
        yield from _id_fields(schema, inner, (*path, name))
    if "items" in part:
        yield from _id_fields(schema, part["items"], (*path, 0))


def with_field(body, path, value):
    """Return a copy of a body with one field set; what is missing on the way is made."""
    copy = json.loads(json.dumps(body if body is not None else {}))
    place = copy
    for step, after in itertools.pairwise(path):
        empty = [] if after == 0 else {}
        if isinstance(step, int):
            if not place:
                place.append(empty)
        elif place.get(step) is None:
            place[step] = empty
        place = place[step]
    if isinstance(path[-1], int):
        place[:1] = [value]
    else:
        place[path[-1]] = value
    return copy
