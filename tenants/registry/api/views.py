"""Models over HTTP: what there is, and a second person's decision."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from access import services as access
from access.actor import Actor
from access.api.scoped import ScopedAPIView
from access.api.sought import narrowed
from access.roles import Permission
from kernel.errors import NotFound
from tenants.registry import services
from tenants.registry.api import serializers
from tenants.registry.models import RegisteredModel
from tenants.registry.rules import Kind, State
from tenants.vault import services as vault


class ModelsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.MODEL_READ}
    scoped_reads: ClassVar = False

    @extend_schema(
        operation_id="models_list",
        parameters=[serializers.ModelsSoughtSerializer],
        responses=serializers.ModelSerializer(many=True),
    )
    def get(self, request: Request, project: UUID) -> Response:
        """List the bases and the project's models, newest first."""
        del project
        under = vault.view(self.actor)
        paginator = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc,operator]  # named in the settings
        with self.actor.reading():
            rows = narrowed(services.visible(self.actor), request, serializers.ModelsSoughtSerializer)
            page = list(paginator.paginate_queryset(rows, request, view=self))
        shown = shown_models(self.actor, page, under=under)
        return paginator.get_paginated_response(serializers.ModelSerializer(shown, many=True).data)  # type: ignore[no-any-return]


class ModelView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.MODEL_READ}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="models_read", responses=serializers.ModelSerializer)
    def get(self, _request: Request, project: UUID, model: UUID) -> Response:
        """Return one model."""
        del project
        return Response(_shown(self.actor, model))


class DecisionView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.MODEL_DECIDE}

    @extend_schema(operation_id="models_decide", request=serializers.DecisionSerializer, responses=serializers.ModelSerializer)
    def post(self, request: Request, project: UUID, model: UUID) -> Response:
        """Approve or reject a candidate that somebody else trained."""
        del project
        asked = serializers.DecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.decide(self.actor, model=model, **asked.validated_data)
        return Response(_shown(self.actor, model))


def _shown(actor: Actor, model: UUID) -> dict[str, Any]:
    under = vault.view(actor)
    with actor.reading():
        row = services.visible(actor).filter(pk=model).first()
    if row is None:
        raise NotFound("model.unknown")
    shown = serializers.ModelSerializer(shown_models(actor, [row], under=under)[0]).data
    return dict(shown)


def shown_models(actor: Actor, rows: Sequence[RegisteredModel], *, under: UUID) -> list[dict[str, Any]]:
    """Return models as the API says them, their trigger words opened under a view."""
    words = services.words_of(actor, rows, under=under)
    with actor.reading():
        names = access.names_of({row.trained_by_id for row in rows if row.trained_by_id is not None})
        within = services.within_allowance(actor, rows)
    return [_said(actor, row, words, names) | {"may_use": row.pk in within} for row in rows]


def _said(actor: Actor, row: RegisteredModel, words: dict[UUID, str], names: dict[UUID, str]) -> dict[str, Any]:
    of = row if row.kind == Kind.BASE else row.base
    waits = row.state == State.CANDIDATE and row.evaluation is not None
    measures = ("loss_before", "loss_after", "style_before", "style_after", "style_floor")
    return {
        "id": row.pk, "name": row.name, "kind": row.kind, "state": row.state, "family": row.family, "digest": row.digest,
        "licence": " + ".join(row.licences), "base": row.base_id, "trigger": words.get(row.pk, ""), "created": row.created,
        "evaluation": {name: row.evaluation.get(name) for name in measures} if row.evaluation else None,
        "side": services.side_of(Path(of.folder)) if of is not None else None,
        "suggested": services.habits_of(Path(row.folder)).told() if row.kind == Kind.BASE else None,
        "trained_by": row.trained_by_id, "trainer": names.get(row.trained_by_id, "") if row.trained_by_id else "",
        "may_decide": waits and actor.may(Permission.MODEL_DECIDE) and row.trained_by_id != actor.person,
    }  # fmt: skip
