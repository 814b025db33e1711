"""Why somebody may or may not do something."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.roles import PERMISSIONS
from access.api.scoped import ScopedAPIView
from access.explaining import Explanation, Why
from access.roles import Permission
from kernel.errors import NotFound


class ExplainedGrantSerializer(serializers.Serializer[Any]):
    grant = serializers.UUIDField()
    role = serializers.CharField(source="name", help_text="A built-in role's, or the name of the studio's own.")
    project = serializers.UUIDField(allow_null=True)
    group = serializers.CharField(help_text="Through which group; empty when it is held directly.")
    until = serializers.DateTimeField(source="expires", allow_null=True)


class VoidSerializer(serializers.Serializer[Any]):
    permission = serializers.ChoiceField(choices=PERMISSIONS)
    grants = ExplainedGrantSerializer(source="held", many=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    allowed = serializers.BooleanField()
    why = serializers.ChoiceField(choices=[one.value for one in Why])
    gives = ExplainedGrantSerializer(many=True, help_text="What gives it.")
    voided_by = VoidSerializer(many=True, help_text="What it never meets, and what gives that.")
    ended = ExplainedGrantSerializer(many=True, help_text="What gave it once.")
    step_up = serializers.BooleanField(help_text="Whether a browser asks for a fresh second factor besides.")


class ExplainView(ScopedAPIView):
    """Asks about oneself, or about others."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Act in the project that is asked about where one is in it: its lead explains there and nowhere else."""
        super().initial(request, *args, **kwargs)
        project = _uuid(request.query_params.get("project"))
        caller: Any = request.user
        if project is not None:
            try:
                self.actor = caller.actor(project)
            except NotFound:
                return

    @extend_schema(
        operation_id="access_explain",
        parameters=[
            OpenApiParameter("permission", str, required=True, description="One of the closed list; an unknown one is no."),
            OpenApiParameter("person", str, description="An id; without one, oneself. An unknown one is no."),
            OpenApiParameter("project", str, description="An id; without one, the whole studio. An unknown one is no."),
        ],
        responses=ExplanationSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say whether somebody may do something, and which role and grant decide it."""
        asked, caller = request.query_params, request.user
        person = _uuid(asked["person"]) if "person" in asked else self.actor.person
        project = _uuid(asked["project"]) if "project" in asked else None
        is_known = "project" not in asked or project is not None
        why: Explanation = services.explain(
            self.actor, person=person, permission=_permission(asked.get("permission", "")) if is_known else None,
            project=project, bearer=getattr(caller, "bearer", None),
        )  # fmt: skip
        return Response(ExplanationSerializer(why).data)


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _permission(word: str) -> Permission | None:
    try:
        return Permission(word)
    except ValueError:
        return None
