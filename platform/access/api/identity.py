"""Single sign-on as admins set it up, and what everybody sees of it before and after signing in."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.api import identity_serializers as serializers
from access.api.scoped import ScopedAPIView, needs_browser
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.federation import beginning
from access.models import CapturedDomain, IdentityProvider, RoleMapping
from access.proofs import OPENED_BY
from access.roles import Permission, Role
from access.rules import Protocol
from access.services.identity import (
    WELL_KNOWN,
    Given,
    Wanted,
    add_mapping,
    add_provider,
    begin_test,
    change_provider,
    claim_domain,
    identities_of,
    link_identity,
    note_signed_out,
    offered,
    opener_of,
    prove_domain,
    received,
    refresh_provider,
    release_domain,
    remove_mapping,
    remove_provider,
    unlink_identity,
)
from kernel.errors import NotFound

_CONFIGURE = Permission.IDENTITY_CONFIGURE


class ProvidersView(ScopedAPIView):
    """The studio's identity providers."""

    permissions: ClassVar = {"GET": _CONFIGURE, "POST": _CONFIGURE}

    @extend_schema(
        operation_id="identity_providers_list",
        parameters=[serializers.ProvidersSoughtSerializer],
        responses=serializers.ProviderSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the providers, never their secrets."""
        rows = narrowed(IdentityProvider.objects.all(), request, serializers.ProvidersSoughtSerializer)
        return page_of(self, rows, serializers.ProviderSerializer)

    @extend_schema(
        operation_id="identity_providers_add",
        request=serializers.TestedProviderSerializer,
        responses={201: serializers.ProviderSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a provider; nobody signs in by it until it is enabled."""
        asked = serializers.TestedProviderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ticket = asked.validated_data.pop("test")
        row = add_provider(self.actor, wanted=_wanted(asked.validated_data), ticket=ticket)
        return Response(serializers.ProviderSerializer(row).data, status=201)


class ProviderView(ScopedAPIView):
    """One provider."""

    permissions: ClassVar = {"GET": _CONFIGURE, "PATCH": _CONFIGURE, "DELETE": _CONFIGURE}

    @extend_schema(operation_id="identity_providers_read", responses=serializers.ProviderSerializer)
    def get(self, _request: Request, provider: UUID) -> Response:
        """Return the provider."""
        return Response(serializers.ProviderSerializer(_provider(provider)).data)

    @extend_schema(
        operation_id="identity_providers_change",
        request=serializers.ProviderChangesSerializer,
        responses=serializers.ProviderSerializer,
    )
    def patch(self, request: Request, provider: UUID) -> Response:
        """Change the provider; enabling it needs a passed test."""
        asked = serializers.ProviderChangesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = change_provider(self.actor, provider=provider, changes=asked.validated_data)
        return Response(serializers.ProviderSerializer(row).data)

    @extend_schema(operation_id="identity_providers_remove", responses={204: None})
    def delete(self, _request: Request, provider: UUID) -> Response:
        """Remove the provider with the identities, roles, sessions and tokens that came by it."""
        remove_provider(self.actor, provider=provider)
        return Response(status=204)


class NewProviderTestView(ScopedAPIView):
    """A test of a provider that is not saved."""

    permissions: ClassVar = {"POST": _CONFIGURE}

    @extend_schema(
        operation_id="identity_provider_tests_begin",
        request=serializers.NewProviderSerializer,
        responses=serializers.BegunTestSerializer,
    )
    def post(self, request: Request) -> Response:
        """Begin a real sign-in at the provider that signs nobody in and saves nothing."""
        needs_browser(request)
        asked = serializers.NewProviderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        draft = begin_test(self.actor, wanted=_wanted(asked.validated_data))
        return Response({"url": beginning.begin_test(_inner(request), draft), "test": draft.ticket})


class TestResultsView(ScopedAPIView):
    """What a test received."""

    permissions: ClassVar = {"POST": _CONFIGURE}

    @extend_schema(
        operation_id="identity_provider_test_results",
        request=serializers.TicketSerializer,
        responses=serializers.ReceivedSerializer,
    )
    def post(self, request: Request) -> Response:
        """Take what a test received, once, as who asked for it."""
        asked = serializers.TicketSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        found = received(self.actor, ticket=asked.validated_data["test"])
        return Response(serializers.ReceivedSerializer(found).data)


class ProviderTestView(ScopedAPIView):
    """A test of a provider as it stands."""

    permissions: ClassVar = {"POST": _CONFIGURE}

    @extend_schema(operation_id="identity_providers_test", request=None, responses=serializers.BegunTestSerializer)
    def post(self, request: Request, provider: UUID) -> Response:
        """Begin a real sign-in at the provider that signs nobody in."""
        needs_browser(request)
        draft = begin_test(self.actor, provider=provider)
        return Response({"url": beginning.begin_test(_inner(request), draft), "test": draft.ticket})


class ProviderRefreshView(ScopedAPIView):
    """A provider's metadata, read anew."""

    permissions: ClassVar = {"POST": _CONFIGURE}

    @extend_schema(
        operation_id="identity_providers_refresh",
        request=serializers.RefreshSerializer,
        responses=serializers.ProviderSerializer,
    )
    def post(self, request: Request, provider: UUID) -> Response:
        """Read the metadata from its address, or as it is given; new certificates count from now on."""
        asked = serializers.RefreshSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = refresh_provider(self.actor, provider=provider, metadata=asked.validated_data["metadata"])
        return Response(serializers.ProviderSerializer(row).data)


class ServiceProviderView(ScopedAPIView):
    """What is entered at the provider."""

    permissions: ClassVar = {"GET": _CONFIGURE}

    @extend_schema(operation_id="identity_providers_service_provider", responses=serializers.ServiceProviderSerializer)
    def get(self, request: Request, provider: UUID) -> Response:
        """Return our addresses and our certificate for the provider."""
        return Response(beginning.our_side(_inner(request), _provider(provider)))


class MappingsView(ScopedAPIView):
    """What a provider's groups give."""

    permissions: ClassVar = {"GET": _CONFIGURE, "POST": _CONFIGURE}

    @extend_schema(
        operation_id="identity_mappings_list", parameters=[SoughtSerializer], responses=serializers.MappingSerializer(many=True)
    )
    def get(self, request: Request, provider: UUID) -> Response:
        """List what the provider's groups give."""
        rows = RoleMapping.objects.filter(provider=_provider(provider))
        return page_of(self, narrowed(rows, request, SoughtSerializer), serializers.MappingSerializer)

    @extend_schema(
        operation_id="identity_mappings_add",
        request=serializers.MappingSerializer,
        responses={201: serializers.MappingSerializer},
    )
    def post(self, request: Request, provider: UUID) -> Response:
        """Let a group give a role or a membership; may be repeated."""
        asked = serializers.MappingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        given = Given(
            claimed=wanted["claimed"], role=Role(wanted["role"]) if wanted.get("role") else None, custom=wanted.get("custom_id"),
            group=wanted.get("group_id"), project=wanted.get("project_id"),
        )  # fmt: skip
        made = add_mapping(self.actor, provider=provider, given=given)
        return Response(serializers.MappingSerializer(made).data, status=201)


class MappingView(ScopedAPIView):
    """One of them."""

    permissions: ClassVar = {"DELETE": _CONFIGURE}

    @extend_schema(operation_id="identity_mappings_remove", responses={204: None})
    def delete(self, _request: Request, provider: UUID, mapping: UUID) -> Response:
        """Remove it; what it gave, and no other mapping of the provider gives, goes at once."""
        remove_mapping(self.actor, provider=provider, mapping=mapping)
        return Response(status=204)


class DomainsView(ScopedAPIView):
    """The e-mail domains that the studio claims."""

    permissions: ClassVar = {"GET": _CONFIGURE, "POST": _CONFIGURE}

    @extend_schema(operation_id="domains_list", parameters=[SoughtSerializer], responses=serializers.DomainSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the domains with their challenges."""
        claimed = narrowed(CapturedDomain.objects.all(), request, SoughtSerializer)
        return page_of(self, claimed, serializers.DomainSerializer, well_known=WELL_KNOWN)

    @extend_schema(
        operation_id="domains_claim", request=serializers.DomainSerializer, responses={201: serializers.DomainSerializer}
    )
    def post(self, request: Request) -> Response:
        """Claim a domain; it means nothing until it is proved."""
        asked = serializers.DomainSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        made = claim_domain(self.actor, domain=wanted["domain"], provider=wanted.get("provider_id"))
        return Response(_domain(made), status=201)


class DomainView(ScopedAPIView):
    """One claimed domain."""

    permissions: ClassVar = {"DELETE": _CONFIGURE}

    @extend_schema(operation_id="domains_release", responses={204: None})
    def delete(self, _request: Request, domain: UUID) -> Response:
        """Give the domain up."""
        release_domain(self.actor, domain=domain)
        return Response(status=204)


class DomainProofView(ScopedAPIView):
    """The proof of a claimed domain."""

    permissions: ClassVar = {"POST": _CONFIGURE}

    @extend_schema(operation_id="domains_prove", request=None, responses=serializers.DomainSerializer)
    def post(self, _request: Request, domain: UUID) -> Response:
        """Look whether the domain shows the challenge; from then on it leads to the studio. May be repeated."""
        return Response(_domain(prove_domain(self.actor, domain=domain)))


class IdentitiesView(ScopedAPIView):
    """What links a person to providers."""

    permissions: ClassVar = {"GET": Permission.PERSON_MANAGE, "POST": Permission.PERSON_MANAGE}

    @extend_schema(
        operation_id="identities_list", parameters=[SoughtSerializer], responses=serializers.LinkedIdentitySerializer(many=True)
    )
    def get(self, request: Request, person: UUID) -> Response:
        """List which providers she is linked to, and since when; never by which name, nor what they said of her."""
        rows = narrowed(identities_of(self.actor, person=person), request, SoughtSerializer)
        return page_of(self, rows, serializers.LinkedIdentitySerializer)

    @extend_schema(operation_id="identities_link", request=serializers.IdentitySerializer, responses={204: None})
    def post(self, request: Request, person: UUID) -> Response:
        """Link a provider's name for the person to her account."""
        asked = serializers.IdentitySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        link_identity(self.actor, person=person, **asked.validated_data)
        return Response(status=204)


class IdentityView(ScopedAPIView):
    """One of them."""

    permissions: ClassVar = {"DELETE": Permission.PERSON_MANAGE}

    @extend_schema(operation_id="identities_unlink", responses={204: None})
    def delete(self, _request: Request, person: UUID, provider: UUID) -> Response:
        """Unlink it, and end the sessions and tokens that came by it. May be repeated."""
        unlink_identity(self.actor, person=person, provider=provider)
        return Response(status=204)


class SignInView(APIView):
    """How people sign in at the studio of the address; asked before anybody has."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(operation_id="sign_in_offers", responses=serializers.OfferedSerializer)
    def get(self, request: Request) -> Response:
        """Return the studio's name, its providers, and whether passwords are taken."""
        tenant = getattr(_inner(request), "tenant", None)
        if tenant is None:
            raise NotFound("studio.unknown")
        found = offered(tenant)
        providers = [{**one, "url": beginning.link(one["protocol"], one["slug"])} for one in found["providers"]]
        return Response(serializers.OfferedSerializer({**found, "providers": providers}).data)


class SignOutView(ScopedAPIView):
    """The end of one's own session."""

    @extend_schema(operation_id="sign_out", request=None, responses=serializers.LeavingSerializer)
    def post(self, request: Request) -> Response:
        """Sign out here; the answer says where to go so that the provider hears of it."""
        needs_browser(request)
        asked = _inner(request)
        opened = opener_of(self.actor, opened=asked.session.get(OPENED_BY))
        url = beginning.leaving(asked, opened)
        asked.session.flush()
        note_signed_out(self.actor)
        return Response({"url": url})


def _wanted(asked: dict[str, Any]) -> Wanted:
    return Wanted(**{**asked, "protocol": Protocol(asked["protocol"])})


def _provider(provider: UUID) -> IdentityProvider:
    found: IdentityProvider | None = IdentityProvider.objects.filter(pk=provider).first()
    if found is None:
        raise NotFound("provider.unknown")
    return found


def _domain(row: CapturedDomain) -> Any:
    return serializers.DomainSerializer(row, context={"well_known": WELL_KNOWN}).data


def _inner(request: Request) -> Any:
    return request._request
