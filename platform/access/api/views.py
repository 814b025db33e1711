"""Who is here, which projects there are, who is in them, and tokens."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from access import services
from access.api import serializers
from access.api.scoped import ScopedAPIView
from access.models import ApiToken, Membership, Project, Tenant, User, projects_of, roles_of
from access.roles import Permission, Role, permissions_of
from kernel.errors import NotFound


def page_of(view: APIView, queryset: Any, serializer: Any) -> Response:
    """Return one page of a queryset, newest first, by cursor."""
    pages = api_settings.DEFAULT_PAGINATION_CLASS
    paginator: CursorPagination = pages()  # type: ignore[misc,operator]  # named in the settings
    rows = paginator.paginate_queryset(queryset, view.request, view=view)
    return paginator.get_paginated_response(serializer(rows, many=True, context={"request": view.request}).data)


class StudioView(APIView):
    """Says where a studio is, for who knows its name: an e-mail alone names nobody."""

    authentication_classes: ClassVar[list[Any]] = []
    permission_classes: ClassVar[list[Any]] = []

    @extend_schema(
        operation_id="studio_find", parameters=[OpenApiParameter("name", str, required=True)], responses=serializers.AddressSerializer
    )
    def get(self, request: Request) -> Response:
        """Find a studio by its address."""
        slug = request.query_params.get("name", "").strip().lower().replace(" ", "-")
        tenant = services.studio(slug)
        if tenant is None:
            raise NotFound("studio.unknown")
        return Response({"slug": slug, "name": services.studio_name(tenant), "url": f"/s/{slug}/"})


class SessionView(ScopedAPIView):
    """Who is signed in, and what he may do where."""

    @extend_schema(operation_id="session_read", responses=serializers.SessionSerializer)
    def get(self, _request: Request) -> Response:
        """Return the person, the studio, and the projects with permissions."""
        person, tenant = User.objects.get(pk=self.actor.person), Tenant.objects.get(pk=self.actor.tenant)
        projects = [
            {"id": project.pk, "name": project.name, "permissions": sorted(permissions_of(roles_of(person.pk, project=project.pk)))}
            for project in projects_of(person.pk, within=self.actor.project)
        ]
        return Response(
            serializers.SessionSerializer({
                "person": {"id": person.pk, "name": person.display_name, "email": person.email},
                "tenant": {"id": tenant.pk, "name": tenant.name, "slug": tenant.slug},
                "permissions": sorted(self.actor.permissions),
                "projects": projects,
            }).data
        )  # fmt: skip


class ProjectsView(ScopedAPIView):
    """A person's projects; new ones are made by owners."""

    permissions: ClassVar = {"POST": Permission.PROJECT_CREATE}

    @extend_schema(operation_id="projects_list", responses=serializers.ProjectSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """List the projects that the person is in."""
        return page_of(self, projects_of(self.actor.person, within=self.actor.project), serializers.ProjectSerializer)

    @extend_schema(operation_id="projects_create", request=serializers.ProjectSerializer, responses={201: serializers.ProjectSerializer})
    def post(self, request: Request) -> Response:
        """Make a project."""
        asked = serializers.ProjectSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.create_project(self.actor, name=asked.validated_data["name"])
        return Response(serializers.ProjectSerializer(made).data, status=201)


class ProjectView(ScopedAPIView):
    """One project."""

    permissions: ClassVar = {"GET": Permission.PROJECT_READ}

    @extend_schema(operation_id="project_read", responses=serializers.ProjectSerializer)
    def get(self, _request: Request, project: UUID) -> Response:
        """Return the project."""
        return Response(serializers.ProjectSerializer(Project.objects.get(pk=project)).data)


class MembersView(ScopedAPIView):
    """Who is in a project."""

    permissions: ClassVar = {"GET": Permission.PROJECT_READ}

    @extend_schema(operation_id="members_list", responses=serializers.MemberSerializer(many=True))
    def get(self, _request: Request, project: UUID) -> Response:
        """List the members with their roles."""
        roles: dict[UUID, list[Role]] = {}
        for held in Membership.objects.filter(project_id=project).order_by("granted"):
            roles.setdefault(held.user_id, []).append(Role(held.role))
        people = User.objects.filter(pk__in=roles).order_by("display_name")
        rows = [{"id": one.pk, "name": one.display_name, "roles": roles[one.pk]} for one in people]
        return Response({"next": None, "previous": None, "results": serializers.MemberSerializer(rows, many=True).data})


class TokensView(ScopedAPIView):
    """A person's own tokens."""

    permissions: ClassVar = {"POST": Permission.TOKEN_ISSUE}

    @extend_schema(operation_id="tokens_list", responses=serializers.TokenSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """List the person's tokens, never their values."""
        return page_of(self, ApiToken.objects.filter(user_id=self.actor.person), serializers.TokenSerializer)

    @extend_schema(operation_id="tokens_create", request=serializers.TokenSerializer, responses={201: serializers.NewTokenSerializer})
    def post(self, request: Request) -> Response:
        """Issue a token; its value is shown this once."""
        asked = serializers.TokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        token = services.issue_token(
            self.actor, name=wanted["name"], project=wanted.get("project_id"), days=wanted["days"],
            scope=[Permission(one) for one in wanted.get("scope", ())],
        )  # fmt: skip
        with self.actor.reading():
            made = ApiToken.objects.filter(user_id=self.actor.person).latest("created")
            return Response(serializers.TokenSerializer(made).data | {"token": token}, status=201)


class TokenView(ScopedAPIView):
    """One token."""

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, _request: Request, token: UUID) -> Response:
        """End a token; takes effect on the next request."""
        services.revoke_token(self.actor, token=token)
        return Response(status=204)
