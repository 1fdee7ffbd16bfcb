"""Pages of long lists: each page names where the next one begins, so depth costs nothing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import orjson

T = TypeVar("T")

LARGEST_PAGE: Final = 1000
_BITS: Final = 64


class InvalidCursor(ValueError):
    """The cursor was not given out with a page of this list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list; `next_cursor` is None on the last page."""

    items: Sequence[T]
    next_cursor: str | None


def page_of(found: Sequence[T], limit: int, place: Callable[[T], Sequence[Any]]) -> Page[T]:
    """Return a page of at most `limit`, where one more was looked for."""
    if len(found) <= limit:
        return Page(found, None)
    items = found[:limit]
    return Page(items, encode_cursor(place(items[-1])))


def encode_cursor(place: Sequence[Any]) -> str:
    """Return the opaque text of a place in a list."""
    return base64.urlsafe_b64encode(orjson.dumps(list(place))).decode().rstrip("=")


def decode_cursor(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """Return the place that a cursor stands for.

    Raises:
        InvalidCursor: it stands for none.
    """
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor("the cursor is not one that a page gave") from error
    if not isinstance(place, list) or [type(value) for value in place] != list(kinds):
        raise InvalidCursor("the cursor is not one that a page gave")
    if any("\x00" in value for value in place if isinstance(value, str)):
        raise InvalidCursor("the cursor is not one that a page gave")
    if not all(map(_storable, place)):
        raise InvalidCursor("the cursor is not one that a page gave")
    return place


def _storable(value: object) -> bool:
    """Say whether PostgreSQL has such a text or whole number, so that a query may name it."""
    if isinstance(value, int):
        return value.bit_length() < _BITS
    return not isinstance(value, str) or "\x00" not in value
