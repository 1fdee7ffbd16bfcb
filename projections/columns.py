"""How columns travel: every column is one array parameter, cast back to its own type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import orjson

from domain.base.quantity import as_number

Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]

_NULL: Final = "NULL"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` as PostgreSQL writes it; `sent` is the type of an element in transit.

    jsonb and arrays travel as text: nested arrays cannot be unnested by rows.
    """

    name: str
    type: str

    @property
    def sent(self) -> str:
        """Return the type of an element of its parameter."""
        return "text" if self.encode is not None else self.type

    @property
    def encode(self) -> Encode | None:
        """Return what turns a value into its text; None where the driver does."""
        if self.type == "jsonb":
            return to_json
        if self.type == "text[]":
            return text_array
        return number_array if self.type.endswith("[]") else None

    @property
    def decode(self) -> Decode | None:
        """Return what turns what was read into a value; None where the driver does."""
        return from_json if self.type == "jsonb" else None


def to_json(value: Any) -> str | None:
    """Return compact JSON; quantities become numbers that read back as the same decimal."""
    return None if value is None else orjson.dumps(value, default=_number).decode()


def from_json(text: str | None) -> Any:
    """Return the value of JSON text."""
    return None if text is None else orjson.loads(text)


def number_array(values: Sequence[Any] | None) -> str | None:
    """Return the literal of an array of numbers."""
    if values is None:
        return None
    return "{" + ",".join([_NULL if value is None else str(value) for value in values]) + "}"


def text_array(values: Sequence[str] | None) -> str | None:
    """Return the literal of an array of texts."""
    if values is None:
        return None
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return "{" + ",".join([f'"{value}"' for value in quoted]) + "}"


def _number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return as_number(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")
