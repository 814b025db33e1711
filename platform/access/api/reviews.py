"""Access reviews: opened, decided grant by grant, closed, and taken along as evidence."""

import csv
import io
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access import services
from access.api.scoped import ScopedAPIView
from access.api.sought import SoughtSerializer, narrowed
from access.api.views import page_of
from access.models import ReviewItem
from access.roles import Permission
from access.services import Decision, Evidence
from kernel.errors import Forbidden, NotFound

DECISIONS = [one.value for one in Decision]
OPEN = "open"
# What a spreadsheet would take for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class ReviewSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    project = serializers.UUIDField(source="project_id", read_only=True, allow_null=True)
    opened_by = serializers.UUIDField(read_only=True)
    created = serializers.DateTimeField(read_only=True)
    due = serializers.DateTimeField()
    closed = serializers.DateTimeField(read_only=True, allow_null=True)


class ReviewItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    grant = serializers.UUIDField(source="grant_id")
    holder = serializers.CharField()
    holder_id = serializers.UUIDField()
    is_group = serializers.BooleanField()
    role = serializers.CharField()
    project = serializers.UUIDField(source="project_id", allow_null=True)
    expires = serializers.DateTimeField(allow_null=True)
    decision = serializers.ChoiceField(choices=DECISIONS, allow_blank=True, help_text="Empty while it is open.")
    decided_by = serializers.UUIDField(allow_null=True)
    decided = serializers.DateTimeField(allow_null=True)


class GrantDecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=DECISIONS)


class GrantDecidedSerializer(serializers.Serializer[Any]):
    item = ReviewItemSerializer()
    must_change_mapping = serializers.BooleanField(help_text="A provider's groups gave it, and give it again.")


class EvidenceItemSerializer(ReviewItemSerializer):
    entry = serializers.SerializerMethodField(help_text="The ledger's entry of the decision.")

    def get_entry(self, item: ReviewItem) -> str | None:
        """Return the entry, once it is decided."""
        entry = self.context["decided"].get(str(item.pk))
        return None if entry is None else str(entry)


class EvidenceSerializer(serializers.Serializer[Any]):
    review = ReviewSerializer()
    opened_entry = serializers.UUIDField(allow_null=True)
    closed_entry = serializers.UUIDField(allow_null=True)
    confirmed = serializers.IntegerField()
    revoked = serializers.IntegerField()
    open = serializers.IntegerField()
    items = EvidenceItemSerializer(many=True)


class ReviewsSoughtSerializer(SoughtSerializer):
    """What a list of reviews is narrowed to."""

    closed = serializers.BooleanField(source="closed__isnull", required=False)

    def validate_closed(self, value: bool) -> bool:  # noqa: FBT001  # DRF's signature
        """Turn it into what the database is asked."""
        return not value


class StudioReviewsSoughtSerializer(ReviewsSoughtSerializer):
    """What a list of all reviews is narrowed to."""

    project = serializers.UUIDField(source="project_id", required=False)


class ReviewItemsSoughtSerializer(SoughtSerializer):
    """What a list of a review's grants is narrowed to."""

    decision = serializers.ChoiceField(choices=[OPEN, *DECISIONS], required=False)
    holder = serializers.CharField(source="holder__icontains", required=False, max_length=120)

    def validate_decision(self, value: str) -> str:
        """Turn it into what the row says."""
        return "" if value == OPEN else value


