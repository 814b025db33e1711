"""Requests for pictures over HTTP: ask, watch, cancel; and how a replay went."""

from collections.abc import Sequence
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
from rest_framework.settings import api_settings

from access import services as access
from access.actor import Actor
from access.api.events import EventStreamView
from access.api.once import KEY, key_of
from access.api.scoped import ScopedAPIView
from access.api.sought import narrowed
from access.roles import Permission
from dispatch import services as dispatch
from kernel.errors import NotFound
from tenants.generations import services
from tenants.generations.api import serializers
from tenants.generations.models import Generation
from tenants.generations.rules import OPEN
from tenants.vault import services as vault
from tenants.vault.api.pictures import shown_picture

# Whoever asks reads her own; whoever oversees reads the project's.
READS = (Permission.GENERATION_CREATE, Permission.GENERATION_READ_ALL)


class GenerationsView(ScopedAPIView):
    permissions: ClassVar = {"GET": READS, "POST": Permission.GENERATION_CREATE}
    scoped_reads: ClassVar = False

    @extend_schema(
        operation_id="generations_list",
        parameters=[serializers.GenerationsSoughtSerializer],
        responses=serializers.GenerationSerializer(many=True),
    )
    def get(self, request: Request, project: UUID) -> Response:
        """List one's own requests, or the project's for who may see them."""
        del project
        paginator = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc,operator]  # named in the settings
        with self.actor.reading():
            rows = narrowed(services.of_project(self.actor), request, serializers.GenerationsSoughtSerializer)
            page = list(paginator.paginate_queryset(rows, request, view=self))
        return paginator.get_paginated_response(shown(self.actor, page))  # type: ignore[no-any-return]

    @extend_schema(
        operation_id="generations_submit", parameters=[KEY], request=serializers.GenerationAskSerializer,
        responses={201: serializers.GenerationsMadeSerializer},
    )  # fmt: skip
    def post(self, request: Request, project: UUID) -> Response:
        """Ask for pictures; a refused prompt is recorded and comes back with its reasons."""
        del project
        asked = serializers.GenerationAskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rows = services.submit(self.actor, order=_order(asked.validated_data), key=key_of(request))
        return Response({"results": shown(self.actor, rows)}, status=HTTPStatus.CREATED)


class GenerationView(ScopedAPIView):
    permissions: ClassVar = {"GET": READS}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="generations_read", responses=serializers.GenerationSerializer)
    def get(self, _request: Request, project: UUID, generation: UUID) -> Response:
        """Return one request."""
        del project
        with self.actor.reading():
            row = services.found(self.actor, generation=generation)
        return Response(shown(self.actor, [row])[0])


class CancelView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.GENERATION_CREATE}

    @extend_schema(operation_id="generations_cancel", request=None, responses=serializers.GenerationSerializer)
    def post(self, _request: Request, project: UUID, generation: UUID) -> Response:
        """Cancel a request of one's own."""
        del project
        row = services.cancel(self.actor, generation=generation)
        return Response(shown(self.actor, [row])[0])


class EventsView(EventStreamView):
    permissions: ClassVar = {"GET": READS}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="generations_events", responses={(200, "text/event-stream"): OpenApiTypes.STR})
    def get(self, _request: Request, project: UUID, generation: UUID) -> HttpResponseBase:
        """Stream progress, previews and states as they come."""
        del project
        with self.actor.reading():
            services.found(self.actor, generation=generation)
        return self.stream(row=generation, state=lambda actor: services.found(actor, generation=generation).state)


class PreviewView(ScopedAPIView):
    permissions: ClassVar = {"GET": READS}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="generations_preview", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, _request: Request, project: UUID, generation: UUID) -> HttpResponse:
        """Return the newest preview, while there is one; for a guest with her mark."""
        del project
        with self.actor.reading():
            services.found(self.actor, generation=generation)
        blob = dispatch.shown(tenant=self.actor.tenant, project=self.actor.project, row=generation)
        if blob is None:
            raise NotFound("preview.none")
        content = vault.open_passing(self.actor, blob, under=vault.view(self.actor))
        return shown_picture(self.actor, content, media_type="image/png")


class ReplayView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.REPLAY_ASK}

    @extend_schema(operation_id="replays_read", responses=serializers.ReplaySerializer)
    def get(self, _request: Request, project: UUID, replay: UUID) -> Response:
        """Return how a replay went."""
        del project
        return Response(serializers.ReplaySerializer(services.find_replay(self.actor, replay=replay)).data)


def shown(actor: Actor, rows: Sequence[Generation]) -> list[dict[str, Any]]:
    """Return requests as the API says them, what was typed opened under the Actor's view."""
    if not rows:
        return []
    typed = services.prompt_of(actor, list(rows), under=vault.view(actor))
    names = askers(actor, rows)
    said = [_said(row, typed[row.pk]) | {"person": names.get(row.person_id, "")} for row in rows]
    return [dict(one) for one in serializers.GenerationSerializer(said, many=True).data]


def askers(actor: Actor, rows: Sequence[Generation]) -> dict[UUID, str]:
    """Return person → name of who asked."""
    with actor.reading():
        return access.names_of({row.person_id for row in rows})


def _said(row: Generation, typed: dict[str, str]) -> dict[str, Any]:
    where = {"project": row.project_id, "generation": row.pk}
    return {
        "id": row.pk, "state": row.state, "reasons": [reason_said(one, typed) for one in row.reasons], "code": row.code,
        "purpose": row.purpose, **typed, "base": row.base_id, "adapters": row.adapters, "seed": row.seed, "steps": row.steps,
        "guidance": row.guidance, "width": row.width, "height": row.height, "scheduler": row.scheduler, "asset": row.asset_id,
        "preview_url": reverse("generation-preview", kwargs=where) if row.state in OPEN else None, "created": row.created,
    }  # fmt: skip


def reason_said(reason: dict[str, Any], typed: dict[str, str]) -> dict[str, Any]:
    """Return a reason with the words it is about, which are the asker's own, or with the limit that it met."""
    said = {"rule": str(reason.get("rule") or reason["code"])}
    said |= {name: reason[name] for name in ("model", "most", "used", "opens") if name in reason}
    if reason["code"] == "prompt.refused":
        text = typed["negative" if reason.get("text") else "prompt"]
        said["span"] = text[int(reason["start"]) : int(reason["end"])]
    return said


def _order(asked: dict[str, Any]) -> services.Order:
    adapters = tuple((one["model"], float(one["weight"])) for one in asked.get("adapters", []))
    rest = {name: value for name, value in asked.items() if name != "adapters"}
    return services.Order(adapters=adapters, **rest)
