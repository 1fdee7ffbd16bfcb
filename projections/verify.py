"""Verifying: fold the log again, compare with the tables in use, leave nothing behind."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import errors
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Composable

from eventstore.datastore import Datastore
from eventstore.reader import LogReader
from eventstore.recorded import RecordedEvent
from projections.compare import differing, under
from projections.database import Rows
from projections.errors import UndecodableEvent
from projections.folding import fold_into
from projections.generation import SCRATCH, Generation
from projections.parking import ParkedEvents
from projections.read_model import ReadModel
from projections.sampling import draw
from projections.status import seconds_behind
from projections.table import Table
from projections.tail import BATCH, read_batch
from projections.tracking import Tracking, TrackingTable

_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a read model found at `position`.

    `rows` were compared; `differences` of them are not what the log says, or are missing, and
    `examples` names the first as `table: key`. `lag_events` were not folded yet at that moment.
    """

    name: str
    version: int
    generation: str
    position: int
    rows: int
    differences: int
    examples: tuple[str, ...]
    parked: int
    stale: int
    lag_events: int
    lag_seconds: float
    sampled: bool

    @property
    def clean(self) -> bool:
        """Say whether every row is what the log says and nothing is parked."""
        return self.differences == 0 and self.parked == 0 and self.stale == 0


def verify(
    datastore: Datastore,
    reader: LogReader,
    models: Iterable[ReadModel],
    *,
    sample: int | None = None,
) -> list[Verified]:
    """Compare every read model with a fold of the log from its start, up to where it stands.

    With `sample`, so many rows per table are drawn at random and only the streams that made
    them are folded; tables whose rows are no stream's are left out then, and rows of very long
    streams. Parked events are left out of both sides.

    Raises:
        FoldFailed, UndecodableEvent: the log cannot be folded.
    """
    return [
        found
        for model in models
        if (found := _verify(datastore, reader, model, sample)) is not None
    ]


def _verify(
    datastore: Datastore, reader: LogReader, model: ReadModel, sample: int | None
) -> Verified | None:
    """Verify one read model; again if its tables were replaced and dropped meanwhile."""
    for last in (False, False, True):
        try:
            with _snapshot(datastore) as cursor:
                row = TrackingTable(datastore.schema).live(cursor).get(model.name)
                if row is None or row.version != model.version:
                    return None
                return _Verification(datastore, reader, model, row, cursor).run(sample)
        except errors.UndefinedTable:
            if last:
                raise
    return None


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
        self._rows = 0
        self._differences = 0
        self._examples: list[str] = []

    def run(self, sample: int | None) -> Verified:
        self._scratch.create(self._cursor)
        parked = set(ParkedEvents(self._live).positions(self._cursor, None))
        if sample is None:
            self._fold_all(parked)
            for table in self._model.tables:
                self._compare(table, None)
        else:
            drawn = {
                table: draw(self._cursor, self._live, table, sample) for table in self._model.tables
            }
            self._fold_streams(drawn, parked)
            for table, rows in drawn.items():
                if rows:
                    self._compare(table, rows)
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

    def _fold_streams(self, drawn: dict[Table[Any], list[Any]], parked: set[int]) -> None:
        streams = {
            stream
            for table, rows in drawn.items()
            if table.by_stream is not None
            for row in rows
            for stream in table.by_stream.streams(row)
        }
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
        self._examples += [f"{table.name}: {' '.join(map(str, key))}" for key in first]

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
