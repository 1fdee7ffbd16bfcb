"""Reading the log: its tail in commit order, and one stream as it stood."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from psycopg import Connection, Cursor
from psycopg.sql import SQL, Composed

from domain.base.streams import StreamId
from eventstore.datastore import Datastore
from eventstore.keyring import Keyring
from eventstore.mapper import COLUMNS, EventMapper
from eventstore.recorded import Batch, RecordedEvent

_SUBJECT = 13


class LogReader:
    """Reads one partition's log; personal data stays closed unless it is asked for."""

    def __init__(self, datastore: Datastore, mapper: EventMapper, keyring: Keyring) -> None:
        """Read through the datastore's pool."""
        self._datastore = datastore
        self._mapper = mapper
        self._keyring = keyring
        self._head = datastore.sql("SELECT coalesce(max(notification_id), 0) FROM {schema}.events")
        self._tail = datastore.sql(
            f"SELECT {COLUMNS} FROM {{schema}}.events "  # noqa: S608 - a constant of ours
            "WHERE notification_id > %s AND notification_id <= %s"
        )
        self._stream = datastore.sql(
            f"SELECT {COLUMNS} FROM {{schema}}.events "  # noqa: S608 - a constant of ours
            "WHERE originator_id = %s"
        )
        self._true_at = datastore.sql(
            " AND originator_version < coalesce((SELECT min(originator_version) "
            "FROM {schema}.events WHERE originator_id = %s AND occurred_at > %s), "
            "9223372036854775807)"
        )

    def head(self, *, conn: Connection[Any] | None = None) -> int:
        """Return the last position, 0 when the log is empty."""
        with self._cursor(conn) as cursor:
            row = cursor.execute(self._head, prepare=True).fetchone()
        return int(row[0]) if row else 0

    def read(
        self,
        after: int,
        limit: int,
        types: Collection[str] | None = None,
        *,
        conn: Connection[Any] | None = None,
    ) -> Batch:
        """Return the events of positions (after, after + limit], of the given types only.

        `Batch.through` is the last position covered: it advances past events not wanted.
        """
        with self._cursor(conn) as cursor:
            through = min(after + limit, self._last(cursor))
            if through <= after:
                return Batch((), after)
            query, parameters = self._tail, [after, through]
            if types is not None:
                query += SQL(" AND topic = ANY(%s)")
                parameters.append(list(types))  # type: ignore[arg-type]
            rows = cursor.execute(query + SQL(" ORDER BY notification_id"), parameters).fetchall()
        return Batch([self._mapper.recorded(row) for row in rows], through)

    def stream(
        self,
        stream: StreamId,
        *,
        through_position: int | None = None,
        known_at: datetime | None = None,
        true_at: datetime | None = None,
        open_personal: bool = False,
        conn: Connection[Any] | None = None,
    ) -> list[RecordedEvent]:
        """Return a stream's events in version order.

        `known_at` and `through_position` leave out what was recorded later. `true_at` ends
        before the first event that occurred later: a stream's time never runs backwards, so
        an event is true from the latest instant of itself and those before it, and every view
        is a state that the stream was in. `open_personal` opens personal data of persons not
        erased.
        """
        query, parameters = self._as_of(stream, through_position, known_at, true_at)
        with self._cursor(conn) as cursor:
            rows = cursor.execute(query, parameters, prepare=True).fetchall()
            keys = self._keys(cursor.connection, rows) if open_personal else {}
        return [self._mapper.recorded(row, keys=keys) for row in rows]

    def _as_of(
        self,
        stream: StreamId,
        through_position: int | None,
        known_at: datetime | None,
        true_at: datetime | None,
    ) -> tuple[Composed, list[Any]]:
        query = self._stream
        parameters: list[Any] = [stream]
        bounds: tuple[tuple[str, Any], ...] = (
            (" AND notification_id <= %s", through_position),
            (" AND recorded_at <= %s", known_at),
        )
        for condition, value in bounds:
            if value is not None:
                query += SQL(condition)
                parameters.append(value)
        if true_at is not None:
            query += self._true_at
            parameters += [stream, true_at]
        return query + SQL(" ORDER BY originator_version"), parameters

    def _keys(self, connection: Connection[Any], rows: list[Any]) -> dict[str, bytes]:
        subjects = {row[_SUBJECT] for row in rows if row[_SUBJECT] is not None}
        return self._keyring.find(connection, subjects)

    def _last(self, cursor: Cursor[Any]) -> int:
        row = cursor.execute(self._head, prepare=True).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def _cursor(self, conn: Connection[Any] | None) -> Iterator[Cursor[tuple[Any, ...]]]:
        if conn is not None:
            with conn.cursor(row_factory=lambda _: tuple) as cursor:
                yield cursor
            return
        with (
            self._datastore.get_connection() as pooled,
            pooled.cursor(row_factory=lambda _: tuple) as cursor,
        ):
            yield cursor