class ReviewsView(ScopedAPIView):
    """Reviews of the whole studio, and of each project."""

    permissions: ClassVar = {"GET": Permission.ACCESS_REVIEW, "POST": Permission.ACCESS_REVIEW}

    @extend_schema(operation_id="reviews_list", parameters=[StudioReviewsSoughtSerializer], responses=ReviewSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        held = narrowed(services.reviews(self.actor), request, StudioReviewsSoughtSerializer)
        return page_of(self, held, ReviewSerializer)

    @extend_schema(operation_id="reviews_open", request=ReviewSerializer, responses={201: ReviewSerializer})
    def post(self, request: Request) -> Response:
        """Open one over every grant of the studio."""
        return _opened(self, request)


class ProjectReviewsView(ScopedAPIView):
    """Reviews of one project."""

    permissions: ClassVar = {"GET": Permission.ACCESS_REVIEW, "POST": Permission.ACCESS_REVIEW}

    @extend_schema(operation_id="project_reviews_list", parameters=[ReviewsSoughtSerializer], responses=ReviewSerializer(many=True))
    def get(self, request: Request, project: UUID) -> Response:
        """List them, the newest first."""
        held = services.reviews(self.actor).filter(project_id=project)
        return page_of(self, narrowed(held, request, ReviewsSoughtSerializer), ReviewSerializer)

    @extend_schema(operation_id="project_reviews_open", request=ReviewSerializer, responses={201: ReviewSerializer})
    def post(self, request: Request, project: UUID) -> Response:
        """Open one over every grant of the project."""
        del project
        return _opened(self, request)


class OfReviewView(ScopedAPIView):
    """What is about one review: who reviews the studio reaches each, a lead those of her project."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Act in the review's project unless one reviews the whole studio. Raises Forbidden alike for every review else."""
        super().initial(request, *args, **kwargs)
        if self.actor.may(Permission.ACCESS_REVIEW):
            return
        project = services.project_of_review(self.actor, review=kwargs["review"])
        caller: Any = request.user
        try:
            inside = None if project is None else caller.actor(project)
        except NotFound:
            inside = None
        if inside is None or not inside.may(Permission.ACCESS_REVIEW):
            raise Forbidden("permission.missing", permission=Permission.ACCESS_REVIEW.value)
        self.actor = inside


class ReviewView(OfReviewView):
    """One review."""

    @extend_schema(operation_id="review_read", responses=ReviewSerializer)
    def get(self, _request: Request, review: UUID) -> Response:
        """Return it."""
        return Response(ReviewSerializer(services.found_review(self.actor, review=review)).data)


class ReviewItemsView(OfReviewView):
    """The grants of one review."""

    @extend_schema(
        operation_id="review_items_list",
        parameters=[ReviewItemsSoughtSerializer],
        responses=ReviewItemSerializer(many=True),
    )
    def get(self, request: Request, review: UUID) -> Response:
        """List them as they stood when it was opened, with what was decided."""
        held = ReviewItem.objects.filter(review=services.found_review(self.actor, review=review))
        return page_of(self, narrowed(held, request, ReviewItemsSoughtSerializer), ReviewItemSerializer)


class ReviewDecisionView(OfReviewView):
    """The decision on one grant."""

    @extend_schema(operation_id="review_decide", request=GrantDecisionSerializer, responses=GrantDecidedSerializer)
    def post(self, request: Request, review: UUID, item: UUID) -> Response:
        """Confirm the grant, or revoke it at once."""
        asked = GrantDecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decided = services.decide(self.actor, review=review, item=item, decision=Decision(asked.validated_data["decision"]))
        return Response(GrantDecidedSerializer(decided).data)


class ReviewCloseView(OfReviewView):
    """The end of a review."""

    @extend_schema(operation_id="review_close", request=None, responses=ReviewSerializer)
    def post(self, _request: Request, review: UUID) -> Response:
        """Close it; what is not decided stays named as open."""
        return Response(ReviewSerializer(services.close_review(self.actor, review=review)).data)


class ReviewEvidenceView(OfReviewView):
    """A review as evidence."""

    @extend_schema(
        operation_id="review_evidence",
        parameters=[OpenApiParameter("as", str, enum=["json", "csv"], description="JSON unless CSV is named.")],
        responses={(200, "application/json"): EvidenceSerializer, (200, "text/csv"): str},
    )
    def get(self, request: Request, review: UUID) -> Any:
        """Return each grant with its decision and the ledger's entry that shows it."""
        found = services.evidence(self.actor, review=review)
        told = _evidence(found)
        if request.query_params.get("as") == "csv":
            return _csv(told)
        return Response(told)


def _opened(view: ScopedAPIView, request: Request) -> Response:
    asked = ReviewSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    made = services.open_review(view.actor, due=asked.validated_data["due"])
    return Response(ReviewSerializer(made).data, status=201)


def _evidence(found: Evidence) -> dict[str, Any]:
    decisions = [one.decision for one in found.items]
    return dict(
        EvidenceSerializer(
            {
                "review": found.review, "opened_entry": found.opened, "closed_entry": found.closed, "items": found.items,
                "confirmed": decisions.count(Decision.CONFIRM), "revoked": decisions.count(Decision.REVOKE),
                "open": decisions.count(""),
            },
            context={"decided": found.decided},
        ).data
    )  # fmt: skip


def _csv(told: dict[str, Any]) -> HttpResponse:
    out = io.StringIO()
    columns = list(EvidenceItemSerializer().fields)
    rows = csv.DictWriter(out, ["review", *columns])
    rows.writeheader()
    for item in told["items"]:
        rows.writerow({"review": told["review"]["id"], **{name: _cell(item[name]) for name in columns}})
    headers = {"Content-Disposition": f'attachment; filename="access-review-{told["review"]["id"]}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text
