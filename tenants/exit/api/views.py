"""Taking a model away over HTTP."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Actor
from access.api import linked
from access.api.linked import LinkSerializer
from access.api.once import KEY, key_of
from access.api.scoped import ScopedAPIView
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.links import Purpose
from access.roles import Permission
from tenants.exit import services
from tenants.exit.rules import State


class ExitsSoughtSerializer(SoughtSerializer):
    """What a list of requests is narrowed to."""

    state = serializers.ChoiceField(choices=[state.value for state in State], required=False)
    model = serializers.UUIDField(source="model_id", required=False)
    person = serializers.UUIDField(source="person_id", required=False)


class ExitRequestSerializer(serializers.Serializer[Any]):
    model = serializers.UUIDField()


@extend_schema_serializer(component_name="Exit")
class ExitSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    model = serializers.UUIDField(source="model_id")
    state = serializers.ChoiceField(choices=[state.value for state in State])
    refusals = serializers.ListField(child=serializers.CharField())
    duties = serializers.ListField(child=serializers.CharField())
    contents = serializers.ListField(child=serializers.CharField())
    size = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    created = serializers.DateTimeField()


class ExitsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.EXPORT_REQUEST, "POST": Permission.EXPORT_REQUEST}

    @extend_schema(operation_id="exits_list", parameters=[ExitsSoughtSerializer], responses=ExitSerializer(many=True))
    def get(self, request: Request, project: UUID) -> Response:
        """List the project's requests."""
        del project
        return page_of(self, narrowed(services.of_project(self.actor), request, ExitsSoughtSerializer), ExitSerializer)

    @extend_schema(operation_id="exits_request", parameters=[KEY], request=ExitRequestSerializer, responses={201: ExitSerializer})
    def post(self, request: Request, project: UUID) -> Response:
        """Ask for a bundle of one approved model."""
        del project
        asked = ExitRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.request(self.actor, model=asked.validated_data["model"], key=key_of(request))
        return Response(ExitSerializer(made).data, status=HTTPStatus.CREATED)


class ExitView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.EXPORT_REQUEST}

    @extend_schema(operation_id="exits_read", responses=ExitSerializer)
    def get(self, _request: Request, project: UUID, exit: UUID) -> Response:  # noqa: A002  # the route's word
        """Return a request and how far it is."""
        del project
        return Response(ExitSerializer(services.found(self.actor, exit_id=exit)).data)


class BundleView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.EXPORT_REQUEST}
    scoped_reads: ClassVar = False
    # A HEAD would be answered by GET, and recorded as bytes handed over that were not.
    http_method_names = ["get", "options"]  # noqa: RUF012  # Django's own attribute

    @extend_schema(operation_id="exits_bundle", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, _request: Request, project: UUID, exit: UUID) -> HttpResponse:  # noqa: A002
        """Hand the bundle over; each time is recorded. Headers name the entry that commits to it, and what opens that."""
        del project
        return _taken(self.actor, exit)


class BundleLinkView(ScopedAPIView):
    permissions: ClassVar = {"POST": Permission.EXPORT_REQUEST}

    @extend_schema(operation_id="exits_download_link", request=None, responses={200: LinkSerializer})
    def post(self, request: Request, project: UUID, exit: UUID) -> Response:  # noqa: A002
        """Make a link that the person may open within a minute; what it hands over is recorded then."""
        del project
        link = services.link(self.actor, exit_id=exit)
        return Response(LinkSerializer(linked.said(self.actor, request, link=link, door="bundle-by-link")).data)


class LinkedBundleView(linked.LinkedAPIView):
    purpose: ClassVar = Purpose.BUNDLE

    @extend_schema(operation_id="exits_by_link", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, link: str) -> HttpResponse:
        """Hand over the bundle that a link names; recorded, with the same headers."""
        return _taken(*self.opened(request, link))


def _taken(actor: Actor, exit_id: UUID) -> HttpResponse:
    taken = services.hand_over(actor, exit_id=exit_id)
    headers = {"Content-Disposition": f'attachment; filename="bundle-{exit_id}.zip"', "Cache-Control": "private, no-store"}
    if taken.assembled is not None:
        headers |= {"Guildhall-Entry": str(taken.assembled), "Guildhall-Opening": taken.opening}
    return HttpResponse(taken.content, content_type="application/zip", headers=headers)
