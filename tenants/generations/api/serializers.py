"""What the API says of requests for pictures."""

from typing import Any

from rest_framework import serializers

from access.api.sought import SoughtSerializer
from tenants.generations.rules import (
    LONGEST_PROMPT,
    MOST_AT_ONCE,
    MOST_STEPS,
    SCHEDULERS,
    SEEDS,
    ReplayState,
    State,
)


class AdapterUseSerializer(serializers.Serializer[Any]):
    model = serializers.UUIDField()
    weight = serializers.FloatField(min_value=-2, max_value=2)


class GenerationAskSerializer(serializers.Serializer[Any]):
    prompt = serializers.CharField(max_length=LONGEST_PROMPT, trim_whitespace=False)
    negative = serializers.CharField(max_length=LONGEST_PROMPT, allow_blank=True, required=False, trim_whitespace=False)
    base = serializers.UUIDField()
    adapters = AdapterUseSerializer(many=True, required=False)
    seed = serializers.IntegerField(min_value=0, max_value=SEEDS - 1, allow_null=True, required=False)
    steps = serializers.IntegerField(min_value=1, max_value=MOST_STEPS, required=False)
    guidance = serializers.FloatField(min_value=0, max_value=30, required=False)
    width = serializers.IntegerField(required=False)
    height = serializers.IntegerField(required=False)
    scheduler = serializers.ChoiceField(choices=SCHEDULERS, required=False)
    count = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE, required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    span = serializers.CharField(required=False)
    model = serializers.CharField(required=False, help_text="The model that is not allowed.")
    most = serializers.IntegerField(required=False, help_text="The limit of a day: pictures, or seconds of a device.")
    used = serializers.IntegerField(required=False, help_text="What was used of it.")
    opens = serializers.CharField(required=False, help_text="When it opens again.")


class GenerationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    person = serializers.CharField(help_text="The name of who asked.")
    state = serializers.ChoiceField(choices=[state.value for state in State])
    reasons = ReasonSerializer(many=True)
    code = serializers.CharField(allow_blank=True)
    purpose = serializers.CharField()
    prompt = serializers.CharField()
    negative = serializers.CharField(allow_blank=True)
    base = serializers.UUIDField()
    adapters = AdapterUseSerializer(many=True)
    seed = serializers.IntegerField()
    steps = serializers.IntegerField()
    guidance = serializers.FloatField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    scheduler = serializers.CharField()
    asset = serializers.UUIDField(allow_null=True)
    preview_url = serializers.CharField(allow_null=True)
    created = serializers.DateTimeField()


class GenerationsSoughtSerializer(SoughtSerializer):
    """What a list of requests is narrowed to."""

    state = serializers.ChoiceField(choices=[state.value for state in State], required=False)


class WithheldSoughtSerializer(SoughtSerializer):
    """What a list of withheld pictures is narrowed to."""

    person = serializers.UUIDField(source="person_id", required=False)


class WithheldSerializer(serializers.Serializer[Any]):
    """A picture that policy does not show, as its reviewer sees it."""

    id = serializers.UUIDField()
    person = serializers.CharField(help_text="The name of who asked.")
    reasons = ReasonSerializer(many=True)
    prompt = serializers.CharField()
    negative = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    picture_url = serializers.CharField()
    created = serializers.DateTimeField()
    ended = serializers.DateTimeField()


class GenerationsMadeSerializer(serializers.Serializer[Any]):
    results = GenerationSerializer(many=True)


class ReplaySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[state.value for state in ReplayState])
    equal = serializers.BooleanField(allow_null=True)
    largest_difference = serializers.IntegerField(allow_null=True)
    differing_facts = serializers.ListField(child=serializers.CharField())
    code = serializers.CharField(allow_blank=True)
