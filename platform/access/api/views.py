"""Who is here, which projects there are, who is in them, and tokens."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from access import services, tokens
from access.api import serializers
from access.api.scoped import ScopedAPIView
from access.api.sought import narrowed, sought
from access.federation.beginning import link
from access.models import (
    PLATFORM,
    ApiToken,
    Grant,
    IdentityProvider,
    Project,
    Tenant,
    User,
    held_by,
    live,
    permitted_at,
    projects_of,
)
from access.places import studio_place, studio_url
from access.roles import Permission, Role
from kernel.errors import NotFound


def page_of(view: APIView, queryset: Any, serializer: Any, **context: Any) -> Response:
    """Return one page of a queryset, newest first, by cursor; `context` is for the serializer."""
    paginator: CursorPagination = api_settings.DEFAULT_PAGINATION_CLASS()  # type: ignore[misc,operator]  # named in the settings
    rows: Any = paginator.paginate_queryset(queryset, view.request, view=view)
    told = serializer(rows, many=True, context={"request": view.request, **context})
    return paginator.get_paginated_response(told.data)


def roles_in(project: UUID | None) -> Mapping[UUID, list[str]]:
    """Return who has which roles in a project, or tenant-wide."""
    held: dict[UUID, list[str]] = {}
    everyone = Grant.objects.filter(live(), user__isnull=False)
    there = everyone.filter(project=None) if project is None else everyone.filter(project_id=project)
    for person, role, own in there.order_by("granted").values_list("user_id", "role", "custom__name"):
        held.setdefault(person, []).append(role or own)
    return held


def a_role(word: str) -> Role:
    """Return the role of that name. Raises NotFound."""
    try:
        return Role(word)
    except ValueError:
        raise NotFound("role.unknown") from None


def _with_role(role: str | None, *, project: UUID | None) -> Any:
    """Return the people who have this role, or any, in the project; None is the whole studio."""
    held = (
        Grant.objects.filter(live(), project__isnull=True) if project is None else Grant.objects.filter(live(), project_id=project)
    )
    held = held.filter(role=role) if role else held
    return User.objects.filter(pk__in=held.values("user_id"))


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _provider_of(shown: services.Shown | None) -> dict[str, str] | None:
    """Return the enabled provider that a session's person last signed in by, and where that begins."""
    slug = "" if shown is None else shown.proofs.provider_slug
    row = IdentityProvider.objects.filter(slug=slug, is_enabled=True).values("slug", "name", "protocol").first() if slug else None
    return None if row is None else {**row, "url": link(row["protocol"], row["slug"])}


