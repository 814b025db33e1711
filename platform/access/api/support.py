"""A studio's consents to the platform's support: given, seen and ended by the studio alone."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.models import SupportConsent
from access.roles import Permission, Role


class ConsentSerializer(serializers.Serializer[Any]):
    """A consent as it stands; `entered` is the pseudonym under which support came in."""

    id = serializers.UUIDField(read_only=True)
    role = serializers.ChoiceField(choices=[Role.AUDITOR.value, Role.VIEWER.value])
    project = serializers.UUIDField(source="project_id", required=False, allow_null=True)
    reason = serializers.CharField(max_length=240)
    hours = serializers.IntegerField(min_value=1, max_value=72, write_only=True)
    given_by = serializers.UUIDField(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    until = serializers.DateTimeField(read_only=True)
    ended = serializers.DateTimeField(read_only=True, allow_null=True)
    entered = serializers.CharField(source="user.pseudonym", read_only=True, default=None, allow_null=True)


class ConsentsSoughtSerializer(SoughtSerializer):
    """What a list of consents is narrowed to."""

    project = serializers.UUIDField(source="project_id", required=False)


class ConsentsView(ScopedAPIView):
    """Whether the platform's support may come in."""

    permissions: ClassVar = {"GET": (Permission.MEMBER_READ, Permission.SUPPORT_ADMIT), "POST": Permission.SUPPORT_ADMIT}

    @extend_schema(
        operation_id="support_consents_list",
        parameters=[ConsentsSoughtSerializer],
        responses=ConsentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the consents, those that have ended too."""
        given = narrowed(SupportConsent.objects.select_related("user"), request, ConsentsSoughtSerializer)
        return page_of(self, given, ConsentSerializer)

    @extend_schema(operation_id="support_consents_give", request=ConsentSerializer, responses={201: ConsentSerializer})
    def post(self, request: Request) -> Response:
        """Let support in, for at most 72 hours."""
        asked = ConsentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        terms = services.Terms(
            Role(wanted["role"]), wanted.get("project_id"), timedelta(hours=wanted["hours"]), wanted["reason"]
        )  # fmt: skip
        made = services.admit_support(self.actor, terms=terms)
        return Response(ConsentSerializer(made).data, status=201)


class ConsentView(ScopedAPIView):
    """One consent."""

    permissions: ClassVar = {"DELETE": Permission.SUPPORT_ADMIT}

    @extend_schema(operation_id="support_consents_end", responses={204: None})
    def delete(self, _request: Request, consent: UUID) -> Response:
        """Send support away at once; may be repeated."""
        services.end_support(self.actor, consent=consent)
        return Response(status=204)
