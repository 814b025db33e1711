"""The ledger over HTTP, as its formats say: entries, proofs, checkpoints, tiles."""

import base64
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from access.api.scoped import ScopedAPIView
from access.roles import Permission
from governance.audit import tiles
from governance.audit.services import Filter, RecordedEntry
from governance.oversight import services
from governance.oversight.api import serializers
from kernel.errors import InvalidInput


class EntriesView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    @extend_schema(
        operation_id="ledger_entries", parameters=[serializers.FilterSerializer], responses=serializers.EntrySerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List entries, newest first."""
        asked = serializers.FilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted: dict[str, Any] = asked.validated_data
        before = _point(wanted["cursor"]) if wanted["cursor"] else None
        found = services.browse(self.actor, Filter(wanted["kind"], wanted["project"], None, before, wanted["limit"] + 1))
        page, more = found[: wanted["limit"]], len(found) > wanted["limit"]
        return Response({
            "next": _next(request, page[-1]) if more else None, "previous": None,
            "results": serializers.EntrySerializer(page, many=True).data,
        })  # fmt: skip


class EntryView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    @extend_schema(operation_id="ledger_entry", responses=serializers.EntrySerializer)
    def get(self, _request: Request, entry: UUID) -> Response:
        """Return one entry."""
        return Response(serializers.EntrySerializer(services.entry(self.actor, entry)).data)


class ProofView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    @extend_schema(operation_id="ledger_proof", responses=serializers.ProofSerializer)
    def get(self, _request: Request, entry: UUID) -> Response:
        """Return what a stranger needs to check one entry."""
        proof = services.prove(self.actor, entry)
        return Response({
            "index": proof.index, "leaf": _base64(proof.leaf), "hashes": [_base64(one) for one in proof.hashes],
            "size": proof.checkpoint.size, "root": _base64(proof.checkpoint.root), "checkpoint": proof.checkpoint.text,
            "vkey": proof.checkpoint.vkey,
        })  # fmt: skip


class CheckpointView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    @extend_schema(operation_id="ledger_checkpoint", responses=serializers.PublishedSerializer)
    def get(self, _request: Request) -> Response:
        """Return the newest checkpoint."""
        found = services.checkpoint(self.actor)
        return Response({"text": found.text, "vkey": found.vkey, "size": found.size, "root": _base64(found.root)})


class ConsistencyView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    @extend_schema(
        operation_id="ledger_consistency", responses=serializers.ConsistencySerializer,
        parameters=[OpenApiParameter("first", int, required=True), OpenApiParameter("second", int, required=True)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Prove that the log of `first` entries is a beginning of that of `second`."""
        asked = serializers.ConsistencySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        sizes = asked.validated_data
        hashes = services.consistency(self.actor, first=sizes["first"], second=sizes["second"])
        return Response({**sizes, "hashes": [_base64(one) for one in hashes]})


class ExportView(ScopedAPIView):
    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    @extend_schema(operation_id="ledger_export", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, _request: Request) -> HttpResponse:
        """Return the whole log as a ZIP, for `python -m governance.audit.verify` or any tlog-tiles tool."""
        named = {"Content-Disposition": 'attachment; filename="ledger.zip"', "Cache-Control": "no-store"}
        return HttpResponse(services.whole(self.actor), content_type="application/zip", headers=named)


class LogView(ScopedAPIView):
    """A file of the log as C2SP tlog-tiles names it, below the prefix `ledger/log`; what is not there is 404."""

    permissions: ClassVar = {"GET": Permission.LEDGER_READ}

    def perform_content_negotiation(self, request: Request, *, force: bool = False) -> Any:  # type: ignore[override]
        """Answer whatever a client says that it accepts: a log has one form."""
        del force
        return super().perform_content_negotiation(request, force=True)


class LogCheckpointView(LogView):
    @extend_schema(operation_id="log_checkpoint", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, _request: Request) -> HttpResponse:
        """Return the newest checkpoint as a signed note."""
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(services.checkpoint(self.actor).text, content_type="text/plain; charset=utf-8", headers=headers)


class LogTileView(LogView):
    @extend_schema(operation_id="log_tile", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, _request: Request, level: str, path: str) -> HttpResponse:
        """Return a tile of hashes."""
        return _immutable(services.tile(self.actor, tiles.parse(f"tile/{level}/{path}")))


class LogEntriesView(LogView):
    @extend_schema(operation_id="log_entries", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, _request: Request, path: str) -> HttpResponse:
        """Return a bundle of entries."""
        return _immutable(services.entry_bundle(self.actor, tiles.parse(f"tile/0/{path}")))


def _immutable(content: bytes) -> HttpResponse:
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _next(request: Request, last: RecordedEntry) -> str:
    values = request.query_params.copy()
    values["cursor"] = f"{last.ts.isoformat()}_{last.id}"
    return request.build_absolute_uri(f"{request.path}?{values.urlencode()}")


def _point(cursor: str) -> tuple[datetime, UUID]:
    moment, _, entry = cursor.rpartition("_")
    try:
        return datetime.fromisoformat(moment), UUID(entry)
    except ValueError:
        raise InvalidInput("cursor.malformed") from None


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
