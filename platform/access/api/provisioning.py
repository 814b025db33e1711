"""How an admin sets up provisioning: where the directory sends people, and by which tokens."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.api.scoped import ScopedAPIView
from access.models import Tenant
from access.places import studio_url
from access.roles import Permission
from access.services import provisioning
from access.services.provisioning.issuing import MOST_GRACE_HOURS
from access.services.tokens import MOST_DAYS, Drawn


class ProvisioningTokenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=120)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=MOST_DAYS, write_only=True)
    created = serializers.DateTimeField(read_only=True)
    expires = serializers.DateTimeField(read_only=True)
    last_used = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked = serializers.DateTimeField(read_only=True, allow_null=True)


class NewProvisioningTokenSerializer(ProvisioningTokenSerializer):
    token = serializers.CharField(read_only=True)


class DirectoryRotationSerializer(serializers.Serializer[Any]):
    grace_hours = serializers.IntegerField(min_value=0, max_value=MOST_GRACE_HOURS, default=24)


class ProvisioningSerializer(serializers.Serializer[Any]):
    base_url = serializers.CharField()
    last_used = serializers.DateTimeField(allow_null=True)
    people = serializers.IntegerField()
    groups = serializers.IntegerField()
    tokens = ProvisioningTokenSerializer(many=True)


class ProvisioningView(ScopedAPIView):
    """How the studio is provisioned."""

    permissions: ClassVar = {"GET": Permission.IDENTITY_CONFIGURE}

    @extend_schema(operation_id="provisioning_read", responses=ProvisioningSerializer)
    def get(self, _request: Request) -> Response:
        """Return the base address for the directory, its tokens without their values, and what it keeps."""
        found = provisioning.standing(self.actor)
        slug = Tenant.objects.values_list("slug", flat=True).get(pk=self.actor.tenant)
        said = {
            "base_url": f"{studio_url(slug)}scim/v2", "last_used": found.last_used, "people": found.people,
            "groups": found.groups, "tokens": found.tokens,
        }  # fmt: skip
        return Response(ProvisioningSerializer(said).data)


class ProvisioningTokensView(ScopedAPIView):
    """The directory's tokens."""

    permissions: ClassVar = {"POST": Permission.IDENTITY_CONFIGURE}

    @extend_schema(
        operation_id="provisioning_tokens_create",
        request=ProvisioningTokenSerializer,
        responses={201: NewProvisioningTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        """Issue a token for the directory; its value is shown this once."""
        asked = ProvisioningTokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        return _shown(provisioning.issue(self.actor, name=wanted["name"], days=wanted["days"]))


class ProvisioningTokenView(ScopedAPIView):
    """One of them."""

    permissions: ClassVar = {"DELETE": Permission.IDENTITY_CONFIGURE}

    @extend_schema(operation_id="provisioning_tokens_revoke", responses={204: None})
    def delete(self, _request: Request, token: UUID) -> Response:
        """End a token at once; may be repeated."""
        provisioning.revoke(self.actor, token=token)
        return Response(status=204)


class ProvisioningTokenRotationView(ScopedAPIView):
    """A token's place taken by another."""

    permissions: ClassVar = {"POST": Permission.IDENTITY_CONFIGURE}

    @extend_schema(
        operation_id="provisioning_tokens_rotate",
        request=DirectoryRotationSerializer,
        responses={201: NewProvisioningTokenSerializer},
    )
    def post(self, request: Request, token: UUID) -> Response:
        """Issue a token in the place of another, which works on for some hours; its value is shown this once."""
        asked = DirectoryRotationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return _shown(provisioning.rotate(self.actor, token=token, **asked.validated_data))


def _shown(issued: Drawn) -> Response:
    return Response(ProvisioningTokenSerializer(issued.row).data | {"token": issued.value}, status=201)
