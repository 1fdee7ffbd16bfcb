"""Problem documents (RFC 9457) for everything that is not an answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http.errors import (
    BodyTooLarge,
    FieldError,
    InvalidRequest,
    KeyHeaderMissing,
    MalformedJson,
    NoSuchResource,
    RequestError,
)
from api.http.faults import invalid_request
from api.http.problem_types import (
    BUSY,
    INTERNAL,
    KEY_REUSED,
    METHOD_NOT_ALLOWED,
    UNAVAILABLE,
    ProblemType,
    status_of,
)
from domain.base.errors import Refusal
from eventstore.errors import AWAY, Busy, HandlerFailed, KeyReused, Unavailable
from projections.paging import InvalidCursor

MEDIA_TYPE: Final = "application/problem+json"
TYPE_BASE: Final = "/problems/"
"""Problem types are URI references under the API's own address, which explains each."""

_RESERVED: Final = frozenset(("type", "title", "status", "detail", "instance", "field"))


class ProblemRaised(Exception):
    """A problem document on its way to be the answer."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Answer with this document."""
        super().__init__(document["detail"])
        self.document = document


def problem(
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    field: str | None = None,
    members: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a problem document without `instance`; members stand at the top level."""
    document = {"type": TYPE_BASE + code, "title": title, "status": status, "detail": detail}
    if field is not None:
        document["field"] = field
    extra = {name: value for name, value in (members or {}).items() if name not in _RESERVED}
    return document | extra


def refusal_problem(refusal: Refusal) -> dict[str, Any]:
    """Return the document of a refused command."""
    return problem(
        status=status_of(type(refusal)),
        code=refusal.code,
        title=refusal.title,
        detail=refusal.detail,
        field=refusal.field,
        members=refusal.members,
    )


def request_problem(error: RequestError) -> dict[str, Any]:
    """Return the document of a request that was not understood or not allowed."""
    return problem(
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        field=error.field,
        members=error.members,
    )


def log_problem(error: Exception) -> dict[str, Any]:
    """Return the document of a command or query that the log could not take or do."""
    if isinstance(error, KeyReused):
        return _of(KEY_REUSED, field="Idempotency-Key")
    if isinstance(error, HandlerFailed):
        return fault_problem()
    return _of(BUSY if isinstance(error, Busy) else UNAVAILABLE)


def fault_problem() -> dict[str, Any]:
    """Return the document of a fault of our own, without its cause."""
    return _of(INTERNAL)


def _of(kind: ProblemType, *, field: str | None = None) -> dict[str, Any]:
    return problem(
        status=kind.status, code=kind.code, title=kind.title, detail=kind.meaning, field=field
    )


def respond(
    request: Request, document: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """Return the response of a problem document, with this request's path as `instance`."""
    status = document["status"]
    default = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(
        orjson.dumps({**document, "instance": instance_of(request)}, default=str),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={**default, **(headers or {})},
    )


def instance_of(request: Request) -> str:
    """Return the path of a request as it was sent."""
    return quote(request.scope["raw_path"], safe="%/:@!$&'()*+,;=~-._")


def install(app: FastAPI) -> None:
    """Let every failure that is foreseen be answered with a problem document."""
    app.exception_handler(Refusal)(_on_refusal)
    app.exception_handler(RequestError)(_on_request_error)
    app.exception_handler(RequestValidationError)(_on_validation)
    app.exception_handler(HTTPException)(_on_http)
    app.exception_handler(InvalidCursor)(_on_cursor)
    app.exception_handler(ProblemRaised)(_on_problem)
    for error in (KeyReused, Busy, Unavailable, *AWAY):
        app.exception_handler(error)(_on_log_error)


async def _on_refusal(request: Request, error: Refusal) -> Response:
    return respond(request, refusal_problem(error))


async def _on_problem(request: Request, error: ProblemRaised) -> Response:
    return respond(request, error.document)


async def _on_cursor(request: Request, error: InvalidCursor) -> Response:
    del error
    fault = FieldError("cursor", "must be the next of a page of this list, unchanged", "cursor")
    return respond(request, request_problem(InvalidRequest([fault])))


async def _on_request_error(request: Request, error: RequestError) -> Response:
    return respond(request, request_problem(error), error.headers)


async def _on_log_error(request: Request, error: Exception) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Busy) else {}
    return respond(request, log_problem(error), headers)


async def _on_validation(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    for fault in found:
        if fault["type"] == "json_invalid":
            place = fault["loc"][-1]
            detail = f"{fault['ctx']['error']} at character {place}; send one JSON object."
            return await _on_request_error(request, MalformedJson(detail, field="body"))
        if fault["type"] == "missing" and tuple(fault["loc"]) == ("header", "Idempotency-Key"):
            detail = "Send the header Idempotency-Key: a fresh UUID for each new request."
            missing = KeyHeaderMissing(detail, field="Idempotency-Key")
            return await _on_request_error(request, missing)
    return await _on_request_error(request, invalid_request(found))


async def _on_http(request: Request, error: HTTPException) -> Response:
    if isinstance(error.__cause__, RequestError):
        # FastAPI wraps whatever goes wrong while it reads a body.
        return await _on_request_error(request, error.__cause__)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return respond(request, _of(METHOD_NOT_ALLOWED), error.headers)
    return respond(request, request_problem(_http_error(error)), error.headers)


def _http_error(error: HTTPException) -> RequestError:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NoSuchResource("Nothing has this address; see /docs.")
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return BodyTooLarge("The body is above the limit; send less at once.")
    return MalformedJson("The body cannot be read; send one JSON object.", field="body")
