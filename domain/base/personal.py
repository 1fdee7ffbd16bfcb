"""Personal data: text that never enters the log in clear.

A `Personal` serialises only where the context gives a seal, and reads back only where it
gives a way to open it: the log's mapper does. Anything else that tries gets an error, so no
code path can write a name or a street in clear by accident.
"""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from domain.base.text import clean_text

MAX_LENGTH: Final = 4000


class Seal(Protocol):
    """Turns clear text into a sealed token and back; bound to one event and one person."""

    def seal(self, text: str) -> str:
        """Return the sealed token of `text`."""

    def open(self, token: str) -> str | None:
        """Return the clear text, or None where the person's key was destroyed."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A text about a person; `text` is None once the person was erased."""

    text: str | None

    def __repr__(self) -> str:
        """Return a form that is safe in logs."""
        return "Personal(erased)" if self.text is None else "Personal(***)"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept clear text where no seal is given, a sealed token where one is."""
        del source, handler
        return core_schema.with_info_plain_validator_function(
            _validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialise, info_arg=True, when_used="json"
            ),
            json_schema_input_schema=core_schema.str_schema(min_length=1, max_length=MAX_LENGTH),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Document the field as text."""
        del schema, handler
        return {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}


ERASED: Final = Personal(None)


def _validate(value: object, info: ValidationInfo) -> Personal:
    if isinstance(value, Personal):
        return value
    if not isinstance(value, str):
        msg = "must be text"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError into a field error
    if info.context is not None and "seal" in info.context:
        return Personal(info.context["seal"].open(value))
    text = clean_text(value)
    if not 1 <= len(text) <= MAX_LENGTH:
        msg = f"must have 1 to {MAX_LENGTH} characters"
        raise ValueError(msg)
    return Personal(text)


def _serialise(value: Personal, info: SerializationInfo) -> str | None:
    if info.context is None or "seal" not in info.context:
        msg = "personal data is only written through a seal"
        raise ValueError(msg)
    if value.text is None:
        return None
    token: str = info.context["seal"].seal(value.text)
    return token
