"""Writing any event into a log, as if a command had decided it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from domain.base.messages import Event
from domain.base.streams import StreamId
from eventstore.main import Log
from eventstore.mapper import NewEvent
from eventstore.recorder import Recorder
from projections.catalogue import READ_MODELS
from projections.engine import Engine
from projections.read_model import ReadModel

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_KEYS: Final = {"s1": bytes(32)}
_NOBODY: Final = UUID(int=0)

Written = tuple[StreamId, Event]


def append(log: Log, *events: Written, at: datetime = NOON) -> int:
    """Append events in one transaction and return the last position."""
    versions = _versions(log, {stream for stream, _ in events})
    rows = []
    for stream, event in events:
        versions[stream] = versions.get(stream, 0) + 1
        rows.append(
            log.mapper.to_stored_event(
                NewEvent(
                    originator_id=stream,
                    originator_version=versions[stream],
                    event_id=uuid4(),
                    occurred_at=at,
                    actor="tester",
                    command_id=_NOBODY,
                    correlation_id=_NOBODY,
                    causation_id=_NOBODY,
                    subject_id="s1",
                    event=event,
                ),
                keys=_KEYS,
            )
        )
    positions = Recorder(log.datastore).insert_events(rows)
    return positions[-1] if positions else 0


def engine(log: Log, models: Iterable[ReadModel] = READ_MODELS) -> Engine:
    """Return an engine on the log."""
    return Engine(log.datastore, log.reader, models)


def _versions(log: Log, streams: set[StreamId]) -> dict[StreamId, int]:
    with log.datastore.get_connection() as connection:
        rows = connection.execute(
            log.datastore.sql(
                "SELECT originator_id AS stream, max(originator_version) AS version "
                "FROM {schema}.events WHERE originator_id = ANY(%s) GROUP BY originator_id"
            ),
            [list(streams)],
        ).fetchall()
    return {row["stream"]: row["version"] for row in rows}
