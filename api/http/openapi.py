"""The OpenAPI document: FastAPI's own, with problem documents and examples added."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.examples import EXAMPLES
from api.http.problems import MEDIA_TYPE

Document = dict[str, Any]

_DESCRIPTION: Final = """\
Orders from every channel, held against stock that is really reserved.

Every POST carries `Idempotency-Key`; every refusal is a problem document (RFC 9457) whose
`type` is explained at its own address. Positions are opaque: a command's answer gives one, a
query takes it as `after` and waits until it is up to date.
"""

_PROBLEM: Final[Document] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457); some types have members of their own.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "Stable; explained at this address."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "field": {"type": "string", "description": "The input at fault, as `lines.0.quantity`."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "code"],
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}

_READ: Final[Mapping[str, str]] = {
    "401": "No valid key",
    "403": "The key's role does not allow it",
    "404": "Unknown, or somebody else's",
    "422": "Malformed",
    "503": "Busy, unavailable, or not up to date in time",
}
_WRITE: Final[Mapping[str, str]] = {
    **_READ,
    "400": "No JSON, or no idempotency key",
    "409": "Refused by the present state",
    "413": "The body is too large",
    "415": "The body is not JSON",
}


def documented(app: FastAPI) -> Callable[[], Document]:
    """Return a function that makes the app's document once."""

    def document() -> Document:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=_DESCRIPTION,
                routes=app.routes,
                openapi_version="3.1.0",
            )
            _complete(made)
            app.openapi_schema = made
        return app.openapi_schema

    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield (method, path, operation) of every operation of a document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _complete(document: Document) -> None:
    schemas = document["components"]["schemas"]
    schemas["Problem"] = _PROBLEM
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for method, path, operation in operations(document):
        if path.startswith("/v1/"):
            _add_problems(operation, _READ if method == "get" else _WRITE)
        _add_examples(operation)


def _add_problems(operation: Document, statuses: Mapping[str, str]) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, description in statuses.items():
        operation["responses"][status] = {"description": description, "content": content}


def _add_examples(operation: Document) -> None:
    example = EXAMPLES.get(operation["operationId"])
    if example is None:
        return
    if example.body is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = example.body
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.parameters:
            parameter["example"] = example.parameters[parameter["name"]]
    for status, response in operation["responses"].items():
        if status.startswith("2") and "application/json" in response.get("content", {}):
            response["content"]["application/json"]["example"] = example.answer
