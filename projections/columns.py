"""How columns travel: a batch's values of a column are one array literal of PostgreSQL."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import orjson

from domain.base.quantity import as_number

_NULL: Final = "NULL"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its type as PostgreSQL writes it.

    Values that are JSON or arrays themselves travel as text: nested arrays cannot be unnested.
    """

    name: str
    type: str

    @property
    def sent(self) -> str:
        """Return the type of an element of its parameter."""
        return "text" if self.type in _FORMS else self.type

    @property
    def recast(self) -> bool:
        """Say whether what was sent is cast to the column's type."""
        return self.sent != self.type

    @property
    def decode(self) -> Callable[[Any], Any] | None:
        """Return what turns what was read into a value; None where the driver does."""
        return from_json if self.type == "jsonb" else None

    def literal(self, values: Iterable[Any]) -> str:
        """Return the array of a batch's values; much quicker than the driver's."""
        form = _FORMS.get(self.type, str)
        return "{" + ",".join([_NULL if v is None else form(v) for v in values]) + "}"


def from_json(text: str | None) -> Any:
    """Return the value of JSON text."""
    return None if text is None else orjson.loads(text)


def quoted(text: str) -> str:
    """Return an element of an array literal; quotes keep commas, braces and `NULL` apart."""
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _json(value: Any) -> str:
    return quoted(orjson.dumps(value, default=_number).decode())


def _texts(values: Sequence[str]) -> str:
    return quoted("{" + ",".join([quoted(value) for value in values]) + "}")


def _numbers(values: Sequence[int]) -> str:
    return '"{' + ",".join(map(str, values)) + '}"'


def _number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return as_number(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


_FORMS: Final[dict[str, Callable[[Any], str]]] = {
    "text": quoted,
    "jsonb": _json,
    "text[]": _texts,
    "bigint[]": _numbers,
}
"""How values of types whose texts may hold anything are written; others hold nothing special."""
