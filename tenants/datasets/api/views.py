"""Datasets over HTTP: each picture comes by itself, so one refusal stops no other."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from access.api.scoped import ScopedAPIView
from access.api.sought import narrowed
from access.api.views import page_of
from access.roles import Permission
from governance.licensing.rules import RightsBasis
from kernel.errors import InvalidInput, NotFound
from tenants.datasets import services
from tenants.datasets.api import serializers
from tenants.datasets.models import Dataset, Item
from tenants.vault import services as vault
from tenants.vault.api.pictures import shown_picture


class DatasetsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ, "POST": Permission.DATASET_EDIT}

    @extend_schema(
        operation_id="datasets_list", parameters=[serializers.DatasetsSoughtSerializer],
        responses=serializers.DatasetSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request, project: UUID) -> Response:
        """List the project's datasets."""
        rows = narrowed(Dataset.objects.filter(project_id=project), request, serializers.DatasetsSoughtSerializer)
        rows = rows.annotate(items_count=Count("items"))
        return page_of(self, rows, serializers.DatasetSerializer)

    @extend_schema(
        operation_id="datasets_create", request=serializers.DatasetSerializer, responses={201: serializers.DatasetSerializer}
    )
    def post(self, request: Request, project: UUID) -> Response:
        """Make an empty dataset."""
        del project
        asked = serializers.DatasetSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.create(self.actor, name=asked.validated_data["name"])
        return Response(_shown(made, 0), status=HTTPStatus.CREATED)


class DatasetView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ}

    @extend_schema(operation_id="datasets_read", responses=serializers.DatasetSerializer)
    def get(self, _request: Request, project: UUID, dataset: UUID) -> Response:
        """Return a dataset."""
        del project
        found = services.dataset_of(self.actor, dataset)
        return Response(_shown(found, Item.objects.filter(dataset=found).count()))


class FreezeView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.DATASET_FREEZE}

    @extend_schema(operation_id="datasets_freeze", request=None, responses=serializers.DatasetSerializer)
    def post(self, _request: Request, project: UUID, dataset: UUID) -> Response:
        """Close a dataset for good."""
        del project
        found = services.freeze(self.actor, dataset=dataset)
        with self.actor.reading():
            return Response(_shown(found, Item.objects.filter(dataset=found).count()))


class ItemsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ, "POST": Permission.DATASET_EDIT}
    parser_classes = [MultiPartParser]  # noqa: RUF012  # DRF declares an instance variable
    scoped_reads: ClassVar = False

    @extend_schema(
        operation_id="dataset_items_list", parameters=[serializers.ItemsSoughtSerializer],
        responses=serializers.ItemSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request, project: UUID, dataset: UUID) -> Response:
        """List the items with their captions, under the person's view."""
        under = vault.view(self.actor)
        with self.actor.reading():
            services.dataset_of(self.actor, dataset)
            paginator = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc,operator]  # named in the settings
            found = narrowed(Item.objects.filter(dataset_id=dataset), request, serializers.ItemsSoughtSerializer)
            rows = paginator.paginate_queryset(found, request, view=self)
            words = services.words_of(self.actor, rows, under=under)
            answer: Response = paginator.get_paginated_response([_item(row, words[row.pk], project=project) for row in rows])
            return answer

    @extend_schema(
        operation_id="dataset_items_add", request={"multipart/form-data": serializers.UploadSerializer},
        responses={201: serializers.AddedSerializer, 422: OpenApiTypes.OBJECT},
    )  # fmt: skip
    def post(self, request: Request, project: UUID, dataset: UUID) -> Response:
        """Add one picture; a file that cannot be used answers 422 with what to do. `similar_to` names one that looks the same."""
        asked = serializers.UploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted: dict[str, Any] = asked.validated_data
        upload = services.Upload(wanted["file"].read(), wanted["file"].name, RightsBasis(wanted["rights"]), wanted.get("caption"))
        done = services.add_item(self.actor, dataset=dataset, upload=upload)
        if isinstance(done, services.Refused):
            raise InvalidInput(done.code, **done.facts)
        under = vault.view(self.actor)
        with self.actor.reading():
            words = services.words_of(self.actor, [done.item], under=under)
            shown = _item(done.item, words[done.item.pk], project=project) | {"similar_to": done.similar_to}
            return Response(shown, status=HTTPStatus.CREATED)


class ItemView(ScopedAPIView):
    permissions: ClassVar = {"PATCH": Permission.DATASET_EDIT, "DELETE": Permission.DATASET_EDIT}

    @extend_schema(
        operation_id="dataset_items_caption", request=serializers.CaptionSerializer, responses=serializers.ItemSerializer
    )
    def patch(self, request: Request, project: UUID, dataset: UUID, item: UUID) -> Response:
        """Give an item another caption."""
        asked = serializers.CaptionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        changed = services.set_caption(self.actor, dataset=dataset, item=item, caption=asked.validated_data["caption"])
        under = vault.view(self.actor)
        with self.actor.reading():
            return Response(_item(changed, services.words_of(self.actor, [changed], under=under)[item], project=project))

    @extend_schema(operation_id="dataset_items_remove", responses={204: None})
    def delete(self, _request: Request, project: UUID, dataset: UUID, item: UUID) -> Response:
        """Take an item out of an open dataset."""
        del project
        services.remove_item(self.actor, dataset=dataset, item=item)
        return Response(status=HTTPStatus.NO_CONTENT)


class PictureView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.DATASET_READ}
    scoped_reads: ClassVar = False

    @extend_schema(
        operation_id="dataset_items_picture", parameters=[OpenApiParameter("size", str, enum=["thumb", "full"])],
        responses={(200, "image/*"): OpenApiTypes.BINARY},
    )  # fmt: skip
    def get(self, request: Request, project: UUID, dataset: UUID, item: UUID) -> HttpResponse:
        """Return the picture, opened under the person's view; for a guest with her mark."""
        del project
        under = vault.view(self.actor)
        with self.actor.reading():
            services.dataset_of(self.actor, dataset)
            found = Item.objects.filter(pk=item, dataset_id=dataset).first()
            if found is None:
                raise NotFound("item.unknown")
            is_small = request.query_params.get("size", "full") == "thumb"
            content = vault.open_one(self.actor, found.thumbnail_id if is_small else found.picture_id, under=under)
        return shown_picture(self.actor, content, media_type="image/webp" if is_small else "image/png")


def _shown(dataset: Dataset, count: int) -> dict[str, Any]:
    dataset.items_count = count  # type: ignore[attr-defined]  # what the list's annotation gives
    return dict(serializers.DatasetSerializer(dataset).data)


def _item(row: Item, words: dict[str, str], *, project: UUID) -> dict[str, Any]:
    url = reverse("dataset-item-picture", kwargs={"project": project, "dataset": row.dataset_id, "item": row.pk})
    return {
        "id": row.pk, "caption": words["caption"], "filename": words["filename"], "width": row.width, "height": row.height,
        "rights": row.rights, "created": row.created, "thumbnail_url": f"{url}?size=thumb",
    }  # fmt: skip
