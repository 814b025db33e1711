"""Roles: the built-in table as the code has it, and the studio's own."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView
from access.models import CustomRole
from access.roles import (
    PERMISSION_TEXTS,
    REACH,
    ROLE_PERMISSIONS,
    ROLE_TEXTS,
    SEPARATED,
    STEP_UP,
    Permission,
    Reach,
    Role,
)
from access.services import RoleDraft

PERMISSIONS = [one.value for one in Permission]
ROLES = [role.value for role in Role]
OWN_REACHES = [Reach.STUDIO.value, Reach.PROJECT.value]


class PermissionTextSerializer(serializers.Serializer[Any]):
    permission = serializers.ChoiceField(choices=PERMISSIONS)
    text = serializers.CharField()
    step_up = serializers.BooleanField()


class SeparatedSerializer(serializers.Serializer[Any]):
    first = serializers.ChoiceField(choices=PERMISSIONS)
    second = serializers.ChoiceField(choices=PERMISSIONS)


class BuiltInRoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=ROLES)
    title = serializers.CharField()
    text = serializers.CharField()
    reach = serializers.ChoiceField(choices=[reach.value for reach in Reach])
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS))


class CustomRoleSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=60)
    text = serializers.CharField(max_length=240, allow_blank=True, required=False, default="")
    reach = serializers.ChoiceField(choices=OWN_REACHES)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS), allow_empty=False)
    created = serializers.DateTimeField(read_only=True)
    changed = serializers.DateTimeField(read_only=True)


class ChangedRoleSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60, required=False)
    text = serializers.CharField(max_length=240, allow_blank=True, required=False)
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=PERMISSIONS), allow_empty=False, required=False
    )  # fmt: skip


class RolesSerializer(serializers.Serializer[Any]):
    builtin = BuiltInRoleSerializer(many=True)
    own = CustomRoleSerializer(many=True)
    permissions = PermissionTextSerializer(many=True)
    separated = SeparatedSerializer(many=True)


class RolesView(ScopedAPIView):
    """The table of roles; the studio's own are defined by who runs it."""

    permissions: ClassVar = {"POST": Permission.ROLE_DEFINE}

    @extend_schema(operation_id="roles_read", responses=RolesSerializer)
    def get(self, _request: Request) -> Response:
        """Return the built-in roles, the studio's own, what each permission says, and which never meet."""
        table = {
            "builtin": [_built_in(role) for role in Role],
            "own": CustomRole.objects.order_by("name"),
            "permissions": [
                {"permission": one.value, "text": PERMISSION_TEXTS[one], "step_up": one in STEP_UP} for one in Permission
            ],
            "separated": [{"first": first.value, "second": second.value} for first, second in SEPARATED],
        }
        return Response(RolesSerializer(table).data)

    @extend_schema(operation_id="roles_define", request=CustomRoleSerializer, responses={201: CustomRoleSerializer})
    def post(self, request: Request) -> Response:
        """Define a role of the studio's own."""
        asked = CustomRoleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        draft = RoleDraft(
            name=wanted["name"], text=wanted["text"], reach=Reach(wanted["reach"]),
            permissions=frozenset(Permission(one) for one in wanted["permissions"]),
        )  # fmt: skip
        made = services.define_role(self.actor, draft=draft)
        return Response(CustomRoleSerializer(made).data, status=201)


class RoleView(ScopedAPIView):
    """One role of the studio's own."""

    permissions: ClassVar = {"PATCH": Permission.ROLE_DEFINE, "DELETE": Permission.ROLE_DEFINE}

    @extend_schema(operation_id="roles_change", request=ChangedRoleSerializer, responses=CustomRoleSerializer)
    def patch(self, request: Request, custom: UUID) -> Response:
        """Change it; its holders may what it says from their next request on."""
        asked = ChangedRoleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        if "permissions" in wanted:
            wanted["permissions"] = [Permission(one) for one in wanted["permissions"]]
        return Response(CustomRoleSerializer(services.change_role(self.actor, role=custom, **wanted)).data)

    @extend_schema(
        operation_id="roles_remove",
        parameters=[OpenApiParameter("force", bool, description="Take it from each who holds it first.")],
        responses={204: None},
    )
    def delete(self, request: Request, custom: UUID) -> Response:
        """Remove it; while somebody holds it only with `force`."""
        if request.query_params.get("force") == "true":
            services.remove_role_with_grants(self.actor, role=custom)
        else:
            services.remove_role(self.actor, role=custom)
        return Response(status=204)


def _built_in(role: Role) -> dict[str, Any]:
    title, text = ROLE_TEXTS[role]
    return {
        "role": role.value, "title": title, "text": text, "reach": REACH[role].value,
        "permissions": sorted(one.value for one in ROLE_PERMISSIONS[role]),
    }  # fmt: skip
