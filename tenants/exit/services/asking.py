"""Somebody asks to take a model away; the licence gate answers, and both are recorded."""

import uuid
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from access import services as access
from access.actor import Actor
from access.roles import Permission
from dispatch import services as dispatch
from governance.audit import services as audit
from governance.audit.events import Event
from governance.licensing import services as licensing
from governance.licensing.rules import Decision, RightsBasis
from kernel import canonical
from kernel.errors import Conflict, NotFound
from tenants.datasets import services as datasets
from tenants.exit.models import Exit
from tenants.exit.rules import State, owed_a_name
from tenants.registry.models import RegisteredModel
from tenants.registry.services import visible


def request(actor: Actor, *, model: UUID, key: str | None = None) -> Exit:
    """Ask for a bundle of one approved model; *refused* with its reasons where a licence or a right says no.

    The same `key` again returns the same request.
    """
    actor.require_step_up(Permission.EXPORT_REQUEST)
    asked = access.keyed(actor, key=key, deed="exit.request", ask={"model": model})
    return access.once(actor, asked, do=partial(_request, actor, model, asked), again=lambda rows: Exit.objects.get(pk=rows[0]))


def _request(actor: Actor, model: UUID, asked: access.Keyed | None) -> Exit:
    exit_id, entry = uuid.uuid4(), uuid.uuid4()
    with actor.writing():
        access.take_key(actor, asked, rows=[exit_id])
        row = _approved(actor, model)
        decision = licensing.check_export(row.licences, rights=[RightsBasis(one) for one in row.rights])
        opened = _opens(actor, row)
        made: Exit = Exit.objects.create(
            id=exit_id, project_id=actor.require_project(), person_id=actor.person, model=row, intent_id=entry,
            duties=list(decision.duties), opens=[str(one) for one in opened],
            state=State.QUEUED if decision.allowed else State.REFUSED,
            refusals=[] if decision.allowed else list(decision.clauses),
        )  # fmt: skip
        if decision.allowed:
            dispatch.put(
                id=uuid.uuid4(),
                tenant=actor.tenant,
                project=actor.project,
                person=actor.person,
                kind="exit",
                row=made.pk,
                intent=entry,
            )
        _record(actor, made, decision, opened, entry=entry)
    return made


def of_project(actor: Actor) -> "QuerySet[Exit]":
    """Return the project's requests, newest first."""
    actor.require(Permission.EXPORT_REQUEST)
    rows: QuerySet[Exit] = Exit.objects.filter(project_id=actor.require_project()).order_by("-created")
    return rows


def found(actor: Actor, *, exit_id: UUID) -> Exit:
    """Return one request of the project. Raises NotFound."""
    row = of_project(actor).filter(pk=exit_id).first()
    if row is None:
        raise NotFound("exit.unknown")
    return row


def _approved(actor: Actor, model: UUID) -> RegisteredModel:
    row: RegisteredModel | None = visible(actor).filter(pk=model).first()
    if row is None or row.object_id is None:
        raise NotFound("model.unknown")
    if row.state != "approved":
        raise Conflict("model.not_approved", state=row.state)
    return row


def _opens(actor: Actor, model: RegisteredModel) -> list[UUID]:
    """Return what assembling opens: weights, words, and what names the pictures of others that it was trained on."""
    frozen = datasets.frozen(actor, dataset=UUID(model.lineage["dataset"]))
    own = [one for one in (model.object_id, model.words_id) if one is not None]
    return [*own, *(item.words_id for item in owed_a_name(frozen.items))]


def _record(actor: Actor, made: Exit, decision: Decision, opened: list[UUID], *, entry: UUID) -> None:
    audit.append(
        id=entry, tenant=actor.tenant, project=actor.project, actor=actor.pseudonym,
        kind=Event.EXIT_REQUESTED if decision.allowed else Event.EXIT_REFUSED,
        facts={
            "exit": str(made.pk), "model": str(made.model_id), "licensing": decision.result.value,
            "licensing_rules": decision.rules_digest, "opens": canonical.objects_digest(opened),
        },
    )  # fmt: skip
