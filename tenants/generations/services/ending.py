"""The four ends of a request: completed (by the gallery), withheld, failed, cancelled."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from dispatch.rules import STOPPED, Kind
from governance.audit import services as audit
from governance.audit.events import Event
from governance.moderation.rules import Verdict
from kernel import canonical
from kernel.errors import Conflict, NotFound
from kernel.ids import LeaseToken
from kernel.scope import joined
from tenants.generations.models import Generation
from tenants.generations.rules import OPEN, State
from tenants.vault import services as vault


@dataclass(frozen=True)
class Outcome:
    """What a completed request leaves: the asset, its sealed picture and openings, its record and entry."""

    asset: UUID
    picture: UUID
    openings: UUID
    record: Mapping[str, Any]
    entry: UUID


def complete(actor: Actor, *, generation: UUID, outcome: Outcome) -> None:
    """Mark a request as completed, in the gallery's deed. Raises Conflict once it has ended."""
    joined()
    _end(
        actor, generation, state=State.COMPLETED, asset_id=outcome.asset, picture_id=outcome.picture,
        openings_id=outcome.openings, record=dict(outcome.record), outcome_id=outcome.entry,
    )  # fmt: skip


def withhold(
    actor: Actor,
    *,
    generation: UUID,
    png: bytes,
    record: Mapping[str, Any],
    verdict: Verdict,
    lease: LeaseToken,
    ticket: UUID,
) -> None:
    """Keep a picture that policy does not show: sealed for the reviewer alone, recorded with its reasons."""
    entry = uuid.uuid4()
    hidden = canonical.hide("file", tenant=actor.tenant, value=canonical.sha256_hex(png).encode())
    picture = vault.seal(actor, png, media_type="image/png", entry=entry)
    opening = json.dumps({"file": hidden.opening.hex()}).encode()
    openings = vault.seal(actor, opening, media_type="application/json", entry=entry, subject=True)
    reasons = [{"code": reason.rule, **asdict(reason)} for reason in verdict.reasons]
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="withheld")
        kept, opened = vault.keep(actor, picture), vault.keep(actor, openings)
        row = _end(
            actor, generation, state=State.WITHHELD, picture_id=kept.pk, openings_id=opened.pk, record=dict(record),
            reasons=reasons, outcome_id=entry,
        )  # fmt: skip
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.GENERATION_WITHHELD,
            facts={
                "generation": str(row.pk), "intent": str(row.intent_id), "reasons": [reason["code"] for reason in reasons],
                "policy": verdict.policy_digest,
            },
            commits={"file": hidden.commitment},
        )  # fmt: skip


def fail(actor: Actor, *, generation: UUID, code: str, lease: LeaseToken, ticket: UUID) -> None:
    """Record that a request failed for good; the code says why and holds no content."""
    entry = uuid.uuid4()
    with actor.writing():
        dispatch.settle(lease, ticket=ticket, outcome="failed")
        row = _end(actor, generation, state=State.FAILED, code=code, outcome_id=entry)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.GENERATION_FAILED,
            facts={"generation": str(row.pk), "intent": str(row.intent_id), "code": code},
        )  # fmt: skip


def cancel(actor: Actor, *, generation: UUID) -> Generation:
    """Cancel a request of one's own. Raises Conflict once it has ended."""
    actor.require(Permission.GENERATION_CREATE)
    entry = uuid.uuid4()
    with actor.writing():
        mine = Generation.objects.filter(pk=generation, project_id=actor.require_project(), person_id=actor.person)
        if not mine.exists():
            raise NotFound("generation.unknown")
        row = _end(actor, generation, state=State.CANCELLED, outcome_id=entry)
        dispatch.stop(tenant=actor.tenant, row=generation)
        audit.append(
            id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym, kind=Event.GENERATION_CANCELLED,
            facts={"generation": str(row.pk), "intent": str(row.intent_id)},
        )  # fmt: skip
    dispatch.tell(tenant=actor.tenant, project=actor.project, row=generation, event={"event": "state", "state": "cancelled"})
    return row


def end_stopped(actor: Actor) -> int:
    """Record as failed what is still open though its work was stopped with its person or project; the standing ticket's work."""
    with actor.reading():
        rows = dispatch.stopped_rows(tenant=actor.tenant, kind=Kind.GENERATE)
        over = list(Generation.objects.filter(pk__in=rows, state__in=OPEN).values_list("pk", flat=True))
    for row in over:
        _record_stopped(actor, row)
    return len(over)


def _record_stopped(actor: Actor, generation: UUID) -> None:
    entry = uuid.uuid4()
    with actor.writing():
        row: Generation | None = Generation.objects.select_for_update().filter(pk=generation, state__in=OPEN).first()
        if row is None:
            return
        Generation.objects.filter(pk=row.pk).update(state=State.FAILED, code=STOPPED, ended=timezone.now(), outcome_id=entry)
        audit.append(
            id=entry, tenant=actor.tenant, project=row.project_id, actor=actor.pseudonym, kind=Event.GENERATION_FAILED,
            facts={"generation": str(row.pk), "intent": str(row.intent_id), "code": STOPPED},
        )  # fmt: skip


def _end(actor: Actor, generation: UUID, **columns: Any) -> Generation:
    row: Generation | None = (
        Generation.objects.select_for_update().filter(pk=generation, project_id=actor.require_project()).first()
    )
    if row is None:
        raise NotFound("generation.unknown")
    if row.state not in OPEN:
        raise Conflict("generation.ended", state=row.state)
    Generation.objects.filter(pk=row.pk).update(ended=timezone.now(), **columns)
    for name, value in columns.items():
        setattr(row, name, value)
    return row
