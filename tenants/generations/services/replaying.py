"""A picture is made again from its record, and every pixel compared."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from access import services as access
from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from kernel import canonical
from kernel.errors import Conflict, NotFound
from kernel.ids import LeaseToken
from tenants.generations.models import Generation, ReplayRun
from tenants.generations.rules import ReplayState, State
from tenants.generations.services.starting import Begun, begun_of, models_of
from tenants.registry import services as registry


@dataclass(frozen=True)
class BegunReplay:
    """What a replay needs: the request as it was, its record, and the picture it is compared with."""

    request: Begun
    intent: UUID
    picture: UUID
    record: dict[str, Any]

    def opens(self) -> list[UUID]:
        """Return the objects that the intent's entry names."""
        return [*self.request.opens(), self.picture]


def replay(actor: Actor, *, asset: UUID, key: str | None = None) -> ReplayRun:
    """Ask for an asset to be made again; the same `key` again returns the same run."""
    actor.require(Permission.REPLAY_ASK)
    asked = access.keyed(actor, key=key, deed="generations.replay", ask={"asset": asset})
    return access.once(actor, asked, do=partial(_replay, actor, asset, asked), again=lambda rows: ReplayRun.objects.get(pk=rows[0]))


def _replay(actor: Actor, asset: UUID, asked: access.Keyed | None) -> ReplayRun:
    run, intent = uuid.uuid4(), uuid.uuid4()
    with actor.writing():
        access.take_key(actor, asked, rows=[run])
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
    """Return what a replay needs; may be repeated. Raises Conflict once it has ended."""
    with actor.reading():
        run = _of(actor, replay)
        if run.state != ReplayState.QUEUED:
            raise Conflict("replay.ended", state=run.state)
        row = Generation.objects.get(pk=run.generation_id)
        if row.picture_id is None:
            raise NotFound("asset.unknown")
        request = begun_of(row, registry.named(actor, models_of(row)))
        return BegunReplay(request, run.intent_id, row.picture_id, dict(row.record or {}))


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
