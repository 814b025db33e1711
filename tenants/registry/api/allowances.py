"""Allowances over HTTP: what somebody may use in a project, and how much a day. They name models, so they are asked here."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services as access
from access.api.scoped import ScopedAPIView
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.models import Allowance
from access.roles import Permission
from kernel.errors import InvalidInput
from tenants.registry import services

MOST_NAMED = 200  # an entry holds the lists as they were and as they are
_MOST = 2**31 - 1  # the column's


class LimitsSerializer(serializers.Serializer[Any]):
    """What may be used, and how much a day; null, or left out, is no limit, an empty list is nothing."""

    bases = serializers.ListField(child=serializers.UUIDField(), allow_null=True, default=None, max_length=MOST_NAMED)
    adapters = serializers.ListField(child=serializers.UUIDField(), allow_null=True, default=None, max_length=MOST_NAMED)
    features = serializers.ListField(
        child=serializers.ChoiceField(choices=[one.value for one in access.Feature]), allow_null=True, default=None
    )
    pictures_a_day = serializers.IntegerField(min_value=0, max_value=_MOST, allow_null=True, default=None)
    device_seconds_a_day = serializers.IntegerField(min_value=0, max_value=_MOST, allow_null=True, default=None)


class AllowanceSerializer(LimitsSerializer):
    id = serializers.UUIDField(read_only=True)
    person = serializers.UUIDField(source="user_id", allow_null=True, default=None)
    group = serializers.UUIDField(source="group_id", allow_null=True, default=None)
    name = serializers.SerializerMethodField(help_text="Of the person or the group; empty for everybody.")
    created = serializers.DateTimeField(read_only=True)

    def get_name(self, row: Allowance) -> str:
        """Return what the person or the group is called."""
        if row.user is not None:
            return str(row.user.display_name)
        return "" if row.group is None else str(row.group.name)


class OwnAllowanceSerializer(LimitsSerializer):
    """What who asks may use in the project today, of all rows that match her together."""

    project = serializers.UUIDField()
    is_allowed = serializers.BooleanField(help_text="Whether any row matches, or there is none.")
    pictures_used = serializers.IntegerField()
    device_seconds_used = serializers.IntegerField()
    opens = serializers.DateTimeField(help_text="When the next day begins.")


class AllowancesView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.PROJECT_READ, "POST": Permission.PROJECT_CONFIGURE}

    @extend_schema(
        operation_id="allowances_list", parameters=[SoughtSerializer], responses=AllowanceSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request, project: UUID) -> Response:
        """List the project's allowances for who configures it; for others those that match them."""
        del project
        rows = narrowed(access.allowances(self.actor).select_related("user", "group"), request, SoughtSerializer)
        return page_of(self, rows, AllowanceSerializer)

    @extend_schema(operation_id="allowances_set", request=AllowanceSerializer, responses={201: AllowanceSerializer})
    def post(self, request: Request, project: UUID) -> Response:
        """Say what a person, a group, or (of neither) everybody may use; it replaces what was said before."""
        del project
        asked = AllowanceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        to = access.To(person=asked.validated_data["user_id"], group=asked.validated_data["group_id"])
        if to.person is not None and to.group is not None:
            raise InvalidInput("allowance.of_one")
        row = services.set_allowance(self.actor, to=to, limits=_limits(asked.validated_data))
        with self.actor.reading():
            return Response(AllowanceSerializer(row).data, status=HTTPStatus.CREATED)


class AllowanceView(ScopedAPIView):
    permissions: ClassVar = {"PUT": Permission.PROJECT_CONFIGURE, "DELETE": Permission.PROJECT_CONFIGURE}

    @extend_schema(operation_id="allowances_change", request=LimitsSerializer, responses=AllowanceSerializer)
    def put(self, request: Request, project: UUID, allowance: UUID) -> Response:
        """Replace what an allowance says; it counts from the next request on."""
        del project
        asked = LimitsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = services.change_allowance(self.actor, allowance=allowance, limits=_limits(asked.validated_data))
        with self.actor.reading():
            return Response(AllowanceSerializer(row).data)

    @extend_schema(operation_id="allowances_remove", responses={204: None})
    def delete(self, _request: Request, project: UUID, allowance: UUID) -> Response:
        """Remove an allowance; a project without any is unlimited."""
        del project
        access.remove_allowance(self.actor, allowance=allowance)
        return Response(status=HTTPStatus.NO_CONTENT)


class OwnAllowanceView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.PROJECT_READ}

    @extend_schema(operation_id="allowances_own", responses=OwnAllowanceSerializer)
    def get(self, _request: Request, project: UUID) -> Response:
        """Return what one may use in the project today oneself, and what one has used."""
        found = access.standing(self.actor)
        said = (found.limits or access.Limits()).said()
        used = {"pictures_used": found.used.pictures, "device_seconds_used": found.used.device_milliseconds // 1000}
        place = {"project": project, "is_allowed": found.limits is not None, "opens": found.opens}
        return Response(OwnAllowanceSerializer(said | used | place).data)


def _limits(asked: dict[str, Any]) -> access.Limits:
    bases, adapters, features = asked["bases"], asked["adapters"], asked["features"]
    return access.Limits(
        bases=None if bases is None else frozenset(bases), adapters=None if adapters is None else frozenset(adapters),
        features=None if features is None else frozenset(access.Feature(one) for one in features),
        pictures_a_day=asked["pictures_a_day"], device_seconds_a_day=asked["device_seconds_a_day"],
    )  # fmt: skip
