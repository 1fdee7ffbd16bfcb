"""The recorder: the library's reading methods on our table, and an append without its locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Connection, Cursor

from eventstore.datastore import Datastore
from eventstore.mapper import EventRow

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log as the holder of the lock sees it; `clock` is never backwards."""

    position: int
    clock: datetime


class Recorder(PostgresApplicationRecorder):
    """Appends in commit order: the head row is locked, positions follow the last one.

    The library's table lock waits for VACUUM, and its database functions take no lock at
    all; the head row is locked for the length of the insert and never updated.
    """

    def __init__(self, datastore: Datastore, *, events_table_name: str = "events") -> None:
        """Work on the table that the migrations made."""
        super().__init__(datastore, events_table_name=events_table_name)
        self.sql_create_statements = []
        self._lock_head = datastore.statement("SELECT FROM {schema}.log_head FOR UPDATE")
        self._read_head = datastore.statement(
            "SELECT coalesce(max(position), 0), "
            "greatest(clock_timestamp(), max(recorded_at)) FROM ("
            "SELECT notification_id AS position, recorded_at FROM {schema}.events "
            "ORDER BY notification_id DESC LIMIT 1) AS last"
        )
        self._insert = datastore.statement(
            "INSERT INTO {schema}.events (notification_id, originator_id, originator_version, "
            "topic, state, event_id, schema_version, occurred_at, recorded_at, actor, "
            "command_id, correlation_id, causation_id, subject_id) "
            "SELECT %b + n, stream, version, type, payload, event, shape, occurred, %b, who, "
            "command, correlation, causation, subject FROM unnest(%b::text[], %b::bigint[], "
            "%b::text[], %b::bytea[], %b::uuid[], %b::smallint[], %b::timestamptz[], %b::text[], "
            "%b::uuid[], %b::uuid[], %b::uuid[], %b::text[]) WITH ORDINALITY AS rows "
            "(stream, version, type, payload, event, shape, occurred, who, "
            "command, correlation, causation, subject, n)"
        )

    def create_table(self) -> None:
        """Do nothing: the migrations make the table."""

    def lock(self, connection: Connection[Any]) -> Cursor[Any]:
        """Lock the head row, then read the end of the log; pass the cursor to `head`."""
        connection.execute(self._lock_head, prepare=True)
        return _tuples(connection).execute(self._read_head, prepare=True)

    @staticmethod
    def head(cursor: Cursor[Any]) -> Head:
        """Return the end of the log that `lock` read."""
        (row,) = cursor.fetchall()
        return Head(*row)

    def append(self, connection: Connection[Any], head: Head, rows: Sequence[EventRow]) -> None:
        """Insert rows after `head`, in one statement, inside the transaction that locked it."""
        if not rows:
            return
        columns = zip(*(_values(row) for row in rows), strict=True)
        connection.execute(
            self._insert, [head.position, head.clock, *map(list, columns)], prepare=True
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Append the library's stored events in a transaction of their own; return positions.

        Raises:
            IntegrityError: a stream has an event of that version.
        """
        if not stored_events:
            return []
        rows = [_row(event) for event in stored_events]
        with self.datastore.get_connection() as connection, connection.transaction():
            head = self.head(self.lock(connection))
            self.append(connection, head, rows)
        return [head.position + 1 + index for index in range(len(rows))]


def _tuples(connection: Connection[Any]) -> Cursor[tuple[Any, ...]]:
    return connection.cursor(row_factory=lambda _cursor: tuple)


def _values(row: EventRow) -> tuple[Any, ...]:
    return (
        str(row.originator_id),
        row.originator_version,
        row.topic,
        row.state,
        row.event_id,
        row.schema_version,
        row.occurred_at,
        row.actor,
        row.command_id,
        row.correlation_id,
        row.causation_id,
        row.subject_id,
    )


def _row(event: StoredEvent) -> EventRow:
    if isinstance(event, EventRow):
        return event
    return EventRow(
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        topic=event.topic,
        state=event.state,
        event_id=uuid4(),
        schema_version=1,
        occurred_at=datetime.now(UTC),
        actor="library",
        command_id=_NOBODY,
        correlation_id=_NOBODY,
        causation_id=_NOBODY,
        subject_id=None,
    )
