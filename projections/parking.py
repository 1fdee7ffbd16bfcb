"""Parking: what a read model cannot fold waits, with the rest of its stream, for a fix."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Cursor
from psycopg.sql import SQL, Composable, Composed, Identifier

from domain.base.streams import StreamId
from eventstore.recorded import RecordedEvent
from projections.generation import Generation
from projections.tracking import Tracking, TrackingTable

_LONGEST_ERROR: Final = 2000
FOLLOWER: Final = "an earlier event of its stream is parked"


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that waits, and why."""

    position: int
    stream: StreamId
    type: str
    error: str


def parked_of(event: RecordedEvent, error: str) -> Parked:
    """Return an event to be parked for that reason."""
    return Parked(event.position, event.stream, event.type, error)


class ParkedEvents:
    """The parked events of one generation; always inside a transaction that locked its row."""

    def __init__(self, generation: Generation) -> None:
        """Prepare the statements."""
        self._generation = generation
        self._name = [generation.model.name, generation.label]
        self._tracking = TrackingTable(generation.schema)

    def streams(self, cursor: Cursor[tuple[Any, ...]]) -> list[StreamId]:
        """Return the streams with parked events, the one that waits longest first."""
        rows = cursor.execute(
            self._sql(
                "SELECT stream_id FROM {} WHERE name = %s AND generation = %s "
                "GROUP BY stream_id ORDER BY min(position)"
            ),
            self._name,
        )
        return [stream for (stream,) in rows]

    def positions(self, cursor: Cursor[tuple[Any, ...]], stream: StreamId | None) -> list[int]:
        """Return the positions of parked events in order, of one stream or of all."""
        rows = cursor.execute(
            self._sql(
                "SELECT position FROM {} WHERE name = %s AND generation = %s "
                "AND (stream_id = %s OR %s::text IS NULL) ORDER BY position"
            ),
            [*self._name, stream, stream],
        )
        return [position for (position,) in rows]

    def add(self, cursor: Cursor[Any], row: Tracking, parked: Collection[Parked]) -> None:
        """Park events and mark the rows of their streams stale."""
        cursor.executemany(
            self._sql(
                "INSERT INTO {} (name, generation, position, stream_id, type, error) "
                "VALUES (%s, %s, %s, %s, %s, %s)"
            ),
            [
                [*self._name, event.position, event.stream, event.type, _readable(event.error)]
                for event in parked
            ],
        )
        self._tracking.count_parked(cursor, row, len(parked))
        self.mark(cursor, {event.stream for event in parked}, stale=True)

    def remove(self, cursor: Cursor[Any], row: Tracking, positions: Collection[int]) -> None:
        """Forget parked events that were folded."""
        cursor.execute(
            self._sql("DELETE FROM {} WHERE name = %s AND generation = %s AND position = ANY(%s)"),
            [*self._name, list(positions)],
        )
        self._tracking.count_parked(cursor, row, -len(positions))

    def explain(self, cursor: Cursor[Any], position: int, error: str) -> None:
        """Keep why an event still cannot be folded."""
        cursor.execute(
            self._sql(
                "UPDATE {} SET error = %s WHERE name = %s AND generation = %s AND position = %s"
            ),
            [_readable(error), *self._name, position],
        )

    def mark(self, cursor: Cursor[Any], streams: Iterable[StreamId], *, stale: bool) -> None:
        """Mark the rows of these streams, where a table has rows per stream."""
        known = list(streams)
        for table in self._generation.model.tables:
            if table.by_stream is None:
                continue
            prefixes = {table.by_stream.prefix(stream) for stream in known} - {None}
            if prefixes:
                arrays = [list(values) for values in zip(*filter(None, prefixes), strict=True)]
                statement = _mark(self._generation.place(table), table.group[: len(arrays)])
                cursor.execute(statement, [stale, *arrays, stale])

    def _sql(self, text: str) -> Composed:
        return SQL(text).format(Identifier(self._generation.schema, "parked_events"))


def forget_parked(cursor: Cursor[Any], schema: str, row: Tracking) -> None:
    """Forget the parked events of a generation that is gone."""
    cursor.execute(
        SQL("DELETE FROM {} WHERE name = %s AND generation = %s").format(
            Identifier(schema, "parked_events")
        ),
        [row.name, row.generation],
    )


def _mark(place: Composable, columns: tuple[str, ...]) -> Composed:
    return SQL(
        "UPDATE {} SET stale = %s WHERE ({}) IN (SELECT * FROM unnest({})) AND stale <> %s"
    ).format(
        place,
        SQL(", ").join(map(Identifier, columns)),
        SQL(", ").join([SQL("%s::text[]")] * len(columns)),
    )


def _readable(error: str) -> str:
    return error.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()[:_LONGEST_ERROR]
