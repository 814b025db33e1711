from typing import Any

from rest_framework import serializers


class EntrySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    index = serializers.IntegerField(allow_null=True)
    ts = serializers.DateTimeField()
    kind = serializers.CharField()
    actor = serializers.CharField()
    project = serializers.UUIDField(allow_null=True)
    facts = serializers.DictField()
    commits = serializers.DictField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=["recorded", "integrated", "published"])


class PublishedSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    vkey = serializers.CharField()
    size = serializers.IntegerField()
    root = serializers.CharField(help_text="base64")  # type: ignore[assignment]  # DRF calls its own parent `root`


class ProofSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    leaf = serializers.CharField(help_text="base64 of the entry's bytes")
    hashes = serializers.ListField(child=serializers.CharField(help_text="base64"))
    size = serializers.IntegerField()
    root = serializers.CharField(help_text="base64")  # type: ignore[assignment]  # DRF calls its own parent `root`
    checkpoint = serializers.CharField()
    vkey = serializers.CharField()


class ConsistencySerializer(serializers.Serializer[Any]):
    first = serializers.IntegerField(min_value=1)
    second = serializers.IntegerField(min_value=1)
    hashes = serializers.ListField(child=serializers.CharField(help_text="base64"), read_only=True)


class FilterSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(required=False, default="")
    project = serializers.UUIDField(required=False, default=None)
    cursor = serializers.CharField(required=False, default="")
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)
