"""Grants: which person or group holds which role where, until when, and what gave it."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.models import Grant, GrantSource, User, live
from access.roles import Permission, Role
from access.services import Post, To

ROLES = [role.value for role in Role if role is not Role.SYSTEM]


class HeldGrantSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="user_id", allow_null=True)
    group = serializers.UUIDField(source="group_id", allow_null=True)
    name = serializers.SerializerMethodField(help_text="Of the person or the group.")
    role = serializers.ChoiceField(choices=ROLES, allow_blank=True, help_text="A built-in role; empty for the studio's own.")
    custom = serializers.UUIDField(source="custom_id", allow_null=True)
    custom_name = serializers.CharField(source="custom.name", default="")
    project = serializers.UUIDField(source="project_id", allow_null=True)
    expires = serializers.DateTimeField(allow_null=True)
    granted = serializers.DateTimeField()
    granted_by = serializers.UUIDField(allow_null=True)
    origin = serializers.ChoiceField(source="source", choices=GrantSource.values)

    def get_name(self, grant: Grant) -> str:
        """Return what its holder is called."""
        holder = grant.user or grant.group
        return holder.display_name if isinstance(holder, User) else getattr(holder, "name", "")


class NewGrantSerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField(required=False)
    group = serializers.UUIDField(required=False)
    role = serializers.ChoiceField(choices=ROLES, required=False)
    custom = serializers.UUIDField(required=False)
    project = serializers.UUIDField(required=False, allow_null=True)
    expires = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one holder and one role."""
        for one, other in (("person", "group"), ("role", "custom")):
            if (one in attrs) == (other in attrs):
                raise serializers.ValidationError({one: serializers.ErrorDetail(f"either {one} or {other}", code="one_of")})
        return attrs


class GrantsSoughtSerializer(SoughtSerializer):
    """What a list of grants is narrowed to; `expiring` names a moment before which they end."""

    person = serializers.UUIDField(source="user_id", required=False)
    group = serializers.UUIDField(source="group_id", required=False)
    role = serializers.ChoiceField(choices=ROLES, required=False)
    custom = serializers.UUIDField(source="custom_id", required=False)
    expiring = serializers.DateTimeField(source="expires__lt", required=False)


class StudioGrantsSoughtSerializer(GrantsSoughtSerializer):
    """What a list of all grants is narrowed to."""

    project = serializers.UUIDField(source="project_id", required=False)


def _live() -> QuerySet[Any]:
    grants: QuerySet[Any] = Grant.objects.filter(live()).select_related("user", "group", "custom").annotate(created=F("granted"))
    return grants


class GrantsView(ScopedAPIView):
    """Every grant of the studio that counts."""

    permissions: ClassVar = {"GET": Permission.MEMBER_READ, "POST": Permission.MEMBER_MANAGE}

    @extend_schema(operation_id="grants_list", parameters=[StudioGrantsSoughtSerializer], responses=HeldGrantSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        return page_of(self, narrowed(_live(), request, StudioGrantsSoughtSerializer), HeldGrantSerializer)

    @extend_schema(operation_id="grants_give", request=NewGrantSerializer, responses={201: HeldGrantSerializer})
    def post(self, request: Request) -> Response:
        """Give a person or a group a role; asked again with another end, the grant ends then."""
        asked = NewGrantSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        role = Role(wanted["role"]) if "role" in wanted else wanted["custom"]
        made = services.grant_to(
            self.actor, to=To(person=wanted.get("person"), group=wanted.get("group")),
            post=Post(role, wanted.get("project")), expires=wanted.get("expires"),
        )  # fmt: skip
        with self.actor.reading():
            return Response(HeldGrantSerializer(_live().get(pk=made.pk)).data, status=201)


class GrantView(ScopedAPIView):
    """One grant."""

    permissions: ClassVar = {"DELETE": Permission.MEMBER_MANAGE}

    @extend_schema(operation_id="grants_take", responses={204: None})
    def delete(self, _request: Request, grant: UUID) -> Response:
        """Take it away; work that its holder may no longer do ends."""
        services.take_grant(self.actor, grant=grant)
        return Response(status=204)


class ProjectGrantsView(ScopedAPIView):
    """Every grant of a project that counts, for who leads it."""

    permissions: ClassVar = {"GET": Permission.MEMBER_READ}

    @extend_schema(
        operation_id="project_grants_list", parameters=[GrantsSoughtSerializer], responses=HeldGrantSerializer(many=True)
    )
    def get(self, request: Request, project: UUID) -> Response:
        """List them, the newest first."""
        held = _live().filter(project_id=project)
        return page_of(self, narrowed(held, request, GrantsSoughtSerializer), HeldGrantSerializer)
