from typing import Any

from rest_framework import serializers

from access.api.sought import NamedSerializer, SoughtSerializer
from governance.licensing.rules import RightsBasis
from tenants.datasets.models import State
from tenants.datasets.rules import LONGEST_CAPTION

RIGHTS = [basis.value for basis in RightsBasis]


class DatasetSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=120)
    state = serializers.ChoiceField(choices=["open", "frozen"], read_only=True)
    items_count = serializers.IntegerField(read_only=True)
    created = serializers.DateTimeField(read_only=True)


class ItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    caption = serializers.CharField(max_length=LONGEST_CAPTION, trim_whitespace=False, allow_blank=True)
    filename = serializers.CharField(read_only=True)
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)
    rights = serializers.ChoiceField(choices=RIGHTS, read_only=True)
    created = serializers.DateTimeField(read_only=True)
    thumbnail_url = serializers.CharField(read_only=True)


class AddedSerializer(ItemSerializer):
    similar_to = serializers.UUIDField(read_only=True, allow_null=True)


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField()
    caption = serializers.CharField(max_length=LONGEST_CAPTION, trim_whitespace=False, required=False, allow_blank=True)
    rights = serializers.ChoiceField(choices=RIGHTS)


class CaptionSerializer(serializers.Serializer[Any]):
    caption = serializers.CharField(max_length=LONGEST_CAPTION, trim_whitespace=False, allow_blank=True)


class DatasetsSoughtSerializer(NamedSerializer):
    """What a list of datasets is narrowed to."""

    state = serializers.ChoiceField(choices=State.choices, required=False)


class ItemsSoughtSerializer(SoughtSerializer):
    """What a list of items is narrowed to."""

    rights = serializers.ChoiceField(choices=[basis.value for basis in RightsBasis], required=False)
