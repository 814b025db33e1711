"""Refusals before any view: problem+json (RFC 9457), as the API's own are."""

from http import HTTPStatus
from typing import Final

from django.http import HttpResponse, JsonResponse

_TITLES: Final = {
    HTTPStatus.NOT_FOUND: "Nothing of that id exists here",
    HTTPStatus.FORBIDDEN: "You may not do this",
    HTTPStatus.UNAUTHORIZED: "Sign in first",
    HTTPStatus.CONFLICT: "That is not possible in the present state",
}


def problem(status: HTTPStatus, code: str, detail: str) -> HttpResponse:
    """Return one answer; `code` is for machines."""
    answer = JsonResponse(
        {"type": f"urn:guildhall:problem:{code}", "title": _TITLES[status], "status": int(status),
         "code": code, "detail": detail, "facts": {}},
        status=status, content_type="application/problem+json",
    )  # fmt: skip
    if status is HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="guildhall"'
    return answer
