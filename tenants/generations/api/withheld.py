"""Withheld pictures over HTTP, for their reviewer: what was asked, why it is not shown, and the picture itself."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from access.api.scoped import ScopedAPIView
from access.api.sought import narrowed
from access.roles import Permission
from tenants.generations import services
from tenants.generations.api import serializers
from tenants.generations.api.views import askers, reason_said
from tenants.generations.models import Generation
from tenants.vault import services as vault
from tenants.vault.api.pictures import shown_picture


class WithheldView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.WITHHELD_REVIEW}
    scoped_reads: ClassVar = False

    @extend_schema(
        operation_id="withheld_list",
        parameters=[serializers.WithheldSoughtSerializer],
        responses=serializers.WithheldSerializer(many=True),
    )
    def get(self, request: Request, project: UUID) -> Response:
        """List the project's withheld pictures with what was typed and why they are not shown, newest first."""
        del project
        paginator = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc,operator]  # named in the settings
        with self.actor.reading():
            rows = narrowed(services.withheld(self.actor), request, serializers.WithheldSoughtSerializer)
            page = list(paginator.paginate_queryset(rows, request, view=self))
        return paginator.get_paginated_response(self._shown(page))  # type: ignore[no-any-return]

    def _shown(self, rows: list[Generation]) -> list[Any]:
        if not rows:
            return []
        typed = services.prompt_of(self.actor, rows, under=vault.view(self.actor))
        names = askers(self.actor, rows)
        said = [_said(row, typed[row.pk]) | {"person": names.get(row.person_id, "")} for row in rows]
        return list(serializers.WithheldSerializer(said, many=True).data)


class WithheldPictureView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.WITHHELD_REVIEW}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="withheld_picture", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, _request: Request, project: UUID, generation: UUID) -> HttpResponse:
        """Return a withheld picture, opened under the reviewer's recorded view."""
        del project
        content = services.withheld_picture(self.actor, generation=generation)
        return shown_picture(self.actor, content, media_type="image/png")


def _said(row: Generation, typed: dict[str, str]) -> dict[str, Any]:
    where = {"project": row.project_id, "generation": row.pk}
    return {
        "id": row.pk, "reasons": [reason_said(one, typed) for one in row.reasons], **typed, "width": row.width,
        "height": row.height, "picture_url": reverse("withheld-picture", kwargs=where), "created": row.created,
        "ended": row.ended,
    }  # fmt: skip
