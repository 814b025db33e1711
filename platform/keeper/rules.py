"""Which process may ask what, and which recorded entry allows which key. Pure: decides on plain values.

An entry allows a data key when the key was generated for that entry; when the entry is an intent whose facts carry the
digest of the objects it opens; or when it is a person's view of that project in this hour. Processes that serve people
open for what people do (look, download, take away) and for nothing else.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

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
    "model": frozenset({"training.started", "training.finished"}),
    "bundle": frozenset({"exit.requested"}),
}
PEOPLES: Final = frozenset({"web", "command"})
# What a person looks at or carries away; anything else is opened by workers for an intent.
OPENED_FOR_PEOPLE: Final = frozenset({"view.opened", "asset.downloaded", "exit.handed_over"})
VIEW_GRACE: Final = timedelta(minutes=5)
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


def may_sign(process: str, purpose: str, entry: Recorded | None, *, tenant: UUID) -> None:
    """Raise KeeperRefused unless this process signs this; all but checkpoints need a recorded entry of that tenant."""
    if purpose not in SIGNS.get(process, frozenset()):
        raise KeeperRefused("purpose.not_yours")
    if purpose == "checkpoint":
        return
    if entry is None or entry.tenant != tenant:
        raise KeeperRefused("entry.missing")
    if entry.kind not in SIGNED_FOR[purpose]:
        raise KeeperRefused("entry.other_kind")


def may_destroy(entry: Recorded | None, *, tenant: UUID, project: UUID | None, person: UUID | None) -> None:
    """Raise KeeperRefused unless the entry asks for just this destruction; it names by digest whose keys go."""
    if entry is None or entry.tenant != tenant:
        raise KeeperRefused("entry.missing")
    if entry.kind != DESTROY:
        raise KeeperRefused("entry.other_kind")
    if entry.facts.get("destroys") != objects_digest(one for one in (project, person) if one is not None):
        raise KeeperRefused("entry.destroys_other_keys")


def wanted(aad: bytes, made_for: UUID) -> Wanted:
    """Return what the associated data name."""
    named = json.loads(aad)
    project = UUID(named["project"]) if named["project"] else None
    return Wanted(UUID(named["object"]), UUID(named["tenant"]), project, made_for)


def may_open(process: str, entry: Recorded | None, asked: Iterable[Wanted], *, of: Iterable[UUID] | None, now: datetime) -> bool:
    """Raise KeeperRefused unless the entry allows every key asked for; True when what is opened must be noted."""
    asked = list(asked)
    if entry is None:
        raise KeeperRefused("entry.missing")
    if any(one.tenant != entry.tenant for one in asked):
        raise KeeperRefused("entry.other_tenant")
    if process in PEOPLES and entry.kind not in OPENED_FOR_PEOPLE:
        raise KeeperRefused("entry.not_for_people")
    if entry.kind == VIEW:
        _check_view(entry, asked, now)
        return True
    rest = [one for one in asked if one.made_for != entry.id]
    if rest:
        _check_intent(entry, rest, of)
    return False


def _check_view(entry: Recorded, asked: list[Wanted], now: datetime) -> None:
    if any(one.project != entry.project for one in asked):
        raise KeeperRefused("view.other_project")
    begins = entry.ts.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if not begins <= now <= begins + timedelta(hours=1) + VIEW_GRACE:
        raise KeeperRefused("view.over")


def _check_intent(entry: Recorded, rest: list[Wanted], of: Iterable[UUID] | None) -> None:
    named = set(of) if of is not None else {one.object for one in rest}
    if entry.facts.get("opens") != objects_digest(named):
        raise KeeperRefused("entry.opens_other_objects")
    if not {one.object for one in rest} <= named:
        raise KeeperRefused("entry.opens_other_objects")
