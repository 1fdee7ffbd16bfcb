"""Turns pydantic's findings into field paths and sentences that never repeat the input."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.http.errors import FieldError, InvalidRequest

MAX_LISTED: Final = 100
_MAX_STEP: Final = 64
_PLACES: Final = frozenset(("body", "query", "path", "header"))

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "is required",
    "extra_forbidden": "is not known here; remove it",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
    "string_unicode": "contains a lone surrogate; send valid Unicode text",
    "string_type": "must be text",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "decimal_type": 'must be a number, or a decimal in quotes such as "2.5"',
    "decimal_parsing": 'must be a number, or a decimal in quotes such as "2.5"',
    "decimal_max_places": "must have at most {decimal_places} decimal places",
    "finite_number": "must be a finite number",
    "literal_error": "must be one of {expected}",
    "timezone_aware": "must have an offset, as in 2026-03-01T12:00:00Z",
}
_INSTANT: Final = "must be an instant with an offset, such as 2026-03-01T12:00:00Z"

M = TypeVar("M", bound=BaseModel)


def invalid_request(found: Iterable[Mapping[str, Any]], *, under: str = "") -> InvalidRequest:
    """Return the error for what FastAPI or pydantic found, at most MAX_LISTED faults.

    `under` is the path of the validated part within the request, such as `lines.3`.
    """
    listed = list(islice(found, MAX_LISTED))
    real = [error for error in listed if not _follows(error, listed)]
    return InvalidRequest([_fault(error, under) for error in real])


def _follows(error: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a list counts as too short only because entries of it are at fault."""
    place = tuple(error["loc"])
    return error["type"] == "too_short" and any(
        tuple(other["loc"][: len(place)]) == place and len(other["loc"]) > len(place)
        for other in others
    )


def build(model: type[M], *, under: str = "", **fields: Any) -> M:
    """Return a model of the fields.

    Raises:
        InvalidRequest: they do not fit.
    """
    try:
        return model(**fields)
    except ValidationError as error:
        raise invalid_request(error.errors(include_url=False), under=under) from None


def _fault(error: Mapping[str, Any], under: str) -> FieldError:
    kind = str(error["type"])
    return FieldError(field=_path(error["loc"], under), message=_sentence(kind, error), code=kind)


def _path(location: Iterable[str | int], under: str) -> str:
    steps = [_printable(str(step)) for step in location]
    if steps and steps[0] in _PLACES:
        steps = steps[1:] or steps
    return ".".join([under, *steps] if under else steps)


def _sentence(kind: str, error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    if kind == "value_error":
        return _without_input(str(context.get("error", error["msg"])), error.get("input"))
    if kind.startswith("datetime"):
        return _INSTANT
    template = _SENTENCES.get(kind)
    if template is None:
        return _without_input(str(error["msg"]), error.get("input"))
    return template.format_map(context)


def _without_input(sentence: str, value: object) -> str:
    """Leave out what was sent: it may be a name or a street in the wrong field."""
    if isinstance(value, str) and value:
        sentence = sentence.replace(repr(value), "the value").replace(value, "the value")
    return _printable(sentence, limit=300)


def _printable(text: str, *, limit: int = _MAX_STEP) -> str:
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in safe)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
