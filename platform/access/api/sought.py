"""What a list is narrowed to: a serializer per list, whose fields name Django's look-ups as their `source`."""

from typing import Any, Final, TypeVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

# Every list takes these besides: they turn pages.
PAGES: Final = frozenset({"cursor", "limit"})
Rows = TypeVar("Rows", bound=QuerySet[Any])


class SoughtSerializer(serializers.Serializer[Any]):
    """What any list of dated rows can be narrowed to: those made from one moment on, up to another."""

    after = serializers.DateTimeField(source="created__gte", required=False)
    before = serializers.DateTimeField(source="created__lt", required=False)


class NamedSerializer(SoughtSerializer):
    """What a list of named rows can be narrowed to besides: a part of the name, in any case."""

    name = serializers.CharField(source="name__icontains", required=False, max_length=120)


def sought(request: Request, fields: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return the look-ups that a request names. Raises ValidationError, naming the field, for a bad value or an unknown one."""
    given = request.query_params.dict()
    asked = fields(data=given)
    unknown = given.keys() - asked.fields.keys() - PAGES
    if unknown:
        raise serializers.ValidationError({name: [ErrorDetail("no such filter", code="unknown")] for name in sorted(unknown)})
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def narrowed(rows: Rows, request: Request, fields: type[serializers.Serializer[Any]]) -> Rows:
    """Return the rows that a request seeks. Raises as `sought` does."""
    return rows.filter(**sought(request, fields))
