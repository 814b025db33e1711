"""Errors as SCIM says them (RFC 7644, 3.12); our own exceptions in the same form."""

import logging
from http import HTTPStatus
from typing import Any, Final

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback
from scim2_models import Context, Error

from kernel import errors

# A code of ours → what SCIM calls it. What is not here has no type of its own.
_TYPES: Final = {
    "person.name_taken": "uniqueness", "person.email_taken": "uniqueness", "group.name_taken": "uniqueness",
    "person.email": "invalidValue", "person.name": "invalidValue", "group.name": "invalidValue",
    "group.member_unknown": "invalidValue", "provisioning.value": "invalidValue",
}  # fmt: skip
_SENTENCES: Final = {
    "person.name_taken": "Another person has this userName.",
    "person.email_taken": "Another person has this e-mail address.",
    "person.email": "A person needs an e-mail address, in emails or as the userName.",
    "person.name": "A person needs a userName.",
    "group.name_taken": "Another group has this displayName.",
    "group.name": "A group needs a displayName.",
    "group.member_unknown": "A member is no person who is provisioned here.",
    "provisioning.value": "A value is too long, or not text.",
    "provisioning.untouched": "Owners, break-glass accounts, service accounts and support are kept by hand, never by provisioning; "
    "so are names and addresses of admins and compliance officers.",
}
_STATUS: Final[dict[type[errors.GuildhallError], HTTPStatus]] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.InvalidInput: HTTPStatus.BAD_REQUEST,
}
_NOT_THERE: Final = "Nothing is there."
_UNFORESEEN: Final = "Something went wrong here; it is in the service's log."
logger = logging.getLogger(__name__)


class ScimError(Exception):
    """A request that SCIM has a word for refusing."""

    def __init__(self, status: HTTPStatus, detail: str, *, scim_type: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.scim_type = status, detail, scim_type


def bad(scim_type: str, detail: str) -> ScimError:
    """Return a 400 of that type."""
    return ScimError(HTTPStatus.BAD_REQUEST, detail, scim_type=scim_type)


def as_scim(exc: Exception, context: dict[str, Any]) -> Response:
    """Turn an exception into a SCIM error; what nobody foresaw is a 500 that says nothing of it, which the log does."""
    del context
    set_rollback()
    if isinstance(exc, ScimError):
        return _answer(exc.status, exc.detail, exc.scim_type)
    if isinstance(exc, errors.GuildhallError):
        return _ours(exc)
    if isinstance(exc, exceptions.APIException):
        kind = "invalidSyntax" if isinstance(exc, exceptions.ParseError) else ""
        return _answer(HTTPStatus(exc.status_code), str(exc.default_detail), kind)
    return _unforeseen(exc)


def body_of(status: HTTPStatus, detail: str, scim_type: str = "") -> dict[str, Any]:
    """Return the body of an error."""
    error = Error(status=int(status), detail=detail, scim_type=scim_type or None)
    return error.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)


def _unforeseen(exc: Exception) -> Response:
    logger.error("scim: unforeseen %s", type(exc).__name__, exc_info=exc)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, _UNFORESEEN)


def _ours(exc: errors.GuildhallError) -> Response:
    status = _STATUS.get(type(exc))
    if status is None:
        return _unforeseen(exc)
    if status is HTTPStatus.NOT_FOUND:
        return _answer(status, _NOT_THERE)
    if status is HTTPStatus.UNAUTHORIZED:
        return _answer(status, "A provisioning token of this studio is needed.")
    told = ", ".join(f"{name}: {value}" for name, value in exc.facts.items())
    sentence = _SENTENCES.get(exc.code, f"{exc.code}.")
    return _answer(status, f"{sentence} ({told})" if told else sentence, _TYPES.get(exc.code, ""))


def _answer(status: HTTPStatus, detail: str, scim_type: str = "") -> Response:
    return Response(body_of(status, detail, scim_type), status=int(status))
