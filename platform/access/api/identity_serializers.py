"""What the API says of identity providers, what their groups give, and captured domains."""

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from access.api.sought import NamedSerializer
from access.models import IdentityProvider
from access.roles import Role
from access.rules import Protocol, ending

_LONGEST_METADATA: Final = 1024 * 1024
_NOT_READ: Final = "Empty: none is read."
_PROTOCOLS: Final = [one.value for one in Protocol]


class ProviderSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    protocol = serializers.ChoiceField(choices=_PROTOCOLS)
    issuer = serializers.CharField()
    metadata_url = serializers.CharField()
    client_id = serializers.CharField()
    email_claim = serializers.CharField()
    name_claim = serializers.CharField()
    groups_claim = serializers.CharField()
    is_joining = serializers.BooleanField()
    is_enabled = serializers.BooleanField()
    tested = serializers.DateTimeField(allow_null=True)
    is_tested_as_it_stands = serializers.BooleanField(
        help_text="Whether the last test that passed was of the present addresses and certificates."
    )
    certificate_ends = serializers.DateTimeField(allow_null=True)
    certificate_warning = serializers.SerializerMethodField()
    created = serializers.DateTimeField()
    changed = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=["", "soon", "past"]))
    def get_certificate_warning(self, row: IdentityProvider) -> str:
        """Return whether the provider's last certificate ends within 30 days, or has ended."""
        said = ending(row.certificate_ends, timezone.now())
        return "" if said is None else said.value


class NewProviderSerializer(serializers.Serializer[Any]):
    """By one of the address of its metadata, the metadata itself, or (OpenID Connect) its issuer."""

    name = serializers.CharField(max_length=120)
    protocol = serializers.ChoiceField(choices=_PROTOCOLS)
    slug = serializers.SlugField(max_length=63, required=False, allow_blank=True, default="")
    issuer = serializers.CharField(max_length=1024, required=False, allow_blank=True, default="")
    metadata_url = serializers.CharField(max_length=1024, required=False, allow_blank=True, default="")
    metadata = serializers.CharField(
        max_length=_LONGEST_METADATA, required=False, allow_blank=True, default="", trim_whitespace=False
    )
    client_id = serializers.CharField(max_length=255, required=False, allow_blank=True, default="")
    client_secret = serializers.CharField(
        max_length=1024, required=False, allow_blank=True, default="", write_only=True, trim_whitespace=False
    )
    email_claim = serializers.CharField(max_length=255, required=False, default="email")
    name_claim = serializers.CharField(max_length=255, required=False, allow_blank=True, default="name", help_text=_NOT_READ)
    groups_claim = serializers.CharField(max_length=255, required=False, allow_blank=True, default="groups", help_text=_NOT_READ)
    is_joining = serializers.BooleanField(required=False, default=False)


class TestedProviderSerializer(NewProviderSerializer):
    """`test` is the ticket of a test that this very provider has passed."""

    test = serializers.RegexField(r"^[0-9a-f]{32}$", required=False, allow_blank=True, default="")


class ProviderChangesSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    client_id = serializers.CharField(max_length=255, required=False)
    client_secret = serializers.CharField(max_length=1024, required=False, write_only=True, trim_whitespace=False)
    email_claim = serializers.CharField(max_length=255, required=False)
    name_claim = serializers.CharField(max_length=255, required=False, allow_blank=True, help_text=_NOT_READ)
    groups_claim = serializers.CharField(max_length=255, required=False, allow_blank=True, help_text=_NOT_READ)
    is_joining = serializers.BooleanField(required=False)
    is_enabled = serializers.BooleanField(required=False)


class RefreshSerializer(serializers.Serializer[Any]):
    metadata = serializers.CharField(
        max_length=_LONGEST_METADATA, required=False, allow_blank=True, default="", trim_whitespace=False
    )


class BegunTestSerializer(serializers.Serializer[Any]):
    """Where the browser goes, and the ticket by which what was received is read once."""

    url = serializers.CharField()
    test = serializers.CharField()


class TicketSerializer(serializers.Serializer[Any]):
    test = serializers.RegexField(r"^[0-9a-f]{32}$")


class ReceivedSerializer(serializers.Serializer[Any]):
    """What a test received; `why` says why its sign-in failed. Both are empty until the browser has come back."""

    claims = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    why = serializers.CharField(allow_blank=True)


class ServiceProviderSerializer(serializers.Serializer[Any]):
    """What the provider's admin enters there."""

    redirect_uri = serializers.CharField()
    backchannel_logout_uri = serializers.CharField()
    post_logout_redirect_uri = serializers.CharField()
    sign_in_uri = serializers.CharField()
    entity_id = serializers.CharField()
    acs_url = serializers.CharField()
    sls_url = serializers.CharField()
    certificate = serializers.CharField()


class MappingSerializer(serializers.Serializer[Any]):
    """What a group at the provider gives: one of a role, a role of the studio's own, and a group of the studio's."""

    id = serializers.UUIDField(read_only=True)
    claimed = serializers.CharField(max_length=255)
    role = serializers.ChoiceField(
        choices=[role.value for role in Role if role is not Role.SYSTEM], required=False, allow_blank=True
    )
    custom = serializers.UUIDField(source="custom_id", required=False, allow_null=True)
    group = serializers.UUIDField(source="group_id", required=False, allow_null=True)
    project = serializers.UUIDField(source="project_id", required=False, allow_null=True)
    created = serializers.DateTimeField(read_only=True)


class DomainSerializer(serializers.Serializer[Any]):
    """A domain is proved when `url` answers `challenge`."""

    id = serializers.UUIDField(read_only=True)
    domain = serializers.CharField(max_length=253)
    provider = serializers.UUIDField(source="provider_id", required=False, allow_null=True)
    challenge = serializers.CharField(read_only=True)
    url = serializers.SerializerMethodField()
    proved = serializers.DateTimeField(read_only=True, allow_null=True)
    created = serializers.DateTimeField(read_only=True)

    @extend_schema_field(serializers.CharField())
    def get_url(self, row: Any) -> str:
        """Return where the challenge is looked for."""
        return f"https://{row.domain}{self.context['well_known']}"


class IdentitySerializer(serializers.Serializer[Any]):
    """A provider's name for a person."""

    provider = serializers.UUIDField()
    uid = serializers.CharField(max_length=255)


class LinkedIdentitySerializer(serializers.Serializer[Any]):
    """That a provider has a name for a person, not which."""

    provider = serializers.UUIDField(source="provider_id")
    provider_name = serializers.CharField()
    linked = serializers.DateTimeField(source="created")


class OfferedProviderSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    protocol = serializers.ChoiceField(choices=_PROTOCOLS)
    url = serializers.CharField()


class OfferedSerializer(serializers.Serializer[Any]):
    """How people sign in at a studio."""

    name = serializers.CharField()
    providers = OfferedProviderSerializer(many=True)
    has_passwords = serializers.BooleanField()


class LeavingSerializer(serializers.Serializer[Any]):
    """Where the browser goes so that the provider hears of it; empty where it need not."""

    url = serializers.CharField(allow_blank=True)


class ProvidersSoughtSerializer(NamedSerializer):
    """What a list of providers is narrowed to."""
