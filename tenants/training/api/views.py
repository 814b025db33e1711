"""Training runs over HTTP: start, watch, cancel, resume."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from access.api.events import EventStreamView
from access.api.once import KEY, key_of
from access.api.scoped import ScopedAPIView
from access.api.sought import narrowed
from access.api.views import page_of
from access.roles import Permission
from tenants.training import services
from tenants.training.api import serializers
from tenants.training.models import TrainingRun
from tenants.vault.api.pictures import shown_picture


class RunsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ, "POST": Permission.TRAINING_START}

    @extend_schema(
        operation_id="training_runs_list", parameters=[serializers.RunsSoughtSerializer],
        responses=serializers.RunSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request, project: UUID) -> Response:
        """List the project's runs."""
        del project
        rows = narrowed(services.of_project(self.actor), request, serializers.RunsSoughtSerializer)
        return page_of(self, rows, serializers.RunSerializer)

    @extend_schema(
        operation_id="training_runs_start", parameters=[KEY], request=serializers.RunRequestSerializer,
        responses={201: serializers.RunDetailSerializer},
    )  # fmt: skip
    def post(self, request: Request, project: UUID) -> Response:
        """Start a run on a frozen dataset."""
        del project
        asked = serializers.RunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted: dict[str, Any] = asked.validated_data
        ask = services.Ask(
            wanted["dataset"], wanted["base"], wanted["name"], services.TrainConfig.of(wanted.get("config") or {}),
            key_of(request),
        )  # fmt: skip
        run = services.start(self.actor, ask=ask)
        with self.actor.reading():
            return Response(shown(run), status=HTTPStatus.CREATED)


class RunView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ}

    @extend_schema(operation_id="training_runs_read", responses=serializers.RunDetailSerializer)
    def get(self, _request: Request, project: UUID, run: UUID) -> Response:
        """Return a run with its loss curve and samples."""
        del project
        return Response(shown(services.found(self.actor, run=run)))


class CancelView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.TRAINING_CANCEL}

    @extend_schema(operation_id="training_runs_cancel", request=None, responses=serializers.RunDetailSerializer)
    def post(self, _request: Request, project: UUID, run: UUID) -> Response:
        """Cancel a run; it may be resumed."""
        del project
        row = services.cancel(self.actor, run=run)
        with self.actor.reading():
            return Response(shown(row))


class ResumeView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.TRAINING_START}

    @extend_schema(operation_id="training_runs_resume", parameters=[KEY], request=None, responses=serializers.RunDetailSerializer)
    def post(self, request: Request, project: UUID, run: UUID) -> Response:
        """Take up a stopped run where it stopped."""
        del project
        row = services.resume(self.actor, run=run, key=key_of(request))
        with self.actor.reading():
            return Response(shown(row))


class EventsView(EventStreamView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="training_runs_events", responses={(200, "text/event-stream"): OpenApiTypes.STR})
    def get(self, _request: Request, project: UUID, run: UUID) -> HttpResponseBase:
        """Stream reports, samples and states as they come."""
        del project
        with self.actor.reading():
            services.found(self.actor, run=run)
        return self.stream(row=run, state=lambda actor: services.found(actor, run=run).state)


class SampleView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="training_runs_sample", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, _request: Request, project: UUID, run: UUID, step: int, number: int) -> HttpResponse:
        """Return one sample picture, opened under the person's view; for a guest with her mark."""
        del project
        content = services.sample(self.actor, run=run, step=step, number=number)
        return shown_picture(self.actor, content, media_type="image/png")


def shown(run: TrainingRun) -> dict[str, Any]:
    """Return a run as the API says it."""
    samples = [{"step": one.step, "index": one.number, "url": _url(run, one.step, one.number)} for one in services.samples(run)]
    return dict(serializers.RunSerializer(run).data) | {"loss_curve": run.loss_curve, "samples": samples}


def _url(run: TrainingRun, step: int, number: int) -> str:
    return reverse("training-run-sample", kwargs={"project": run.project_id, "run": run.pk, "step": step, "number": number})