class StudioView(APIView):
    """Says where a studio is, for who knows its name: an e-mail alone names nobody."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="studio_find",
        parameters=[OpenApiParameter("name", str, required=True)],
        responses=serializers.AddressSerializer,
    )
    def get(self, request: Request) -> Response:
        """Find a studio by its name, its address or a pasted link; one of several that share a name is not told."""
        place = services.find_studio(request.query_params.get("name", ""))
        if place is None:
            raise NotFound("studio.unknown")
        return Response({"slug": place.slug, "name": services.studio_name(place.tenant), "url": studio_place(place.slug)})


class SessionView(ScopedAPIView):
    """Who is signed in, and what he may do where."""

    @extend_schema(operation_id="session_read", responses=serializers.SessionSerializer)
    def get(self, request: Request) -> Response:
        """Return the person, the studio, and the projects with permissions."""
        caller: Any = request.user
        person, tenant = User.objects.get(pk=self.actor.person), Tenant.objects.get(pk=self.actor.tenant)
        held = held_by(person.pk)
        projects = [
            {
                "id": project.pk,
                "name": project.name,
                "permissions": sorted(caller.carried(permitted_at(project.pk, held))),
            }
            for project in projects_of(person.pk, within=self.actor.project)
        ]
        demands = services.demands_on(self.actor, caller.admitted)
        # Who still has to enrol or to show a factor learns that, and nothing of the studio.
        limited = demands.must is not None
        answer = {
            "person": {"id": person.pk, "name": person.display_name, "email": person.email},
            "tenant": {
                "id": tenant.pk,
                "name": tenant.name,
                "slug": tenant.slug,
                "url": studio_url(tenant.slug),
                "is_platform": tenant.pk == PLATFORM,
            },
            "permissions": [] if limited else sorted(self.actor.permissions),
            "projects": [] if limited else projects,
            "second_factor": {"has": bool(demands.kinds), "required": demands.policy.second_factor, "kinds": demands.kinds},
            "stepped_up_until": _moment(None if caller.shown is None else caller.shown.stepped_up_until()),
            "policy": {
                "must": demands.must,
                "sso_only": demands.policy.sso_only,
                "provider_step_up": demands.policy.provider_step_up,
                "session_hours": demands.policy.session // timedelta(hours=1),
                "idle_minutes": demands.policy.idle // timedelta(minutes=1),
            },
            "provider": _provider_of(caller.shown),
        }
        return Response(serializers.SessionSerializer(answer).data)


class ProjectsView(ScopedAPIView):
    """A person's projects; new ones are made by owners."""

    permissions: ClassVar = {"POST": Permission.PROJECT_CREATE}

    @extend_schema(
        operation_id="projects_list",
        parameters=[serializers.ProjectsSoughtSerializer],
        responses=serializers.ProjectSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the projects that the person is in."""
        reached = projects_of(self.actor.person, within=self.actor.project)
        reached = narrowed(reached, request, serializers.ProjectsSoughtSerializer)
        return page_of(self, reached, serializers.ProjectSerializer)

    @extend_schema(
        operation_id="projects_create",
        request=serializers.ProjectSerializer,
        responses={201: serializers.ProjectSerializer},
    )
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
    """Who is in a project, and with which roles."""

    permissions: ClassVar = {"GET": Permission.PROJECT_READ, "POST": Permission.MEMBER_MANAGE}

    @extend_schema(
        operation_id="members_list",
        parameters=[serializers.PeopleSoughtSerializer],
        responses=serializers.MemberSerializer(many=True),
    )
    def get(self, request: Request, project: UUID) -> Response:
        """List the members with their roles."""
        wanted = sought(request, serializers.PeopleSoughtSerializer)
        people = _with_role(wanted.pop("role", None), project=project).filter(**wanted)
        return page_of(self, people, serializers.MemberSerializer, roles=roles_in(project))

    @extend_schema(operation_id="members_grant", request=serializers.GrantSerializer, responses={204: None})
    def post(self, request: Request, project: UUID) -> Response:
        """Give a person a role in the project; may be repeated."""
        asked = serializers.GrantSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        services.grant(self.actor, person=wanted["person"], role=Role(wanted["role"]), project=project)
        return Response(status=204)


class MemberView(ScopedAPIView):
    """One role of one member."""

    permissions: ClassVar = {"DELETE": Permission.MEMBER_MANAGE}

    @extend_schema(operation_id="members_revoke", responses={204: None})
    def delete(self, _request: Request, project: UUID, person: UUID, role: str) -> Response:
        """Take the role away; what the person has waiting in the project ends. May be repeated."""
        services.revoke(self.actor, person=person, role=a_role(role), project=project)
        return Response(status=204)


class UsageView(ScopedAPIView):
    """What was used of a project in a day."""

    permissions: ClassVar = {"GET": Permission.PROJECT_READ}

    @extend_schema(operation_id="usage_read", parameters=[serializers.DaySerializer], responses=serializers.UsageSerializer)
    def get(self, request: Request, project: UUID) -> Response:
        """Return one's own use, or everybody's for who oversees the project or its members."""
        del project
        day = sought(request, serializers.DaySerializer).get("day") or timezone.now().date()
        return Response(serializers.UsageSerializer({"day": day, "results": services.usage(self.actor, day=day)}).data)


class PeopleView(ScopedAPIView):
    """The studio's people."""

    permissions: ClassVar = {"GET": Permission.MEMBER_READ, "POST": Permission.PERSON_MANAGE}

    @extend_schema(
        operation_id="people_list",
        parameters=[serializers.PeopleSoughtSerializer],
        responses=serializers.StudioPersonSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List everybody with the tenant-wide roles, programs too; `kind` tells them apart."""
        wanted = sought(request, serializers.PeopleSoughtSerializer)
        role = wanted.pop("role", None)
        people = _with_role(role, project=None) if role else User.objects.all()
        return page_of(self, people.filter(**wanted), serializers.StudioPersonSerializer, roles=roles_in(None))

    @extend_schema(
        operation_id="people_add",
        request=serializers.NewPersonSerializer,
        responses={201: serializers.PersonSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a person."""
        asked = serializers.NewPersonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.add_person(self.actor, **asked.validated_data)
        answer = {"id": made.pk, "name": made.display_name, "email": made.email}
        return Response(serializers.PersonSerializer(answer).data, status=201)


class TokensView(ScopedAPIView):
    """A person's own tokens."""

    permissions: ClassVar = {"POST": Permission.TOKEN_ISSUE}

    @extend_schema(
        operation_id="tokens_list",
        parameters=[serializers.TokensSoughtSerializer],
        responses=serializers.TokenSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the person's tokens, never their values; a token sees itself alone."""
        caller: Any = request.user
        own = ApiToken.objects.filter(user_id=self.actor.person)
        if caller.bearer is not None:
            own = own.filter(pk=caller.bearer.token)
        own = narrowed(own, request, serializers.TokensSoughtSerializer)
        return page_of(self, own, serializers.TokenSerializer)

    @extend_schema(
        operation_id="tokens_create",
        request=serializers.TokenSerializer,
        responses={201: serializers.NewTokenSerializer},
    )
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
            made = ApiToken.objects.get(hash=tokens.digest(token))
            return Response(serializers.TokenSerializer(made).data | {"token": token}, status=201)


class TokenView(ScopedAPIView):
    """One token."""

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, token: UUID) -> Response:
        """End a token; takes effect on the next request. A token ends itself alone."""
        caller: Any = request.user
        if caller.bearer is not None and caller.bearer.token != token:
            raise NotFound("token.unknown")
        services.revoke_token(self.actor, token=token)
        return Response(status=204)
