"""What the API says of assets."""

from typing import Any

from rest_framework import serializers


class AssetSummarySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    seed = serializers.IntegerField()
    created = serializers.DateTimeField()
    person = serializers.CharField()
    purpose = serializers.CharField()
    thumbnail_url = serializers.CharField()


class AssetSerializer(AssetSummarySerializer):
    picture_url = serializers.CharField()
    prompt = serializers.CharField()
    negative = serializers.CharField(allow_blank=True)
    base = serializers.UUIDField()
    adapters = serializers.ListField(child=serializers.DictField())
    record = serializers.DictField()
    entry = serializers.UUIDField()
    entry_url = serializers.CharField()


class SoughtSerializer(serializers.Serializer[Any]):
    model = serializers.UUIDField(required=False)
    person = serializers.UUIDField(required=False)
    after = serializers.DateTimeField(required=False)
    before = serializers.DateTimeField(required=False)
