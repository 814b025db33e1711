"""What waits for a second person."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.api.scoped import ScopedAPIView
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.roles import Permission
from governance.approvals import services


class ApprovalsSoughtSerializer(SoughtSerializer):
    """What a list of approvals is narrowed to."""

    subject_kind = serializers.CharField(required=False, max_length=32)
    subject = serializers.UUIDField(source="subject_id", required=False)
    requester = serializers.UUIDField(source="requester_id", required=False)


class ApprovalSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField(source="subject_id")
    requester = serializers.UUIDField(source="requester_id")
    state = serializers.ChoiceField(choices=["open", "approved", "rejected"])
    created = serializers.DateTimeField()


class ApprovalsView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.MODEL_READ}

    @extend_schema(operation_id="approvals_list", parameters=[ApprovalsSoughtSerializer], responses=ApprovalSerializer(many=True))
    def get(self, request: Request, project: UUID) -> Response:
        """List what waits for a decision."""
        del project
        return page_of(self, narrowed(services.pending(self.actor), request, ApprovalsSoughtSerializer), ApprovalSerializer)
