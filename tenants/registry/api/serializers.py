"""What the API says of models."""

from typing import Any

from rest_framework import serializers

from access.api.sought import NamedSerializer
from tenants.registry.rules import Kind, State


class EvaluationSerializer(serializers.Serializer[Any]):
    """The numbers of an evaluation; those that could not be measured are null."""

    loss_before = serializers.FloatField(allow_null=True)
    loss_after = serializers.FloatField(allow_null=True)
    style_before = serializers.FloatField(allow_null=True)
    style_after = serializers.FloatField(allow_null=True)
    style_floor = serializers.FloatField(allow_null=True)


class SuggestedSerializer(serializers.Serializer[Any]):
    """What a training on this base should start from; what is absent has the training's own default."""

    learning_rate = serializers.FloatField()
    min_snr_gamma = serializers.FloatField(required=False)


class ModelSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    state = serializers.ChoiceField(choices=[state.value for state in State])
    family = serializers.CharField()
    licence = serializers.CharField()
    digest = serializers.CharField()
    base = serializers.UUIDField(allow_null=True)
    trigger = serializers.CharField(allow_blank=True)
    created = serializers.DateTimeField()
    evaluation = EvaluationSerializer(allow_null=True)
    side = serializers.IntegerField(allow_null=True, help_text="Pixels a side of the base's own pictures.")
    suggested = SuggestedSerializer(allow_null=True)
    trained_by = serializers.UUIDField(allow_null=True)
    trainer = serializers.CharField(allow_blank=True, help_text="The name of the person who trained it.")
    may_decide = serializers.BooleanField()
    may_use = serializers.BooleanField(help_text="Whether the project's allowances let who asks use it.")


class DecisionSerializer(serializers.Serializer[Any]):
    approve = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ModelsSoughtSerializer(NamedSerializer):
    """What a list of models is narrowed to."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind], required=False)
    state = serializers.ChoiceField(choices=[state.value for state in State], required=False)
