"""The API's manners: our errors as problem+json (RFC 9457), lists that page by cursor, one schema."""

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views import defaults
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import set_rollback

from access.outward.places import NotReached
from kernel import errors

STATUS: Final[dict[type[errors.GuildhallError], HTTPStatus]] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotReached: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.LeaseLost: HTTPStatus.CONFLICT,
    errors.KeeperRefused: HTTPStatus.FORBIDDEN,
    errors.KeeperUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLES: Final = {
    HTTPStatus.NOT_FOUND: "Nothing of that id exists here",
    HTTPStatus.FORBIDDEN: "You may not do this",
    HTTPStatus.UNAUTHORIZED: "Sign in first",
    HTTPStatus.CONFLICT: "That is not possible in the present state",
    HTTPStatus.UNPROCESSABLE_ENTITY: "What was sent cannot be used",
    HTTPStatus.BAD_REQUEST: "What was sent cannot be used",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here; it is in the service's log",
    HTTPStatus.SERVICE_UNAVAILABLE: "A part of the service does not answer; try again",
}


class NewestFirst(CursorPagination):
    """Pages by cursor, newest first, so that a page does not shift while new rows arrive."""

    ordering = ("-created", "id")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"


def as_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into problem+json; None for what nobody foresaw (Django answers 500 without details)."""
    del context
    if isinstance(exc, errors.GuildhallError):
        status = STATUS.get(type(exc), HTTPStatus.INTERNAL_SERVER_ERROR)
        return problem(status, code=exc.code, facts=dict(exc.facts))
    if isinstance(exc, Http404):
        return problem(HTTPStatus.NOT_FOUND, code="not_found")
    if isinstance(exc, PermissionDenied):
        return problem(HTTPStatus.FORBIDDEN, code="forbidden")
    if isinstance(exc, exceptions.ValidationError):
        return problem(HTTPStatus.BAD_REQUEST, code="invalid_input", facts={"fields": _fields(exc.get_full_details())})
    if isinstance(exc, exceptions.APIException):
        set_rollback()
        return problem(HTTPStatus(exc.status_code), code=str(exc.default_code))
    return None


def problem(status: HTTPStatus, *, code: str, facts: dict[str, Any] | None = None, detail: str = "") -> Response:
    """Return one problem+json answer; `code` is for machines, `facts` say what to mend."""
    body = {
        "type": f"urn:guildhall:problem:{code}",
        "title": TITLES.get(status, status.phrase),
        "status": int(status),
        "code": code,
        "detail": detail or _sentence(code, facts or {}),
        "facts": facts or {},
    }
    return Response(body, status=int(status), content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer what Django itself refuses, a wrong host for one: a problem to the API's callers, a page to others."""
    return _answer(request, HTTPStatus.BAD_REQUEST, "bad_request") or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 403 likewise."""
    return _answer(request, HTTPStatus.FORBIDDEN, "forbidden") or defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer an address that there is not likewise."""
    return _answer(request, HTTPStatus.NOT_FOUND, "address.unknown") or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Answer what nobody foresaw likewise: it says nothing of what happened, which the log does."""
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen") or defaults.server_error(request)


def _answer(request: HttpRequest, status: HTTPStatus, code: str) -> HttpResponseBase | None:
    if not request.path_info.startswith("/api/"):
        return None
    body = problem(status, code=code).data
    return JsonResponse(body, status=int(status), content_type="application/problem+json")


def with_problem_schema(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Post-process the schema: every operation may answer with a problem (used by drf-spectacular)."""
    told = {
        "description": "Why not: a problem (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", told)
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "facts"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "facts": {"type": "object", "additionalProperties": True},
        },
    }
    return result


def _fields(details: Any) -> Any:
    """Return {field: [code, …]}: codes only, as a message may quote what was typed."""
    if isinstance(details, dict) and "code" in details and "message" in details:
        return str(details["code"])
    if isinstance(details, dict):
        return {name: _fields(inner) for name, inner in details.items()}
    if isinstance(details, list):
        return [_fields(inner) for inner in details]
    return str(details)


def _sentence(code: str, facts: dict[str, Any]) -> str:
    told = ", ".join(f"{name}: {value}" for name, value in facts.items() if not isinstance(value, dict | list))
    words = code.replace("_", " ").replace(".", ": ")
    return f"{words} ({told})" if told else words
