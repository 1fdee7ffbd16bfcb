"""States of streams: hot ones follow the log, cold ones are loaded in one query."""

import time
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
from eventstore.errors import FellBehind, LogCorrupt
from eventstore.registry import Registry
from eventstore.sealing import CLOSED

FRESH: Final = 0.02
"""Seconds after which hot states are brought up to date before they are planned on."""
FARTHEST: Final = 5_000
"""Events of others that are followed one by one; beyond, the hot states are forgotten."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream's state and version; version 0 is a stream without events."""

    version: int
    state: Any


class States:
    """Folds streams into states and keeps the most recently used ones in memory.

    Every hot state is as of one position of the log. What others appended since is read by
    position, so that no stream has to be asked whether it moved.
    """

    def __init__(
        self, datastore: Datastore, registry: Registry, aggregates: Mapping[str, Aggregate]
    ) -> None:
        """Keep as many states of each category as its aggregate says."""
        self._registry: Final = registry
        self._aggregates: Final = aggregates
        self._hot: Final[dict[str, OrderedDict[StreamId, Loaded]]] = {
            category: OrderedDict() for category in aggregates
        }
        self._position: int | None = None
        self._caught_up = 0.0
        self._head = datastore.statement(
            "SELECT coalesce(max(notification_id), 0) FROM {schema}.events"
        )
        self._news = datastore.statement(
            "SELECT notification_id, originator_id, originator_version, topic, schema_version, "
            "state FROM {schema}.events WHERE notification_id > %b "
            "ORDER BY notification_id LIMIT %b"
        )
        self._streams = datastore.statement(
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

    def refresh(self, connection: Connection[Any]) -> None:
        """Bring the hot states up to the end of the log, or forget them where that is far.

        Where they were there a moment ago nothing is asked: the append looks again under the lock.
        """
        if self._position is not None and time.monotonic() - self._caught_up > FRESH:
            try:
                self.take_news(self.ask_news(connection))
                self._caught_up = time.monotonic()
            except FellBehind:
                self.forget()
        if self._position is None:
            with connection.cursor(row_factory=lambda _: tuple) as cursor:
                ((self._position,),) = cursor.execute(self._head, prepare=True).fetchall()
        self._make_room()

    def ask_news(self, connection: Connection[Any]) -> Cursor[Any]:
        """Ask for what was appended since the hot states' position; pass it to `take_news`."""
        cursor = connection.cursor(row_factory=lambda _: tuple)
        return cursor.execute(self._news, [self._position, FARTHEST + 1], prepare=True)

    def take_news(self, cursor: Cursor[Any]) -> dict[StreamId, Loaded]:
        """Fold what was appended into the hot states; return those that moved.

        Raises:
            FellBehind: more was appended than is followed.
        """
        rows = cursor.fetchall()
        if len(rows) > FARTHEST:
            msg = f"more than {FARTHEST} events were appended by others"
            raise FellBehind(msg)
        moved: dict[StreamId, Loaded] = {}
        for position, stream, *event in rows:
            self._position = position
            hot = self._hot.get(category_of(stream))
            before = None if hot is None else hot.get(stream)
            if hot is not None and before is not None and event[0] > before.version:
                hot[stream] = moved[stream] = self._after(stream, before, event)
        return moved

    def load(
        self, connection: Connection[Any], streams: Iterable[StreamId]
    ) -> dict[StreamId, Loaded]:
        """Return the states of streams: hot ones as they are, cold ones from the log."""
        known: dict[StreamId, Loaded] = {}
        cold: dict[StreamId, Loaded] = {}
        for stream in streams:
            hot = self._hot[category_of(stream)]
            if stream in hot:
                hot.move_to_end(stream)
                known[stream] = hot[stream]
            else:
                cold[stream] = Loaded(0, self.aggregate(stream).initial)
        if cold:
            self._read(connection, cold)
            self._keep(cold)
        return known | cold

    def fold(self, stream: StreamId, before: Loaded, events: Sequence[Event]) -> Loaded:
        """Return the state after more events."""
        evolve = self.aggregate(stream).evolve
        state = before.state
        for event in events:
            state = evolve(state, event)
        return Loaded(before.version + len(events), state)

    def appended(self, loaded: Mapping[StreamId, Loaded], through: int) -> None:
        """Take over the states of an append that was committed up to a position."""
        self._keep(loaded)
        self._position = through
        self._caught_up = time.monotonic()

    def forget(self) -> None:
        """Forget every state: the next load reads the log."""
        self._position = None
        for hot in self._hot.values():
            hot.clear()

    def snapshot(self, stream: StreamId, before: int, after: Loaded) -> bytes | None:
        """Return the bytes of a snapshot where the versions passed a multiple of the interval."""
        aggregate = self.aggregate(stream)
        every, to_snapshot = aggregate.snapshot_every, aggregate.to_snapshot
        if every is None or to_snapshot is None or before // every == after.version // every:
            return None
        return orjson.dumps(to_snapshot(after.state))

    def _keep(self, loaded: Mapping[StreamId, Loaded]) -> None:
        for stream, state in loaded.items():
            hot = self._hot[category_of(stream)]
            hot[stream] = state
            hot.move_to_end(stream)

    def _make_room(self) -> None:
        for category, hot in self._hot.items():
            most = self._aggregates[category].kept_hot
            while len(hot) > most:
                hot.popitem(last=False)

    def _read(self, connection: Connection[Any], cold: dict[StreamId, Loaded]) -> None:
        self._start_from_snapshots(connection, cold)
        versions = [loaded.version for loaded in cold.values()]
        with connection.cursor(row_factory=lambda _: tuple) as cursor:
            cursor.execute(self._streams, [list(cold), versions], prepare=True)
            for stream, *event in cursor:
                cold[stream] = self._after(stream, cold[stream], event)

    def _after(self, stream: StreamId, before: Loaded, event: list[Any]) -> Loaded:
        version, topic, schema_version, payload = event
        if version != before.version + 1:
            msg = f"{stream} has version {version} after {before.version}"
            raise LogCorrupt(msg)
        decoded = self._registry.decode(topic, schema_version, payload, CLOSED)
        return Loaded(version, self.aggregate(stream).evolve(before.state, decoded))

    def _start_from_snapshots(
        self, connection: Connection[Any], cold: dict[StreamId, Loaded]
    ) -> None:
        long = [s for s in cold if self.aggregate(s).snapshot_every is not None]
        if not long:
            return
        shapes = [self.aggregate(stream).state_version for stream in long]
        with connection.cursor(row_factory=lambda _: tuple) as cursor:
            cursor.execute(self._snapshots, [long, shapes], prepare=True)
            for stream, version, state in cursor:
                restore = self.aggregate(stream).from_snapshot
                if restore is not None:
                    cold[stream] = Loaded(version, restore(orjson.loads(state)))
