"""Folding a batch into one generation's tables, inside the caller's transaction."""

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import Cursor

from eventstore.recorded import RecordedEvent
from projections.errors import FoldFailed
from projections.generation import Generation

_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.NotSupportedError,
)
"""What a fault in a fold, or a value that a table does not take, looks like."""


def fold_into(
    cursor: Cursor[tuple[Any, ...]], generation: Generation, events: Sequence[RecordedEvent]
) -> None:
    """Fold events in order and write the rows that they change.

    Raises:
        FoldFailed: the fold broke or the database refused a row; roll back.
    """
    if not events:
        return
    tables = generation.tables(cursor)
    try:
        generation.model.fold(events, tables)
        tables.flush()
    except _FAULTS as error:
        raise FoldFailed(f"{type(error).__name__}: {error}") from error
