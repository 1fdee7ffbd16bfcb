"""States of streams as they stood at a position of the log, for many streams in one query."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from psycopg import Cursor
from psycopg.rows import tuple_row

from domain.base.handling import Aggregate
from domain.base.streams import StreamId, category_of
from eventstore.datastore import Datastore
from eventstore.registry import Registry
from eventstore.sealing import CLOSED


class PastStates:
    """Folds streams up to a position, from the snapshot before it; personal data stays closed."""

    def __init__(
        self, datastore: Datastore, registry: Registry, aggregates: Mapping[str, Aggregate]
    ) -> None:
        """Read through the datastore's pool."""
        self._datastore = datastore
        self._registry: Final = registry
        self._aggregates: Final = aggregates
        self._events = datastore.statement(
            "SELECT w.id, e.topic, e.schema_version, e.state "
            "FROM unnest(%b::text[], %b::bigint[], %b::bigint[]) AS w (id, after, through) "
            "CROSS JOIN LATERAL (SELECT * FROM {schema}.events "
            'WHERE originator_id = w.id COLLATE "C" AND originator_version > w.after '
            "AND notification_id <= w.through ORDER BY originator_version OFFSET 0) AS e"
        )
        self._snapshots = datastore.statement(
            "SELECT w.id, s.version, s.state "
            "FROM unnest(%b::text[], %b::smallint[], %b::bigint[]) AS w (id, shape, through) "
            "CROSS JOIN LATERAL (SELECT k.version, k.state FROM {schema}.snapshots AS k "
            "JOIN {schema}.events AS e "
            "ON e.originator_id = k.stream_id AND e.originator_version = k.version "
            'WHERE k.stream_id = w.id COLLATE "C" AND k.state_version = w.shape '
            "AND e.notification_id <= w.through ORDER BY k.version DESC LIMIT 1) AS s"
        )
        self._names = datastore.statement(
            "SELECT DISTINCT originator_id FROM {schema}.events "
            "WHERE originator_id >= %b AND originator_id < %b AND notification_id <= %b "
            "ORDER BY originator_id"
        )

    def read(self, wanted: Mapping[StreamId, int]) -> dict[StreamId, Any]:
        """Return the state of each stream at its position; a stream without events is left out."""
        if not wanted:
            return {}
        with (
            self._datastore.get_connection() as pooled,
            pooled.cursor(row_factory=tuple_row) as cursor,
        ):
            states, versions = self._from_snapshots(cursor, wanted)
            after = [versions.get(stream, 0) for stream in wanted]
            cursor.execute(self._events, [list(wanted), after, list(wanted.values())], prepare=True)
            for stream, topic, shape, payload in cursor:
                aggregate = self._aggregates[category_of(stream)]
                event = self._registry.decode(topic, shape, payload, CLOSED)
                states[stream] = aggregate.evolve(states.get(stream, aggregate.initial), event)
        return states

    def read_at(self, streams: Iterable[StreamId], position: int) -> dict[StreamId, Any]:
        """Return the states of streams at one position."""
        return self.read(dict.fromkeys(streams, position))

    def streams_of(self, category: str, position: int) -> list[StreamId]:
        """Return the streams of a category that had begun at a position, by name.

        For categories with few events: all of them are looked through.
        """
        with (
            self._datastore.get_connection() as pooled,
            pooled.cursor(row_factory=tuple_row) as cursor,
        ):
            bounds = [f"{category}:", f"{category};", position]
            return [row[0] for row in cursor.execute(self._names, bounds, prepare=True)]

    def _from_snapshots(
        self, cursor: Cursor[tuple[Any, ...]], wanted: Mapping[StreamId, int]
    ) -> tuple[dict[StreamId, Any], dict[StreamId, int]]:
        shapes = {
            stream: aggregate.state_version
            for stream in wanted
            if (aggregate := self._aggregates[category_of(stream)]).snapshot_every is not None
        }
        states: dict[StreamId, Any] = {}
        versions: dict[StreamId, int] = {}
        if shapes:
            through = [wanted[stream] for stream in shapes]
            cursor.execute(
                self._snapshots, [list(shapes), list(shapes.values()), through], prepare=True
            )
            for stream, version, state in cursor:
                restore = self._aggregates[category_of(stream)].from_snapshot
                if restore is not None:
                    states[stream], versions[stream] = restore(orjson.loads(state)), version
        return states, versions
