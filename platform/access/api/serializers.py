"""What the API says of people, projects and tokens."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from access.api.identity_serializers import OfferedProviderSerializer
from access.api.sought import NamedSerializer, SoughtSerializer
from access.models import User
from access.roles import Permission, Role
from access.rules import Kind, TokenKind
from access.services import UsedBy
from access.services.admitting import FACTORS
from access.services.tokens import MOST_GRACE_MINUTES

TOKEN_KINDS = [kind.value for kind in TokenKind]


class ProjectSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=120)
    created = serializers.DateTimeField(read_only=True)


class OwnProjectSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=[p.value for p in Permission]))


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class StudioSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()


class OwnStudioSerializer(StudioSerializer):
    """The studio that somebody is signed in to; `url` is its address as identity providers know it, with a slash at its end."""

    url = serializers.CharField()
    is_platform = serializers.BooleanField(help_text="Whether it is the platform's own tenant, whose people hold its roles alone.")


class SecondFactorSerializer(serializers.Serializer[Any]):
    has = serializers.BooleanField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of that name; DRF's own is an argument
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=FACTORS))


class DemandsSerializer(serializers.Serializer[Any]):
    """What the studio's policy asks of this session."""

    must = serializers.ChoiceField(choices=["enrol_factor", "show_factor"], allow_null=True)
    sso_only = serializers.BooleanField()
    provider_step_up = serializers.BooleanField()
    session_hours = serializers.IntegerField()
    idle_minutes = serializers.IntegerField()


class SessionSerializer(serializers.Serializer[Any]):
    person = PersonSerializer()
    tenant = OwnStudioSerializer()
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=[p.value for p in Permission]))
    projects = OwnProjectSerializer(many=True)
    second_factor = SecondFactorSerializer()
    stepped_up_until = serializers.DateTimeField(allow_null=True)
    policy = DemandsSerializer()
    provider = OfferedProviderSerializer(
        allow_null=True, help_text="The identity provider that the session's person last signed in by, while it is enabled."
    )


class AddressSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()


class MemberSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(source="display_name")
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in Kind], help_text="Only persons sign in; the others are programs."
    )
    is_active = serializers.BooleanField()
    roles = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=[role.value for role in Role])))
    def get_roles(self, person: User) -> list[str]:
        """Return the roles at the place that the view lists."""
        held: list[str] = self.context["roles"].get(person.pk, [])
        return held


class StudioPersonSerializer(MemberSerializer):
    is_break_glass = serializers.BooleanField(help_text="Named to sign in by password when the studio's provider is away.")


class GrantSerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField()
    role = serializers.ChoiceField(choices=[role.value for role in Role if role is not Role.SYSTEM])


class SetsOwnPassword(serializers.Serializer[Any]):
    """Somebody new, who sets her password by a link that she alone is sent: who chose it for her could sign in as she."""

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Raise for a password, which would else be passed over in silence."""
        if "password" in self.initial_data:
            raise serializers.ValidationError({"password": "Leave it out: a link to set one is sent to the address."})
        return given


class NewPersonSerializer(SetsOwnPassword):
    email = serializers.EmailField()
    name = serializers.CharField(max_length=120)


class TokenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=TOKEN_KINDS, read_only=True)
    name = serializers.CharField(max_length=120)
    project = serializers.UUIDField(required=False, allow_null=True, source="project_id")
    scope = serializers.ListField(child=serializers.ChoiceField(choices=[p.value for p in Permission]), required=False)
    days = serializers.IntegerField(min_value=1, max_value=366, default=30, write_only=True)
    created = serializers.DateTimeField(read_only=True)
    expires = serializers.DateTimeField(read_only=True)
    last_used = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked = serializers.DateTimeField(read_only=True, allow_null=True)


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(read_only=True)


class RotationSerializer(serializers.Serializer[Any]):
    grace_minutes = serializers.IntegerField(
        min_value=0, max_value=MOST_GRACE_MINUTES, default=0, help_text="How long the old one still opens; 0 ends it at once."
    )


class UsedBySerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField()
    name = serializers.CharField()
    pictures = serializers.IntegerField(source="used.pictures")
    device_seconds = serializers.SerializerMethodField()

    def get_device_seconds(self, row: UsedBy) -> int:
        """Return whole seconds."""
        return row.used.device_milliseconds // 1000


class UsageSerializer(serializers.Serializer[Any]):
    """What was used of a project in a day."""

    day = serializers.DateField()
    results = UsedBySerializer(many=True)


class DaySerializer(serializers.Serializer[Any]):
    """Which day is asked about; today where it is left out. Days are those of UTC."""

    day = serializers.DateField(required=False)


class ProjectsSoughtSerializer(NamedSerializer):
    """What a list of projects is narrowed to."""


class PeopleSoughtSerializer(SoughtSerializer):
    """What a list of people is narrowed to."""

    name = serializers.CharField(source="display_name__icontains", required=False, max_length=120)
    role = serializers.ChoiceField(choices=[role.value for role in Role], required=False)


class TokensSoughtSerializer(NamedSerializer):
    """What a list of tokens is narrowed to."""

    project = serializers.UUIDField(source="project_id", required=False)
    kind = serializers.ChoiceField(choices=TOKEN_KINDS, required=False)
