"""What the platform's own people see and do: the register of studios, and how the platform is. Nobody else is served here."""

from typing import Any, ClassVar, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView
from access.api.serializers import SetsOwnPassword
from access.api.sought import NamedSerializer, narrowed
from access.api.views import page_of
from access.models import Studio
from access.roles import Permission, Role
from kernel.errors import NotFound

MOST: Final = 2**31 - 1


class RegisteredSerializer(serializers.Serializer[Any]):
    """A studio of the register, told by its standing."""

    id = serializers.UUIDField(source="studio.studio_id", read_only=True)
    name = serializers.CharField(source="studio.name", read_only=True)
    slug = serializers.CharField(source="studio.slug", read_only=True)
    created = serializers.DateTimeField(source="studio.created", read_only=True)
    suspended = serializers.DateTimeField(read_only=True, allow_null=True)
    pictures_a_day = serializers.IntegerField(source="quota.pictures_a_day", read_only=True, allow_null=True)
    device_seconds_a_day = serializers.IntegerField(source="quota.device_seconds_a_day", read_only=True, allow_null=True)

    def to_representation(self, studio: Studio) -> dict[str, Any]:
        """Return what is told of a row of the register, in the caller's reading."""
        told: dict[str, Any] = super().to_representation(services.standing_of(self.context["actor"], studio))
        return told


class NewStudioSerializer(SetsOwnPassword):
    name = serializers.CharField(max_length=120)
    slug = serializers.CharField(max_length=63)
    owner_email = serializers.EmailField()
    owner_name = serializers.CharField(max_length=120)
    second_factor = serializers.BooleanField(required=False, default=True)


class QuotaSerializer(serializers.Serializer[Any]):
    pictures_a_day = serializers.IntegerField(min_value=0, max_value=MOST, allow_null=True)
    device_seconds_a_day = serializers.IntegerField(min_value=0, max_value=MOST, allow_null=True)


class WayInSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    role = serializers.ChoiceField(choices=[Role.AUDITOR.value, Role.VIEWER.value])
    project = serializers.UUIDField(allow_null=True)
    expires = serializers.DateTimeField()


class QueueSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    waiting = serializers.IntegerField()
    under_way = serializers.IntegerField()


class HealthSerializer(serializers.Serializer[Any]):
    versions = serializers.DictField(child=serializers.CharField())
    queues = QueueSerializer(many=True)
    workers = serializers.ListField(child=serializers.CharField())
    disk_free_bytes = serializers.IntegerField()
    database = serializers.BooleanField()
    broker = serializers.BooleanField()
    keeper = serializers.BooleanField()


class RegisterSoughtSerializer(NamedSerializer):
    """What the register is narrowed to."""


class StudiosView(ScopedAPIView):
    """The register of studios."""

    permissions: ClassVar = {"GET": Permission.STUDIO_MANAGE, "POST": Permission.STUDIO_MANAGE}

    @extend_schema(
        operation_id="platform_studios_list",
        parameters=[RegisterSoughtSerializer],
        responses=RegisteredSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the studios: where they are, which are suspended, and their quotas; nothing of what is in them."""
        return page_of(
            self, narrowed(Studio.objects.all(), request, RegisterSoughtSerializer), RegisteredSerializer, actor=self.actor
        )

    @extend_schema(operation_id="platform_studios_found", request=NewStudioSerializer, responses={201: RegisteredSerializer})
    def post(self, request: Request) -> Response:
        """Found a studio with its first owner."""
        asked = NewStudioSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        owner = services.NewPerson(wanted["owner_email"], wanted["owner_name"], is_verified=False)
        made = services.open_studio(
            self.actor, new=services.NewStudio(wanted["name"], wanted["slug"], owner, wanted["second_factor"])
        )
        with self.actor.reading():
            return Response(RegisteredSerializer(made, context={"actor": self.actor}).data, status=201)


class StudioView(ScopedAPIView):
    """One studio of the register."""

    permissions: ClassVar = {"GET": Permission.STUDIO_MANAGE}

    @extend_schema(operation_id="platform_studio_read", responses=RegisteredSerializer)
    def get(self, _request: Request, studio: UUID) -> Response:
        """Return the studio's row."""
        found = Studio.objects.filter(studio_id=studio).first()
        if found is None:
            raise NotFound("studio.unknown")
        return Response(RegisteredSerializer(found, context={"actor": self.actor}).data)


class SuspendView(ScopedAPIView):
    """Suspends a studio."""

    permissions: ClassVar = {"POST": Permission.STUDIO_MANAGE}

    @extend_schema(operation_id="platform_studio_suspend", request=None, responses={204: None})
    def post(self, _request: Request, studio: UUID) -> Response:
        """Let nobody of the studio in and hold its work, until it is restored; may be repeated."""
        services.suspend_studio(self.actor, studio=studio)
        return Response(status=204)


class RestoreView(ScopedAPIView):
    """Restores a studio."""

    permissions: ClassVar = {"POST": Permission.STUDIO_MANAGE}

    @extend_schema(operation_id="platform_studio_restore", request=None, responses={204: None})
    def post(self, _request: Request, studio: UUID) -> Response:
        """Let the studio's people in again and its held work be done; may be repeated."""
        services.restore_studio(self.actor, studio=studio)
        return Response(status=204)


class QuotaView(ScopedAPIView):
    """A studio's quota."""

    permissions: ClassVar = {"PUT": Permission.STUDIO_MANAGE}

    @extend_schema(operation_id="platform_studio_quota", request=QuotaSerializer, responses={204: None})
    def put(self, request: Request, studio: UUID) -> Response:
        """Say how many pictures and device seconds a day the studio has; null is no limit."""
        asked = QuotaSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.set_quota(self.actor, studio=studio, quota=services.Quota(**asked.validated_data))
        return Response(status=204)


class EnterView(ScopedAPIView):
    """Support's way into a studio."""

    permissions: ClassVar = {"POST": Permission.STUDIO_ENTER}

    @extend_schema(operation_id="platform_studio_enter", request=None, responses={201: WayInSerializer})
    def post(self, _request: Request, studio: UUID) -> Response:
        """Enter a studio that has let support in; any other does not exist. The token is shown this once."""
        return Response(WayInSerializer(services.enter_studio(self.actor, studio=studio)).data, status=201)


class HealthView(ScopedAPIView):
    """How the platform is."""

    permissions: ClassVar = {"GET": Permission.HEALTH_READ}
    # Broker and keeper are asked: no transaction stays open meanwhile.
    scoped_reads: ClassVar[bool] = False

    @extend_schema(operation_id="platform_health", responses=HealthSerializer)
    def get(self, _request: Request) -> Response:
        """Return what answers and how much waits; nothing of anybody."""
        return Response(HealthSerializer(services.health(self.actor)).data)
