"""States of streams: kept in memory while hot, loaded in one query, folded by the catalogue."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from psycopg import Connection, Cursor

from domain.base.handling import Aggregate
from domain.base.messages import Event
from domain.base.streams import StreamId, category_of
from eventstore.datastore import Datastore
from eventstore.errors import LogCorrupt
from eventstore.registry import Registry
from eventstore.sealing import CLOSED


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream's state and version; version 0 is a stream without events."""

    version: int
    state: Any


class States:
    """Folds streams into states and keeps the most recently used ones."""

    def __init__(
        self,
        datastore: Datastore,
        registry: Registry,
        aggregates: Mapping[str, Aggregate],
        *,
        capacity: int = 50_000,
    ) -> None:
        """Keep at most `capacity` states."""
        self._registry: Final = registry
        self._aggregates: Final = aggregates
        self._capacity: Final = capacity
        self._hot: OrderedDict[StreamId, Loaded] = OrderedDict()
        self._tail = datastore.statement(
            "SELECT w.id, e.originator_version, e.topic, e.schema_version, e.state "
            "FROM unnest(%b::text[], %b::bigint[]) AS w (id, after) "
            "CROSS JOIN LATERAL (SELECT * FROM {schema}.events "
            'WHERE originator_id = w.id COLLATE "C" AND originator_version > w.after '
            "ORDER BY originator_version OFFSET 0) AS e"
        )
        self._snapshots = datastore.statement(
            "SELECT w.id, s.version, s.state "
            "FROM unnest(%b::text[], %b::smallint[]) AS w (id, shape) "
            "CROSS JOIN LATERAL (SELECT version, state FROM {schema}.snapshots "
            'WHERE stream_id = w.id COLLATE "C" AND state_version = w.shape '
            "ORDER BY version DESC LIMIT 1) AS s"
        )

    def aggregate(self, stream: StreamId) -> Aggregate:
        """Return how a stream is folded."""
        return self._aggregates[category_of(stream)]

    def load(
        self, connection: Connection[Any], streams: Iterable[StreamId]
    ) -> dict[StreamId, Loaded]:
        """Return the states of streams: hot ones brought up to date, others from snapshots."""
        known: dict[StreamId, Loaded] = {}
        for stream in streams:
            hot = self._hot.get(stream)
            known[stream] = hot or Loaded(0, self.aggregate(stream).initial)
        self._start_from_snapshots(connection, known)
        self.advance(self.ask_tail(connection, known), known)
        return known

    def ask_tail(
        self, connection: Connection[Any], known: Mapping[StreamId, Loaded]
    ) -> Cursor[Any]:
        """Ask for the events after the known versions; pass the cursor to `advance`."""
        cursor = connection.cursor(row_factory=lambda _: tuple)
        versions = [loaded.version for loaded in known.values()]
        return cursor.execute(self._tail, [list(known), versions], prepare=True)

    def advance(self, cursor: Cursor[Any], known: dict[StreamId, Loaded]) -> set[StreamId]:
        """Fold the events asked for onto the known states; return the streams that moved."""
        moved: set[StreamId] = set()
        for stream, version, topic, schema_version, payload in cursor:
            event = self._registry.decode(topic, schema_version, payload, CLOSED)
            before = known[stream]
            if version != before.version + 1:
                msg = f"{stream} has version {version} after {before.version}"
                raise LogCorrupt(msg)
            known[stream] = Loaded(version, self.aggregate(stream).evolve(before.state, event))
            moved.add(stream)
        return moved

    def fold(self, stream: StreamId, before: Loaded, events: Sequence[Event]) -> Loaded:
        """Return the state after more events."""
        evolve = self.aggregate(stream).evolve
        state = before.state
        for event in events:
            state = evolve(state, event)
        return Loaded(before.version + len(events), state)

    def keep(self, loaded: Mapping[StreamId, Loaded]) -> None:
        """Remember committed states; the least recently used make room."""
        for stream, state in loaded.items():
            if state.version:
                self._hot[stream] = state
                self._hot.move_to_end(stream)
        while len(self._hot) > self._capacity:
            self._hot.popitem(last=False)

    def forget(self) -> None:
        """Forget every state: the next load reads the log."""
        self._hot.clear()

    def snapshot(self, stream: StreamId, before: int, after: Loaded) -> bytes | None:
        """Return the bytes of a snapshot where the versions passed a multiple of the interval."""
        aggregate = self.aggregate(stream)
        every, to_snapshot = aggregate.snapshot_every, aggregate.to_snapshot
        if every is None or to_snapshot is None or before // every == after.version // every:
            return None
        return orjson.dumps(to_snapshot(after.state))

    def _start_from_snapshots(
        self, connection: Connection[Any], known: dict[StreamId, Loaded]
    ) -> None:
        cold = [
            stream
            for stream, loaded in known.items()
            if loaded.version == 0 and self.aggregate(stream).snapshot_every is not None
        ]
        if not cold:
            return
        shapes = [self.aggregate(stream).state_version for stream in cold]
        cursor = connection.cursor(row_factory=lambda _: tuple)
        for stream, version, state in cursor.execute(self._snapshots, [cold, shapes], prepare=True):
            restore = self.aggregate(stream).from_snapshot
            if restore is None:
                continue
            known[stream] = Loaded(version, restore(orjson.loads(state)))
