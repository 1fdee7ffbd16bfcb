"""What a table of a read model declares: its row class, its key, and whose streams it shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Generic, TypeVar

from domain.base.streams import StreamId

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ByStream(Generic[R]):
    """How rows belong to streams: needed to mark them stale and to verify a sample.

    `prefix` gives the first key columns of the rows that a stream changes, None if it changes
    none; `streams` gives all streams that a row is made of.
    """

    prefix: Callable[[StreamId], tuple[str, ...] | None]
    streams: Callable[[R], Iterable[StreamId]]


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of a read model; its columns are the fields of `row`, a slotted dataclass.

    Rows are loaded by the first `load_by` columns of their key, all of them unless said
    otherwise. A table with `by_stream` has one more column, `stale`.
    """

    name: str
    row: type[R]
    key: tuple[str, ...]
    load_by: int = 0
    by_stream: ByStream[R] | None = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns that folds write, in the order of the row class."""
        return tuple(field.name for field in fields(self.row))  # type: ignore[arg-type]

    @cached_property
    def group(self) -> tuple[str, ...]:
        """Return the key columns that rows are loaded by."""
        return self.key[: self.load_by or len(self.key)]
