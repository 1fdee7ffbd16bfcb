"""Reading the log in batches, around events that cannot be read."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from psycopg import Connection

from eventstore.errors import UnknownEventType
from eventstore.reader import LogReader
from eventstore.recorded import Batch
from projections.errors import UndecodableEvent

BATCH: Final = 2000
"""How many positions a batch covers at most."""

_UNREADABLE: Final = (UnknownEventType, ValueError, TypeError, LookupError)


def read_batch(
    reader: LogReader,
    after: int,
    limit: int,
    types: Collection[str],
    *,
    conn: Connection[Any] | None = None,
) -> Batch:
    """Return the next events of these types, as far as they can be read.

    Raises:
        UndecodableEvent: the very next event is of these types and cannot be read.
    """
    try:
        return reader.read(after, limit, types, conn=conn)
    except _UNREADABLE as error:
        if limit == 1:
            raise UndecodableEvent(after + 1, error) from error
    return read_batch(reader, after, limit // 2, types, conn=conn)


def read_through(
    reader: LogReader,
    after: int,
    through: int,
    types: Collection[str],
    *,
    conn: Connection[Any] | None = None,
) -> Iterator[Batch]:
    """Yield batches that cover (after, through].

    Raises:
        UndecodableEvent: an event of these types cannot be read.
    """
    while after < through:
        batch = read_batch(reader, after, min(BATCH, through - after), types, conn=conn)
        if batch.through <= after:
            return
        yield batch
        after = batch.through
