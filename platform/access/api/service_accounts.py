"""Service accounts, their tokens, and everybody's tokens for who may revoke them."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from access import services
from access.api.roles import PERMISSIONS
from access.api.scoped import ScopedAPIView
from access.api.serializers import NewTokenSerializer, RotationSerializer, TokenSerializer, TokensSoughtSerializer
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.middleware import address_of
from access.models import ApiToken, User, orphaned
from access.roles import Permission
from access.rules import Kind
from access.services import Drawn, TokenDraft
from kernel.errors import NotFound

READS = (Permission.SERVICE_MANAGE, Permission.MEMBER_READ)


class ServiceAccountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(source="display_name", max_length=120)
    keeper = serializers.UUIDField(source="keeper_id", help_text="The person who answers for it.")
    keeper_name = serializers.CharField(read_only=True, default="")
    is_suspended = serializers.BooleanField(read_only=True)
    is_orphaned = serializers.BooleanField(
        read_only=True, help_text="Who answers for it is suspended, so that its tokens open nothing."
    )
    created = serializers.DateTimeField(read_only=True)


class ChangedServiceSerializer(serializers.Serializer[Any]):
    keeper = serializers.UUIDField(required=False)
    is_suspended = serializers.BooleanField(required=False)


class ServiceTokenSerializer(TokenSerializer):
    scope = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS), allow_empty=False)


class NewServiceTokenSerializer(ServiceTokenSerializer):
    token = serializers.CharField(read_only=True)


class StudioTokenSerializer(TokenSerializer):
    person = serializers.UUIDField(source="user_id", read_only=True)
    person_name = serializers.CharField(source="user.display_name", read_only=True)


class LeakedSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=120, write_only=True)


class ServicesSoughtSerializer(SoughtSerializer):
    """What a list of service accounts is narrowed to."""

    name = serializers.CharField(source="display_name__icontains", required=False, max_length=120)
    keeper = serializers.UUIDField(source="keeper_id", required=False)
    suspended = serializers.BooleanField(source="is_suspended", required=False)
    orphaned = serializers.BooleanField(source="is_orphaned", required=False)


class StudioTokensSoughtSerializer(TokensSoughtSerializer):
    """What a list of everybody's tokens is narrowed to."""

    person = serializers.UUIDField(source="user_id", required=False)


def _accounts() -> QuerySet[Any]:
    keepers = User.objects.filter(pk=OuterRef("keeper_id"))
    accounts: QuerySet[Any] = User.objects.filter(kind=Kind.SERVICE.value, keeper_id__isnull=False).annotate(
        keeper_name=Subquery(keepers.values("display_name")),
        is_suspended=~Exists(User.objects.filter(pk=OuterRef("pk"), is_active=True)),
        is_orphaned=orphaned(),
    )
    return accounts


def _account(service: UUID) -> User:
    found: User | None = _accounts().filter(pk=service).first()
    if found is None:
        raise NotFound("service.unknown")
    return found


def _shown_once(drawn: Drawn) -> dict[str, Any]:
    return dict(NewTokenSerializer(drawn.row).data) | {"token": drawn.value}


