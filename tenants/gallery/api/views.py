"""Assets over HTTP: find, look, take away, make again."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from access import services as access
from access.actor import Actor
from access.api import linked
from access.api.linked import LinkSerializer
from access.api.once import KEY, key_of
from access.api.scoped import ScopedAPIView
from access.links import Purpose
from access.roles import Permission
from tenants.gallery import services
from tenants.gallery.api import serializers
from tenants.gallery.models import Asset
from tenants.generations import services as generations
from tenants.generations.api.serializers import ReplaySerializer
from tenants.vault.api.pictures import shown_picture


class AssetsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.ASSET_READ}

    @extend_schema(
        operation_id="assets_list", parameters=[serializers.SoughtSerializer],
        responses=serializers.AssetSummarySerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request, project: UUID) -> Response:
        """List the project's pictures, newest first."""
        del project
        asked = serializers.SoughtSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        paginator = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc,operator]  # named in the settings
        page = list(
            paginator.paginate_queryset(services.find(self.actor, services.Sought(**asked.validated_data)), request, view=self)
        )
        names = access.names_of({row.person_id for row in page})
        said = [_summary(row, names) for row in page]
        return paginator.get_paginated_response(serializers.AssetSummarySerializer(said, many=True).data)  # type: ignore[no-any-return]


class AssetView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.ASSET_READ}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="assets_read", responses=serializers.AssetSerializer)
    def get(self, _request: Request, project: UUID, asset: UUID) -> Response:
        """Return a picture with every recorded fact."""
        del project
        shown = services.detail(self.actor, asset=asset)
        with self.actor.reading():
            names = access.names_of({shown.asset.person_id})
        return Response(serializers.AssetSerializer(_detail(shown, names)).data)


class PictureView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.ASSET_READ}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="assets_picture", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, _request: Request, project: UUID, asset: UUID) -> HttpResponse:
        """Return the signed picture, to look at; for a guest a copy with her mark."""
        del project
        return shown_picture(self.actor, services.picture(self.actor, asset=asset), media_type="image/png")


class ThumbnailView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.ASSET_READ}
    scoped_reads: ClassVar = False

    @extend_schema(operation_id="assets_thumbnail", responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, _request: Request, project: UUID, asset: UUID) -> HttpResponse:
        """Return the small picture; for a guest with her mark."""
        del project
        return shown_picture(self.actor, services.thumbnail(self.actor, asset=asset), media_type="image/webp")


class DownloadView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.ASSET_DOWNLOAD}

    @extend_schema(operation_id="assets_download", request=None, responses={(200, "image/png"): OpenApiTypes.BINARY})
    def post(self, _request: Request, project: UUID, asset: UUID) -> HttpResponse:
        """Return the signed picture, to take away; recorded."""
        del project
        return _taken(self.actor, asset)


class DownloadLinkView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.ASSET_DOWNLOAD}

    @extend_schema(operation_id="assets_download_link", request=None, responses={200: LinkSerializer})
    def post(self, request: Request, project: UUID, asset: UUID) -> Response:
        """Make a link that the person may open within a minute; what it hands out is recorded then."""
        del project
        link = services.link(self.actor, asset=asset)
        return Response(LinkSerializer(linked.said(self.actor, request, link=link, door="asset-by-link")).data)


class LinkedDownloadView(linked.LinkedAPIView):
    purpose: ClassVar = Purpose.ASSET

    @extend_schema(operation_id="assets_by_link", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, link: str) -> HttpResponse:
        """Return the signed picture that a link names, to take away; recorded."""
        return _taken(*self.opened(request, link))


class WithdrawView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.ASSET_WITHDRAW}

    @extend_schema(operation_id="assets_withdraw", request=None, responses={204: None})
    def post(self, _request: Request, project: UUID, asset: UUID) -> Response:
        """Take a picture out of the gallery."""
        del project
        services.withdraw(self.actor, asset=asset)
        return Response(status=HTTPStatus.NO_CONTENT)


class ReplayView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.REPLAY_ASK}

    @extend_schema(operation_id="assets_replay", parameters=[KEY], request=None, responses={201: ReplaySerializer})
    def post(self, request: Request, project: UUID, asset: UUID) -> Response:
        """Ask for the picture to be made again from its record."""
        del project
        run = generations.replay(self.actor, asset=asset, key=key_of(request))
        return Response(ReplaySerializer(run).data, status=HTTPStatus.CREATED)


def _taken(actor: Actor, asset: UUID) -> HttpResponse:
    named = {"Content-Disposition": f'attachment; filename="{asset}.png"', "Cache-Control": "no-store"}
    return HttpResponse(services.download(actor, asset=asset), content_type="image/png", headers=named)


def _summary(row: Asset, names: dict[UUID, str]) -> dict[str, Any]:
    where = {"project": row.project_id, "asset": row.pk}
    return {
        "id": row.pk, "width": row.width, "height": row.height, "seed": row.seed, "created": row.created, "purpose": row.purpose,
        "person": names.get(row.person_id, ""), "thumbnail_url": reverse("asset-thumbnail", kwargs=where),
    }  # fmt: skip


def _detail(shown: services.Shown, names: dict[UUID, str]) -> dict[str, Any]:
    row, request = shown.asset, shown.asset.generation
    return _summary(row, names) | {
        "picture_url": reverse("asset-picture", kwargs={"project": row.project_id, "asset": row.pk}),
        "prompt": shown.prompt, "negative": shown.negative, "base": request.base_id, "adapters": request.adapters,
        "record": request.record or {}, "entry": row.entry_id, "entry_url": f"/api/v1/ledger/entries/{row.entry_id}",
    }  # fmt: skip
