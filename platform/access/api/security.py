"""The security policy, break-glass accounts, sessions to end, and who is shut out."""

import time
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView, needs_browser
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.middleware import address_of
from access.models import Session
from access.proofs import WAYS, proofs_in
from access.roles import Permission
from access.services.security import LEAST_IDLE, MOST_HOURS, MOST_IDLE, MOST_NETWORKS
from kernel.errors import Forbidden


class SecurityPolicySerializer(serializers.Serializer[Any]):
    sso_only = serializers.BooleanField()
    second_factor = serializers.BooleanField()
    provider_step_up = serializers.BooleanField()
    session_hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS)
    idle_minutes = serializers.IntegerField(min_value=LEAST_IDLE, max_value=MOST_IDLE)
    networks = serializers.ListField(child=serializers.CharField(max_length=64), max_length=MOST_NETWORKS)
    changed = serializers.DateTimeField(read_only=True, allow_null=True)


class DeviceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    agent = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    created = serializers.DateTimeField()
    seen = serializers.DateTimeField()
    current = serializers.SerializerMethodField()
    shown = serializers.SerializerMethodField()

    @extend_schema_field(serializers.BooleanField())
    def get_current(self, session: Session) -> bool:
        """Return whether it is the session that asks."""
        return bool(self.context["digest"]) and session.digest == self.context["digest"]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=WAYS)))
    def get_shown(self, session: Session) -> list[str]:
        """Return how the person signed in, and what she has shown since."""
        return list(proofs_in(session.content).ways())


class SecurityPolicyView(ScopedAPIView):
    """What the studio asks of every sign-in and every request."""

    permissions: ClassVar = {"GET": Permission.SECURITY_CONFIGURE, "PUT": Permission.SECURITY_CONFIGURE}

    @extend_schema(operation_id="security_policy_read", responses=SecurityPolicySerializer)
    def get(self, _request: Request) -> Response:
        """Return the policy."""
        return Response(SecurityPolicySerializer(services.security_policy(self.actor)).data)

    @extend_schema(operation_id="security_policy_set", request=SecurityPolicySerializer, responses=SecurityPolicySerializer)
    def put(self, request: Request) -> Response:
        """Set the whole policy; it holds from the next request on."""
        asked = SecurityPolicySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        wanted = services.Wanted(**{**values, "networks": tuple(values["networks"])})
        made = services.set_security_policy(self.actor, wanted=wanted, address=address_of(request._request))
        return Response(SecurityPolicySerializer(made).data)


class BreakGlassView(ScopedAPIView):
    """A break-glass account."""

    permissions: ClassVar = {
        "POST": (Permission.OWNER_APPOINT, Permission.SECURITY_CONFIGURE),
        "DELETE": (Permission.OWNER_APPOINT, Permission.SECURITY_CONFIGURE),
    }

    @extend_schema(operation_id="break_glass_name", request=None, responses={204: None})
    def post(self, _request: Request, person: UUID) -> Response:
        """Name the person's account one that signs in without the provider. May be repeated."""
        services.name_break_glass(self.actor, person=person)
        return Response(status=204)

    @extend_schema(operation_id="break_glass_dismiss", responses={204: None})
    def delete(self, _request: Request, person: UUID) -> Response:
        """Make it an account as any other. May be repeated."""
        services.dismiss_break_glass(self.actor, person=person)
        return Response(status=204)


class SessionsView(ScopedAPIView):
    """The person's own sessions, at a browser alone: whoever found a token of hers learns nothing of them and ends none."""

    @extend_schema(operation_id="sessions_list", parameters=[SoughtSerializer], responses=DeviceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the devices that are signed in."""
        needs_browser(request)
        own = services.sessions_of(self.actor, self.actor.person)
        return page_of(self, narrowed(own, request, SoughtSerializer), DeviceSerializer, digest=_digest(request))

    @extend_schema(operation_id="sessions_end", responses={204: None})
    def delete(self, request: Request) -> Response:
        """End all of them but the one that asks, which has shown something within the last five minutes."""
        _check_fresh(request)
        services.end_sessions(self.actor, besides=_digest(request))
        return Response(status=204)


class OwnSessionView(ScopedAPIView):
    """One of the person's own sessions."""

    @extend_schema(operation_id="session_end", responses={204: None})
    def delete(self, request: Request, session: UUID) -> Response:
        """End it at once; the session that asks has shown something within the last five minutes."""
        _check_fresh(request)
        services.end_session(self.actor, session=session)
        return Response(status=204)


class PersonSessionsView(ScopedAPIView):
    """Another person's sessions, for who manages people."""

    permissions: ClassVar = {"GET": Permission.PERSON_MANAGE, "DELETE": Permission.PERSON_MANAGE}

    @extend_schema(operation_id="person_sessions_list", parameters=[SoughtSerializer], responses=DeviceSerializer(many=True))
    def get(self, request: Request, person: UUID) -> Response:
        """List the devices that are signed in."""
        theirs = narrowed(services.sessions_of(self.actor, person), request, SoughtSerializer)
        return page_of(self, theirs, DeviceSerializer, digest=_digest(request))

    @extend_schema(operation_id="person_sessions_end", responses={204: None})
    def delete(self, _request: Request, person: UUID) -> Response:
        """End all of them at once."""
        services.end_sessions(self.actor, person=person)
        return Response(status=204)


class SuspendView(ScopedAPIView):
    """Shuts a person out."""

    permissions: ClassVar = {"POST": Permission.PERSON_MANAGE}

    @extend_schema(operation_id="person_suspend", request=None, responses={204: None})
    def post(self, _request: Request, person: UUID) -> Response:
        """End her sessions, tokens and work at once, and let her in no more. May be repeated."""
        services.suspend_person(self.actor, person=person)
        return Response(status=204)


class PersonFactorsView(ScopedAPIView):
    """Another person's second factors, for who manages people."""

    permissions: ClassVar = {"DELETE": Permission.PERSON_MANAGE}

    @extend_schema(operation_id="person_factors_remove", responses={204: None})
    def delete(self, _request: Request, person: UUID) -> Response:
        """Remove them all, as she has lost them, and end her sessions. May be repeated."""
        services.remove_factors(self.actor, person=person)
        return Response(status=204)


class RestoreView(ScopedAPIView):
    """Lets a person in again."""

    permissions: ClassVar = {"POST": Permission.PERSON_MANAGE}

    @extend_schema(operation_id="person_restore", request=None, responses={204: None})
    def post(self, _request: Request, person: UUID) -> Response:
        """Let a suspended person sign in again. May be repeated."""
        services.restore_person(self.actor, person=person)
        return Response(status=204)


def _check_fresh(request: Request) -> None:
    """Raise Forbidden for a session that somebody may just sit at: she proves herself anew before she shuts others out."""
    needs_browser(request)
    caller: Any = request.user
    if caller.shown.proofs.is_fresh(time.time()):
        return
    raise Forbidden("step_up.needed" if caller.admitted.standing.has_factor else "session.sign_in_again")


def _digest(request: Request) -> str:
    """Return what the row of the asking session is found by; empty for a token, which is no session."""
    caller: Any = request.user
    return "" if caller.shown is None else str(request._request.session.digest)  # type: ignore[attr-defined]  # our own store