class ServiceAccountsView(ScopedAPIView):
    """The studio's service accounts."""

    permissions: ClassVar = {"GET": READS, "POST": Permission.SERVICE_MANAGE}

    @extend_schema(
        operation_id="services_list", parameters=[ServicesSoughtSerializer], responses=ServiceAccountSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List them, each with who answers for it."""
        return page_of(self, narrowed(_accounts(), request, ServicesSoughtSerializer), ServiceAccountSerializer)

    @extend_schema(operation_id="services_make", request=ServiceAccountSerializer, responses={201: ServiceAccountSerializer})
    def post(self, request: Request) -> Response:
        """Make one."""
        asked = ServiceAccountSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        made = services.make_service(self.actor, name=wanted["display_name"], keeper=wanted["keeper_id"])
        with self.actor.reading():
            return Response(ServiceAccountSerializer(_account(made.pk)).data, status=201)


class ServiceAccountView(ScopedAPIView):
    """One service account."""

    permissions: ClassVar = {"GET": READS, "PATCH": Permission.SERVICE_MANAGE, "DELETE": Permission.SERVICE_MANAGE}

    @extend_schema(operation_id="service_read", responses=ServiceAccountSerializer)
    def get(self, _request: Request, service: UUID) -> Response:
        """Return it."""
        return Response(ServiceAccountSerializer(_account(service)).data)

    @extend_schema(operation_id="service_change", request=ChangedServiceSerializer, responses=ServiceAccountSerializer)
    def patch(self, request: Request, service: UUID) -> Response:
        """Hand it to another person, suspend it, or let it act again."""
        asked = ChangedServiceSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.change_service(self.actor, service=service, **asked.validated_data)
        with self.actor.reading():
            return Response(ServiceAccountSerializer(_account(service)).data)

    @extend_schema(operation_id="service_remove", responses={204: None})
    def delete(self, _request: Request, service: UUID) -> Response:
        """Remove it with its tokens and grants, for good."""
        services.remove_service(self.actor, service=service)
        return Response(status=204)


class ServiceTokensView(ScopedAPIView):
    """The tokens of one service account."""

    permissions: ClassVar = {"GET": Permission.SERVICE_MANAGE, "POST": Permission.SERVICE_MANAGE}

    @extend_schema(operation_id="service_tokens_list", parameters=[TokensSoughtSerializer], responses=TokenSerializer(many=True))
    def get(self, request: Request, service: UUID) -> Response:
        """List them, never their values."""
        held = ApiToken.objects.filter(user=_account(service))
        return page_of(self, narrowed(held, request, TokensSoughtSerializer), TokenSerializer)

    @extend_schema(operation_id="service_tokens_issue", request=ServiceTokenSerializer, responses={201: NewServiceTokenSerializer})
    def post(self, request: Request, service: UUID) -> Response:
        """Issue one; its value is shown this once."""
        asked = ServiceTokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        draft = TokenDraft(
            name=wanted["name"], project=wanted.get("project_id"), days=wanted["days"],
            scope=frozenset(Permission(one) for one in wanted["scope"]),
        )  # fmt: skip
        return Response(_shown_once(services.issue_service_token(self.actor, service=service, draft=draft)), status=201)


class ServiceTokenView(ScopedAPIView):
    """One token of a service account."""

    permissions: ClassVar = {"DELETE": Permission.SERVICE_MANAGE}

    @extend_schema(operation_id="service_tokens_revoke", responses={204: None})
    def delete(self, _request: Request, service: UUID, token: UUID) -> Response:
        """End it; takes effect on the next request."""
        services.revoke_service_token(self.actor, service=service, token=token)
        return Response(status=204)


class ServiceTokenRotateView(ScopedAPIView):
    """A new token in place of an account's."""

    permissions: ClassVar = {"POST": Permission.SERVICE_MANAGE}

    @extend_schema(operation_id="service_tokens_rotate", request=RotationSerializer, responses={201: NewTokenSerializer})
    def post(self, request: Request, service: UUID, token: UUID) -> Response:
        """Draw a new one; the old one ends after the grace, or at once."""
        asked = RotationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        drawn = services.rotate_service_token(self.actor, service=service, token=token, **asked.validated_data)
        return Response(_shown_once(drawn), status=201)


class TokenRotateView(ScopedAPIView):
    """A new token in place of one of the person's."""

    permissions: ClassVar = {"POST": Permission.TOKEN_ISSUE}

    @extend_schema(operation_id="tokens_rotate", request=RotationSerializer, responses={201: NewTokenSerializer})
    def post(self, request: Request, token: UUID) -> Response:
        """Draw a new one; the old one ends after the grace, or at once."""
        asked = RotationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(_shown_once(services.rotate_token(self.actor, token=token, **asked.validated_data)), status=201)


class StudioTokensView(ScopedAPIView):
    """Everybody's tokens, for who may revoke them."""

    permissions: ClassVar = {"GET": Permission.TOKEN_REVOKE_ANY}

    @extend_schema(
        operation_id="studio_tokens_list",
        parameters=[StudioTokensSoughtSerializer],
        responses=StudioTokenSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List them with whose they are, never their values."""
        held = narrowed(ApiToken.objects.select_related("user"), request, StudioTokensSoughtSerializer)
        return page_of(self, held, StudioTokenSerializer)


class StudioTokenView(ScopedAPIView):
    """Anybody's token."""

    permissions: ClassVar = {"DELETE": Permission.TOKEN_REVOKE_ANY}

    @extend_schema(operation_id="studio_tokens_revoke", responses={204: None})
    def delete(self, _request: Request, token: UUID) -> Response:
        """End it; takes effect on the next request."""
        services.revoke_anybodys_token(self.actor, token=token)
        return Response(status=204)


class LeakedThrottle(SimpleRateThrottle):
    """So many reports a minute from one address, as the gate knows it: a header that no trusted proxy wrote is nobody's word."""

    scope = "leaked"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return where the count is kept."""
        del view
        return f"throttle:leaked:{address_of(request._request) or ''}"


class LeakedView(APIView):
    """Whoever holds a token's value may end it."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (LeakedThrottle,)

    @extend_schema(operation_id="tokens_leaked", request=LeakedSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """End the token that is pasted; whether it was one is not said."""
        asked = LeakedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.revoke_leaked(asked.validated_data["token"])
        return Response(status=204)
