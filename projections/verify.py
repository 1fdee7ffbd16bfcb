"""Verifying: fold the log again, compare with the tables in use, leave nothing behind."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from psycopg import errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composable

from domain.base.streams import StreamId
from eventstore.datastore import Datastore
from eventstore.reader import LogReader
from eventstore.recorded import RecordedEvent
from projections.compare import differing, missing, under
from projections.database import Rows
from projections.errors import UndecodableEvent
from projections.folding import fold_into
from projections.generation import SCRATCH, Generation
from projections.parking import ParkedEvents
from projections.read_model import ReadModel
from projections.sampling import draw, draw_streams
from projections.status import not_usable, seconds_behind
from projections.table import Table
from projections.tail import BATCH, read_batch
from projections.tracking import Tracking, TrackingTable
from projections.verified import Verified, not_compared

_EXAMPLES: Final = 5
_TRIES: Final = 3


def verify(
    datastore: Datastore,
    reader: LogReader,
    models: Iterable[ReadModel],
    *,
    sample: int | None = None,
) -> list[Verified]:
    """Compare every read model with a fold of the log from its start, up to where it stands.

    With `sample`, so many rows per table are drawn at random and only the streams that made
    them are folded; and as many streams are drawn from the log, whose rows must exist. Tables
    whose rows are no stream's are left out then, and rows of very long streams. Parked events
    are left out of both sides. A read model without live tables of its version is not clean.

    Raises:
        FoldFailed, UndecodableEvent: the log cannot be folded.
    """
    return [_verify(datastore, reader, model, sample) for model in models]


def _verify(
    datastore: Datastore, reader: LogReader, model: ReadModel, sample: int | None
) -> Verified:
    """Verify one read model; again if its tables were replaced and dropped meanwhile."""
    for _ in range(_TRIES - 1):
        with suppress(errors.UndefinedTable):
            return _verify_once(datastore, reader, model, sample)
    return _verify_once(datastore, reader, model, sample)


def _verify_once(
    datastore: Datastore, reader: LogReader, model: ReadModel, sample: int | None
) -> Verified:
    with _snapshot(datastore) as cursor:
        row = TrackingTable(datastore.schema).live(cursor).get(model.name)
        fault = not_usable(model, row)
        if row is None or fault:
            return not_compared(model, row, fault, sampled=sample is not None)
        return _Verification(datastore, reader, model, row, cursor).run(sample)


@contextmanager
def _snapshot(datastore: Datastore) -> Iterator[Rows]:
    datastore.pool.open()
    with (
        datastore.pool.connection() as connection,
        connection.transaction(force_rollback=True),
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield cursor


class _Verification:
    """One read model in one snapshot; the caller rolls back."""

    def __init__(
        self,
        datastore: Datastore,
        reader: LogReader,
        model: ReadModel,
        row: Tracking,
        cursor: Rows,
    ) -> None:
        self._datastore = datastore
        self._reader = reader
        self._model = model
        self._row = row
        self._cursor = cursor
        self._live = Generation(model, datastore.schema, row.generation)
        self._scratch = Generation(model, SCRATCH, "scratch")
        self._parked = ParkedEvents(self._live)
        self._rows = 0
        self._differences = 0
        self._examples: list[str] = []

    def run(self, sample: int | None) -> Verified:
        self._scratch.create(self._cursor)
        parked = set(self._parked.positions(self._cursor, None))
        if sample is None:
            self._fold_all(parked)
            for table in self._model.tables:
                self._compare(table, None)
        else:
            self._sample(sample, parked)
        lag_events, lag_seconds = self._lag()
        return Verified(
            name=self._model.name,
            version=self._row.version,
            generation=self._row.generation,
            position=self._row.position,
            rows=self._rows,
            differences=self._differences,
            examples=tuple(self._examples[:_EXAMPLES]),
            parked=len(parked),
            stale=self._stale(),
            lag_events=lag_events,
            lag_seconds=lag_seconds,
            sampled=sample is not None,
        )

    def _sample(self, sample: int, parked: set[int]) -> None:
        """Compare rows drawn from the tables, then look for the rows of streams of the log."""
        drawn = {
            table: draw(self._cursor, self._live, table, sample) for table in self._model.tables
        }
        folded = {
            stream
            for table, rows in drawn.items()
            if table.by_stream is not None
            for row in rows
            for stream in table.by_stream.streams(row)
        }
        self._fold_streams(folded, parked)
        for table, rows in drawn.items():
            if rows:
                self._compare(table, rows)
        others = draw_streams(
            self._cursor, self._live, through=self._row.position, sample=sample
        ).difference(folded, self._parked.streams(self._cursor))
        self._fold_streams(others, parked)
        for table in self._model.tables:
            if table.by_stream is not None:
                self._look_for(table, {table.by_stream.prefix(stream) for stream in others})

    def _look_for(self, table: Table[Any], prefixes: Collection[tuple[str, ...] | None]) -> None:
        """Count rows under these first key columns that the log makes and the table lacks."""
        keys = sorted(filter(None, prefixes))
        if keys:
            scratch = under(self._scratch.place(table), table.key[: len(keys[0])], keys)
            gone = missing(self._cursor, table, wanted=scratch, present=self._live.place(table))
            self._differences += len(gone)
            self._name(table, gone)

    def _fold_all(self, parked: set[int]) -> None:
        after, through = 0, self._row.position
        while after < through:
            limit = min(BATCH, through - after)
            try:
                batch = read_batch(
                    self._reader, after, limit, self._model.types, conn=self._cursor.connection
                )
            except UndecodableEvent as fault:
                if fault.position not in parked:
                    raise
                after = fault.position
            else:
                self._fold(batch.events, parked)
                after = batch.through

    def _fold_streams(self, streams: Collection[StreamId], parked: set[int]) -> None:
        events = [
            event
            for stream in streams
            for event in self._reader.stream(
                stream, through_position=self._row.position, conn=self._cursor.connection
            )
            if event.type in self._model.types
        ]
        self._fold(sorted(events, key=lambda event: event.position), parked)

    def _fold(self, events: Iterable[RecordedEvent], parked: set[int]) -> None:
        wanted = [event for event in events if event.position not in parked]
        fold_into(self._cursor, self._scratch, wanted)

    def _compare(self, table: Table[Any], drawn: list[Any] | None) -> None:
        """Count rows that differ, in the whole table or under the keys of drawn rows."""
        left: Composable = self._live.place(table)
        right: Composable = self._scratch.place(table)
        if drawn is not None:
            keys = sorted({tuple(getattr(row, name) for name in table.group) for row in drawn})
            left, right = under(left, table.group, keys), under(right, table.group, keys)
        rows = self._cursor.execute(SQL("SELECT count(*) FROM {} AS t").format(left)).fetchone()
        found, first = differing(self._cursor, table, left=left, right=right, limit=_EXAMPLES)
        self._rows += rows[0] if rows else 0
        self._differences += found
        self._name(table, first)

    def _name(self, table: Table[Any], keys: Sequence[tuple[Any, ...]]) -> None:
        self._examples += [f"{table.name}: {' '.join(map(str, key))}" for key in keys]

    def _stale(self) -> int:
        counts = [
            self._cursor.execute(
                SQL("SELECT count(*) FROM {} WHERE stale").format(self._live.place(table))
            ).fetchone()
            for table in self._model.tables
            if table.by_stream is not None
        ]
        return sum(count[0] for count in counts if count)

    def _lag(self) -> tuple[int, float]:
        head = self._reader.head(conn=self._cursor.connection)
        return head - self._row.position, seconds_behind(
            self._cursor, self._datastore.schema, self._row.position
        )
