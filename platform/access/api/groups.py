"""Groups and who is in them."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView
from access.api.sought import NamedSerializer, SoughtSerializer, narrowed
from access.api.views import page_of
from access.models import Group, GroupMember
from access.roles import Permission
from kernel.errors import NotFound


class GroupSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=120)
    is_provisioned = serializers.BooleanField(read_only=True)
    members = serializers.IntegerField(read_only=True, default=0)
    created = serializers.DateTimeField(read_only=True)
    changed = serializers.DateTimeField(read_only=True)


class GroupMemberSerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField(source="user_id")
    name = serializers.CharField(source="user.display_name")
    is_active = serializers.BooleanField(source="user.is_active")
    since = serializers.DateTimeField()


class JoiningSerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField()


class GroupsSoughtSerializer(NamedSerializer):
    """What a list of groups is narrowed to."""

    provisioned = serializers.BooleanField(source="is_provisioned", required=False)


class GroupMembersSoughtSerializer(SoughtSerializer):
    """What a list of a group's members is narrowed to."""

    name = serializers.CharField(source="user__display_name__icontains", required=False, max_length=120)


def _counted() -> QuerySet[Any]:
    counted = GroupMember.objects.filter(group=OuterRef("pk")).values("group").annotate(n=Count("user", distinct=True)).values("n")
    groups: QuerySet[Any] = Group.objects.annotate(members=Coalesce(Subquery(counted), 0))
    return groups


def _group(group: UUID) -> Group:
    found: Group | None = _counted().filter(pk=group).first()
    if found is None:
        raise NotFound("group.unknown")
    return found


class GroupsView(ScopedAPIView):
    """The studio's groups."""

    permissions: ClassVar = {"GET": Permission.MEMBER_READ, "POST": Permission.MEMBER_MANAGE}

    @extend_schema(operation_id="groups_list", parameters=[GroupsSoughtSerializer], responses=GroupSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the groups, each with how many are in it."""
        return page_of(self, narrowed(_counted(), request, GroupsSoughtSerializer), GroupSerializer)

    @extend_schema(operation_id="groups_make", request=GroupSerializer, responses={201: GroupSerializer})
    def post(self, request: Request) -> Response:
        """Make a group."""
        asked = GroupSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.make_group(self.actor, name=asked.validated_data["name"])
        return Response(GroupSerializer(made).data, status=201)


class GroupView(ScopedAPIView):
    """One group."""

    permissions: ClassVar = {
        "GET": Permission.MEMBER_READ, "PATCH": Permission.MEMBER_MANAGE, "DELETE": Permission.MEMBER_MANAGE,
    }  # fmt: skip

    @extend_schema(operation_id="group_read", responses=GroupSerializer)
    def get(self, _request: Request, group: UUID) -> Response:
        """Return the group."""
        return Response(GroupSerializer(_group(group)).data)

    @extend_schema(operation_id="group_rename", request=GroupSerializer, responses=GroupSerializer)
    def patch(self, request: Request, group: UUID) -> Response:
        """Give it another name."""
        asked = GroupSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.rename_group(self.actor, group=group, name=asked.validated_data["name"])
        with self.actor.reading():
            return Response(GroupSerializer(_group(group)).data)

    @extend_schema(operation_id="group_remove", responses={204: None})
    def delete(self, _request: Request, group: UUID) -> Response:
        """Remove it; what its members held through it ends at once."""
        services.remove_group(self.actor, group=group)
        return Response(status=204)


class GroupMembersView(ScopedAPIView):
    """Who is in a group."""

    permissions: ClassVar = {"GET": Permission.MEMBER_READ, "POST": Permission.MEMBER_MANAGE}

    @extend_schema(
        operation_id="group_members_list",
        parameters=[GroupMembersSoughtSerializer],
        responses=GroupMemberSerializer(many=True),
    )
    def get(self, request: Request, group: UUID) -> Response:
        """List the members."""
        # Once each: somebody may be in it by hand and by a provider.
        first = GroupMember.objects.filter(group=OuterRef("group"), user=OuterRef("user")).order_by("since", "pk").values("pk")[:1]
        members = (
            GroupMember.objects.filter(group=_group(group), pk=Subquery(first)).select_related("user").annotate(created=F("since"))
        )
        return page_of(self, narrowed(members, request, GroupMembersSoughtSerializer), GroupMemberSerializer)

    @extend_schema(operation_id="group_members_add", request=JoiningSerializer, responses={204: None})
    def post(self, request: Request, group: UUID) -> Response:
        """Put a person into it; may be repeated."""
        asked = JoiningSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.add_member(self.actor, group=group, person=asked.validated_data["person"])
        return Response(status=204)


class GroupMemberView(ScopedAPIView):
    """One member of a group."""

    permissions: ClassVar = {"DELETE": Permission.MEMBER_MANAGE}

    @extend_schema(operation_id="group_members_remove", responses={204: None})
    def delete(self, _request: Request, group: UUID, person: UUID) -> Response:
        """Take the person out of it; may be repeated."""
        services.remove_member(self.actor, group=group, person=person)
        return Response(status=204)
