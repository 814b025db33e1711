"""A picture is made again from its record, and every pixel compared.

The record is the ledger's: what lies in rows beside it must say the same, or nothing is made.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from access import services as access
from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel import canonical
from kernel.errors import Conflict, NotFound, VerificationFailed
from kernel.ids import LeaseToken
from tenants.generations.models import Generation, ReplayRun
from tenants.generations.rules import ReplayState, State
from tenants.generations.services.starting import Begun, begun_of, check_within, models_of
from tenants.registry import services as registry

# What the entry says of the deed; the rest of its facts is the picture's record.
# Nothing new comes of a replay, so no list of models stands against it.
REPLAYING: Final = access.Use(access.Feature.REPLAY)
_OF_THE_DEED: Final = frozenset({"generation", "intent", "asset", "policy"})


@dataclass(frozen=True)
class BegunReplay:
    """What a replay needs: the request as it was, the entry of its outcome, and the picture it is compared with."""

    request: Begun
    intent: UUID
    picture: UUID
    outcome: audit.RecordedEntry

    @property
    def record(self) -> dict[str, Any]:
        """Return the recorded facts that decided the picture."""
        return {name: value for name, value in self.outcome.facts.items() if name not in _OF_THE_DEED}

    def opens(self) -> list[UUID]:
        """Return the objects that the intent's entry names."""
        return [*self.request.opens(), self.picture]


def replay(actor: Actor, *, asset: UUID, key: str | None = None) -> ReplayRun:
    """Ask for an asset to be made again; the same `key` again returns the same run. Raises Conflict beyond an allowance."""
    actor.require(Permission.REPLAY_ASK)
    asked = access.keyed(actor, key=key, deed="generations.replay", ask={"asset": asset})
    return access.once(actor, asked, do=partial(_replay, actor, asset, asked), again=lambda rows: ReplayRun.objects.get(pk=rows[0]))


def _replay(actor: Actor, asset: UUID, asked: access.Keyed | None) -> ReplayRun:
    run, intent = uuid.uuid4(), uuid.uuid4()
    with actor.writing():
        access.take_key(actor, asked, rows=[run])
        check_within(actor, REPLAYING)
        row: Generation | None = Generation.objects.filter(
            project_id=actor.require_project(), asset_id=asset, state=State.COMPLETED
        ).first()
        if row is None or row.picture_id is None:
            raise NotFound("asset.unknown")
        request = begun_of(row, registry.named(actor, models_of(row)))
        made: ReplayRun = ReplayRun.objects.create(
            id=run, project_id=row.project_id, person_id=actor.person, generation=row, intent_id=intent
        )
        dispatch.put(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, person=actor.person, kind="replay", row=made.pk,
            intent=intent, models=[request.base.digest],
        )  # fmt: skip
        audit.append(
            id=intent, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.REPLAY_ASKED,
            facts={
                "replay": str(made.pk), "generation": str(row.pk), "asset": str(asset),
                "opens": canonical.objects_digest([*request.opens(), row.picture_id]),
            },
        )  # fmt: skip
    return made


def start_replay(actor: Actor, *, replay: UUID) -> BegunReplay:
    """Return what a replay needs; may be repeated. Raises Conflict once it has ended.

    Raises VerificationFailed where the request's row or its models say otherwise than the ledger.
    """
    with actor.reading():
        run = _of(actor, replay)
        if run.state != ReplayState.QUEUED:
            raise Conflict("replay.ended", state=run.state)
        check_within(actor, REPLAYING)
        row = Generation.objects.get(pk=run.generation_id)
        if row.picture_id is None:
            raise NotFound("asset.unknown")
        request = begun_of(row, registry.named(actor, models_of(row)))
        begun = BegunReplay(request, run.intent_id, row.picture_id, _outcome_of(row))
        _check_recorded(row, begun)
        return begun


def _outcome_of(row: Generation) -> audit.RecordedEntry:
    found = None if row.outcome_id is None else audit.find(row.outcome_id)
    if (
        found is None
        or found.kind != Event.GENERATION_COMPLETED
        or (found.tenant, found.project) != (row.tenant_id, row.project_id)
    ):
        raise VerificationFailed("replay.not_recorded")
    return found


def _check_recorded(row: Generation, begun: BegunReplay) -> None:
    outcome, asked = begun.outcome.facts, audit.find(row.intent_id)
    ids = {"generation": str(row.pk), "intent": str(row.intent_id), "asset": str(row.asset_id)}
    is_named = {name: outcome.get(name) for name in ids} == ids
    is_opened = asked is not None and asked.facts.get("opens") == canonical.objects_digest(begun.request.opens())
    record = begun.record
    is_made = _as_recorded(record, begun.request) == record == row.record
    if not (is_named and is_opened and is_made):
        raise VerificationFailed("replay.record_differs")


def _as_recorded(record: Mapping[str, Any], request: Begun) -> dict[str, Any]:
    """Return the record with what the rows say today in the place of what it says."""
    return {
        **record, "purpose": request.purpose, "width": request.width, "height": request.height, "seed": request.seed,
        "steps": request.steps, "guidance": request.guidance, "decisions": request.decisions,
        "base": {**record["base"], "digest": request.base.digest, "family": request.base.family},
        "scheduler": {**record["scheduler"], "name": request.scheduler},
        "adapters": [{"digest": model.digest, "weight": weight} for model, weight in request.adapters],
    }  # fmt: skip


def find_replay(actor: Actor, *, replay: UUID) -> ReplayRun:
    """Return a replay, in the caller's scope. Raises NotFound."""
    return _of(actor, replay)


def finish_replay(
    actor: Actor,
    *,
    replay: UUID,
    largest_difference: int,
    differing_facts: Sequence[str],
    lease: LeaseToken,
    ticket: UUID,
) -> None:
    """Record how a replay compared: equal means no channel of any pixel differs."""
    found = {
        "state": ReplayState.FINISHED, "equal": largest_difference == 0, "largest_difference": largest_difference,
        "differing_facts": list(differing_facts),
    }  # fmt: skip
    _end(actor, replay, columns=found, lease=lease, ticket=ticket)


def fail_replay(actor: Actor, *, replay: UUID, code: str, lease: LeaseToken, ticket: UUID) -> None:
    """Record that a replay could not be made."""
    _end(actor, replay, columns={"state": ReplayState.FAILED, "code": code}, lease=lease, ticket=ticket)


def _end(actor: Actor, replay: UUID, *, columns: Mapping[str, Any], lease: LeaseToken, ticket: UUID) -> None:
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome=str(columns["state"]))
        run = _of(actor, replay)
        ReplayRun.objects.filter(pk=run.pk).update(**columns)
        facts = {name: str(value) if name == "state" else value for name, value in columns.items()}
        audit.append(
            id=uuid.uuid4(), tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.REPLAYED,
            facts={"replay": str(run.pk), "generation": str(run.generation_id), **facts},
        )  # fmt: skip


def _of(actor: Actor, replay: UUID) -> ReplayRun:
    found: ReplayRun | None = ReplayRun.objects.filter(pk=replay, project_id=actor.require_project()).first()
    if found is None:
        raise NotFound("replay.unknown")
    return found
