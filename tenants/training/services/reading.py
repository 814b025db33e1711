"""Questions about runs, and their samples."""

from uuid import UUID

from django.db.models import QuerySet

from access.actor import Actor
from access.roles import Permission
from kernel.errors import NotFound
from tenants.training.models import Sample, TrainingRun
from tenants.vault import services as vault


def of_project(actor: Actor) -> "QuerySet[TrainingRun]":
    """Return the project's runs, newest first."""
    actor.require(Permission.DATASET_READ)
    return in_project(actor)


def found(actor: Actor, *, run: UUID) -> TrainingRun:
    """Return one run, in the caller's scope. Raises NotFound."""
    return _one(of_project(actor), run)


def samples(run: TrainingRun) -> "QuerySet[Sample]":
    """Return what a run made on its way, in order."""
    rows: QuerySet[Sample] = Sample.objects.filter(run=run).order_by("step", "number")
    return rows


def sample(actor: Actor, *, run: UUID, step: int, number: int) -> bytes:
    """Return one sample picture, under a view."""
    under = vault.view(actor)
    with actor.reading():
        row = samples(found(actor, run=run)).filter(step=step, number=number).first()
        if row is None:
            raise NotFound("sample.unknown")
    return vault.open_one(actor, row.picture_id, under=under)


def in_project(actor: Actor) -> "QuerySet[TrainingRun]":
    """Return the project's runs for who works on them: the worker as the person who asked, or as the system."""
    rows: QuerySet[TrainingRun] = TrainingRun.objects.filter(project_id=actor.require_project()).order_by("-created", "id")
    return rows


def locked(actor: Actor, run: UUID) -> TrainingRun:
    """Return one run, locked until the caller's transaction ends. Raises NotFound."""
    return _one(in_project(actor).select_for_update(), run)


def _one(rows: "QuerySet[TrainingRun]", run: UUID) -> TrainingRun:
    row = rows.filter(pk=run).first()
    if row is None:
        raise NotFound("run.unknown")
    return row
