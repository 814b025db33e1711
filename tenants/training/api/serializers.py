from typing import Any

from rest_framework import serializers

from access.api.sought import NamedSerializer
from tenants.training.rules import State


class ConfigSerializer(serializers.Serializer[Any]):
    """How an adapter is trained; what is left out has its default."""

    steps = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    learning_rate = serializers.FloatField(min_value=0, max_value=1, required=False)
    rank = serializers.IntegerField(min_value=1, max_value=256, required=False)
    alpha = serializers.IntegerField(min_value=0, max_value=1024, required=False)
    batch = serializers.IntegerField(min_value=1, max_value=64, required=False)
    resolution = serializers.IntegerField(min_value=0, max_value=2048, required=False)
    trigger = serializers.CharField(max_length=60, required=False, allow_blank=True)
    caption_dropout = serializers.FloatField(min_value=0, max_value=1, required=False)
    min_snr_gamma = serializers.FloatField(min_value=0, required=False)
    held_out = serializers.FloatField(min_value=0, max_value=0.5, required=False)
    seed = serializers.IntegerField(min_value=0, required=False)
    sample_every = serializers.IntegerField(min_value=0, required=False)
    sample_prompts = serializers.ListField(
        child=serializers.CharField(max_length=2000, trim_whitespace=False), max_length=8, required=False
    )
    sample_steps = serializers.IntegerField(min_value=1, max_value=200, required=False)
    sample_guidance = serializers.FloatField(min_value=0, max_value=50, required=False)


class RunRequestSerializer(serializers.Serializer[Any]):
    dataset = serializers.UUIDField()
    base = serializers.UUIDField()
    name = serializers.CharField(max_length=120)
    config = ConfigSerializer(required=False)


class SampleSerializer(serializers.Serializer[Any]):
    step = serializers.IntegerField()
    index = serializers.IntegerField()
    url = serializers.CharField()


class RunSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    dataset = serializers.UUIDField(source="dataset_id")
    base = serializers.UUIDField(source="base_id")
    person = serializers.UUIDField(source="person_id")
    state = serializers.ChoiceField(choices=[state.value for state in State])
    config = ConfigSerializer()
    step = serializers.IntegerField()
    steps = serializers.IntegerField(source="steps_total")
    loss = serializers.FloatField(allow_null=True)
    seconds_left = serializers.FloatField(allow_null=True)
    model = serializers.UUIDField(source="model_id", allow_null=True)
    code = serializers.CharField()
    created = serializers.DateTimeField()
    ended = serializers.DateTimeField(allow_null=True)


class RunDetailSerializer(RunSerializer):
    loss_curve = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    samples = SampleSerializer(many=True)


class RunsSoughtSerializer(NamedSerializer):
    """What a list of runs is narrowed to."""

    state = serializers.ChoiceField(choices=[state.value for state in State], required=False)
    dataset = serializers.UUIDField(source="dataset_id", required=False)
    base = serializers.UUIDField(source="base_id", required=False)
    person = serializers.UUIDField(source="person_id", required=False)
