"""Which process may ask what, and which recorded entry allows which key. Pure: decides on plain values.

An entry allows keys of its own project alone. Processes that serve people open for what people do: look, in the hour of
their view, download and take away, when they have just asked for it. Workers open, sign and destroy for what they hold: a
ticket under a live lease whose intent the entry is. What a key is opened for carries the digest of the objects that it
opens among its facts, or the key was generated for that entry.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from dispatch.rules import CPU_KINDS, DEVICE_KINDS
from kernel.canonical import objects_digest
from kernel.errors import KeeperRefused

VERBS: Final[Mapping[str, frozenset[str]]] = {
    "web": frozenset({"found", "generate", "index", "open", "secret", "public"}),
    "command": frozenset({"found", "generate", "index", "open", "public"}),
    "worker": frozenset({"generate", "index", "open", "sign", "destroy", "viewed", "public"}),
    "device": frozenset({"generate", "index", "open", "sign", "public"}),
    "integrator": frozenset({"sign", "public"}),
}
SIGNS: Final[Mapping[str, frozenset[str]]] = {
    "worker": frozenset({"bundle"}),
    "device": frozenset({"claim", "model"}),
    "integrator": frozenset({"checkpoint"}),
}
# Which recorded entries a signature may stand on.
SIGNED_FOR: Final[Mapping[str, frozenset[str]]] = {
    "claim": frozenset({"generation.submitted"}),
    "model": frozenset({"training.started"}),
    "bundle": frozenset({"exit.requested"}),
}
PEOPLES: Final = frozenset({"web", "command"})
# What a person looks at or carries away; anything else is opened by workers for an intent.
OPENED_FOR_PEOPLE: Final = frozenset({"view.opened", "asset.downloaded", "exit.handed_over"})
# Which tickets each worker holds; it opens for those.
HOLDS: Final[Mapping[str, frozenset[str]]] = {"worker": frozenset(CPU_KINDS), "device": frozenset(DEVICE_KINDS)}
VIEW_GRACE: Final = timedelta(minutes=5)
# What a person takes away is opened by the request that recorded it; a clock may be a little behind.
TAKING: Final = timedelta(minutes=15)
VIEW: Final = "view.opened"
DESTROY: Final = "keys.destroy_asked"


class Recorded(Protocol):
    """What the rules read of a ledger entry."""

    @property
    def id(self) -> UUID: ...
    @property
    def tenant(self) -> UUID: ...
    @property
    def project(self) -> UUID | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def ts(self) -> datetime: ...


class Held(Protocol):
    """What the rules read of a ticket that is held under a live lease."""

    @property
    def tenant(self) -> UUID: ...
    @property
    def project(self) -> UUID | None: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Wanted:
    """One wrapped key as it is asked for: its object and project by its AAD, and the entry it was generated for."""

    object: UUID
    tenant: UUID
    project: UUID | None
    made_for: UUID


def may_ask(process: str, verb: str) -> None:
    """Raise KeeperRefused unless this process may use this verb."""
    if verb not in VERBS.get(process, frozenset()):
        raise KeeperRefused("verb.not_yours")


def may_sign(process: str, purpose: str, entry: Recorded | None, *, tenant: UUID, held: Iterable[Held] = ()) -> None:
    """Raise KeeperRefused unless this process signs this; all but checkpoints need the intent of a ticket that it holds."""
    if purpose not in SIGNS.get(process, frozenset()):
        raise KeeperRefused("purpose.not_yours")
    if purpose == "checkpoint":
        return
    if entry is None or entry.tenant != tenant:
        raise KeeperRefused("entry.missing")
    if entry.kind not in SIGNED_FOR[purpose]:
        raise KeeperRefused("entry.other_kind")
    _check_held(process, entry, held)


def may_destroy(
    process: str, entry: Recorded | None, *, tenant: UUID, project: UUID | None, person: UUID | None, held: Iterable[Held]
) -> None:
    """Raise KeeperRefused unless the entry, intent of a ticket that is held now, asks for just this destruction.

    The entry names by digest whose keys go.
    """
    if entry is None or entry.tenant != tenant:
        raise KeeperRefused("entry.missing")
    if entry.kind != DESTROY:
        raise KeeperRefused("entry.other_kind")
    if entry.facts.get("destroys") != objects_digest(one for one in (project, person) if one is not None):
        raise KeeperRefused("entry.destroys_other_keys")
    _check_held(process, entry, held)


def wanted(aad: bytes, made_for: UUID) -> Wanted:
    """Return what the associated data name."""
    named = json.loads(aad)
    project = UUID(named["project"]) if named["project"] else None
    return Wanted(UUID(named["object"]), UUID(named["tenant"]), project, made_for)


def may_open_for_people(entry: Recorded | None, asked: Iterable[Wanted], *, of: Iterable[UUID] | None, now: datetime) -> bool:
    """Raise KeeperRefused unless what a person did allows every key asked for; True when what is opened must be noted."""
    asked, done = list(asked), _of_its_project(entry, asked)
    if done.kind not in OPENED_FOR_PEOPLE:
        raise KeeperRefused("entry.not_for_people")
    if done.kind == VIEW:
        _check_hour(done, now)
        return True
    if not done.ts - TAKING <= now <= done.ts + TAKING:
        raise KeeperRefused("entry.over")
    _check_intent(done, asked, of)
    return False


def may_open_for_work(
    process: str, entry: Recorded | None, asked: Iterable[Wanted], *, of: Iterable[UUID] | None, held: Iterable[Held]
) -> None:
    """Raise KeeperRefused unless the entry is the intent of a ticket that is held now, and allows every key asked for."""
    asked, intent = list(asked), _of_its_project(entry, asked)
    if intent.kind in OPENED_FOR_PEOPLE:
        raise KeeperRefused("entry.for_people")
    _check_held(process, intent, held)
    _check_intent(intent, asked, of)


def _of_its_project(entry: Recorded | None, asked: list[Wanted]) -> Recorded:
    if entry is None:
        raise KeeperRefused("entry.missing")
    if any(one.tenant != entry.tenant for one in asked):
        raise KeeperRefused("entry.other_tenant")
    if any(one.project != entry.project for one in asked):
        raise KeeperRefused("entry.other_project")
    return entry


def _check_held(process: str, intent: Recorded, held: Iterable[Held]) -> None:
    if not any(_is_of(one, process, intent) for one in held):
        raise KeeperRefused("entry.not_leased")


def _is_of(held: Held, process: str, intent: Recorded) -> bool:
    is_there = (held.tenant, held.project) == (intent.tenant, intent.project)
    return is_there and held.kind in HOLDS.get(process, frozenset())


def _check_hour(view: Recorded, now: datetime) -> None:
    begins = view.ts.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if not begins <= now <= begins + timedelta(hours=1) + VIEW_GRACE:
        raise KeeperRefused("view.over")


def _check_intent(entry: Recorded, asked: list[Wanted], of: Iterable[UUID] | None) -> None:
    rest = [one for one in asked if one.made_for != entry.id]
    if not rest:
        return
    named = set(of) if of is not None else {one.object for one in rest}
    if entry.facts.get("opens") != objects_digest(named):
        raise KeeperRefused("entry.opens_other_objects")
    if not {one.object for one in rest} <= named:
        raise KeeperRefused("entry.opens_other_objects")
