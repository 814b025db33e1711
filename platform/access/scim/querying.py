"""What a list or a search seeks: a filter, an order, a page, and the rows of it as resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast

from access.models import GroupMember
from access.scim.errors import ScimError, bad
from access.scim.filters import NEVER, Node, parse, path_of, to_q
from access.scim.http import Wanted, wanted_in
from access.scim.schemas import LIST, MOST_RESULTS, USERS, USUAL_RESULTS, Kind, group_said, lowered, user_said
from access.services import provisioning

_FAR: Final = 2**31


@dataclass(frozen=True)
class Sought:
    """What is asked of a list."""

    filter: Node | None
    sort: str
    is_descending: bool
    start: int
    count: int
    wanted: Wanted


def sought_in(said: Mapping[str, Any]) -> Sought:
    """Return what a query or a search asks for. Raises ScimError."""
    known = lowered(said)
    text, sort = known.get("filter"), known.get("sortby")
    if not isinstance(text, str | None) or not isinstance(sort, str | None):
        raise bad("invalidValue", "filter and sortBy are text.")
    return Sought(
        filter=parse(text) if text else None,
        sort=sort or "",
        is_descending=str(known.get("sortorder") or "").lower() == "descending",
        start=max(1, _number(known, "startIndex", 1)),
        count=min(MOST_RESULTS, max(0, _number(known, "count", USUAL_RESULTS))),
        wanted=wanted_in(known),
    )


def listed(kinds: tuple[Kind, ...], sought: Sought, base: str) -> dict[str, Any]:
    """Return one page of resources of these kinds, those of the first kind first, in the scope that is open."""
    queries = _queries(kinds, sought)
    totals = [query.count() for query in queries]
    resources: list[dict[str, Any]] = []
    skip, left = sought.start - 1, sought.count
    for kind, query, total in zip(kinds, queries, totals, strict=True):
        rows = list(query[skip : skip + left]) if left and skip < total else []
        resources += said_of(kind, rows, sought.wanted, base)
        skip, left = max(0, skip - total), left - len(rows)
    return {
        "schemas": [LIST], "totalResults": sum(totals), "startIndex": sought.start, "itemsPerPage": len(resources),
        "Resources": resources,
    }  # fmt: skip


def rows_of(kind: Kind) -> Any:
    """Return the rows of a kind that provisioning sees."""
    rows = provisioning.people() if kind is USERS else provisioning.groups()
    return rows.annotate(id_text=Cast("id", CharField()))


def said_of(kind: Kind, rows: list[Any], wanted: Wanted, base: str) -> list[dict[str, Any]]:
    """Return rows as resources with the attributes that are wanted; memberships are read at once, and only when they are."""
    ids = [row.pk for row in rows]
    if kind is USERS:
        in_groups = _groups_of(ids) if wanted.names("groups") else {}
        return [wanted.of(user_said(row, in_groups.get(row.pk, ()), base)) for row in rows]
    members = _members_of(ids) if wanted.names("members") else {}
    return [wanted.of(group_said(row, members.get(row.pk, ()), base)) for row in rows]


def _queries(kinds: tuple[Kind, ...], sought: Sought) -> list[Any]:
    """Return a query per kind. What only another kind has is met by none of this one's rows."""
    found: list[Any] = []
    unknown: list[ScimError] = []
    for kind in kinds:
        query = rows_of(kind)
        try:
            query = query if sought.filter is None else query.filter(to_q(sought.filter, kind.attributes))
        except ScimError as why:
            unknown.append(why)
            query = query.filter(NEVER)
        found.append(query.order_by(*_order(kind, kinds, sought)))
    if len(unknown) == len(kinds):
        raise unknown[0]
    return found


def _order(kind: Kind, kinds: tuple[Kind, ...], sought: Sought) -> tuple[str, ...]:
    if not sought.sort:
        return ("created", "pk")
    path = path_of(sought.sort, "invalidPath")
    name = f"{path.name}.{path.sub}" if path.sub else path.name
    if not any(name in one.sorts for one in kinds):
        raise bad("invalidPath", "sortBy names an attribute that cannot be sorted by.")
    column = kind.sorts.get(name, "created")
    return (f"-{column}" if sought.is_descending else column, "pk")


def _number(known: Mapping[str, Any], name: str, usual: int) -> int:
    value = known.get(name.lower())
    if value is None or value == "":
        return usual
    try:
        number = int(value)
    except (ValueError, TypeError, OverflowError):
        raise bad("invalidValue", f"{name} is a whole number.") from None
    return max(-_FAR, min(_FAR, number))


def _groups_of(people: list[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    rows = GroupMember.objects.filter(user_id__in=people, group__is_provisioned=True).order_by("group__name", "group_id")
    for person, group, name in rows.values_list("user_id", "group_id", "group__name"):
        found.setdefault(person, []).append((group, name))
    return found


def _members_of(groups: list[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for group, person in (
        GroupMember.objects.filter(group_id__in=groups).order_by("since", "user_id").values_list("group_id", "user_id")
    ):
        found.setdefault(group, []).append(person)
    return found
