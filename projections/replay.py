"""Replaying parked events, in the order of their streams, after the fault was mended."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.base.streams import StreamId
from eventstore.datastore import Datastore
from eventstore.errors import UnknownEventType
from eventstore.reader import LogReader
from eventstore.recorded import RecordedEvent
from projections.database import query, transaction
from projections.errors import FoldFailed, Moved
from projections.folding import fold_into
from projections.generation import Generation
from projections.parking import ParkedEvents
from projections.read_model import ReadModel
from projections.tracking import TrackingTable

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many parked events were folded, and how many still wait."""

    folded: int
    left: int


def replay_parked(datastore: Datastore, reader: LogReader, model: ReadModel) -> Replayed:
    """Fold the parked events of a read model's live tables, stream by stream.

    A stream whose next event still fails keeps that event and the later ones parked.

    Raises:
        Moved: no tables of this version are live, or another process replays them too.
    """
    with query(datastore) as cursor:
        row = TrackingTable(datastore.schema).live(cursor).get(model.name)
        if row is None or row.version != model.version:
            raise Moved(f"{model.name} version {model.version} is not live")
        generation = Generation(model, datastore.schema, row.generation)
        streams = ParkedEvents(generation).streams(cursor)
    replay = _Replay(datastore, reader, generation)
    folded = sum(replay.stream(stream) for stream in streams)
    with query(datastore) as cursor:
        left = len(ParkedEvents(generation).positions(cursor, None))
    return Replayed(folded=folded, left=left)


class _Replay:
    """Replays the parked events of one generation."""

    def __init__(self, datastore: Datastore, reader: LogReader, generation: Generation) -> None:
        self._datastore = datastore
        self._reader = reader
        self._generation = generation
        self._parked = ParkedEvents(generation)
        self._tracking = TrackingTable(datastore.schema)

    def stream(self, stream: StreamId) -> int:
        """Fold a stream's parked events as far as it goes; return how many."""
        folded = 0
        while True:
            with query(self._datastore) as cursor:
                positions = self._parked.positions(cursor, stream)[:_AT_ONCE]
            events = self._read(positions)
            done = self._fold(stream, events)
            folded += done
            if done < len(positions) or not positions:
                return folded

    def _read(self, positions: Sequence[int]) -> list[RecordedEvent]:
        events: list[RecordedEvent] = []
        for position in positions:
            try:
                events += self._reader.read(position - 1, 1).events
            except (UnknownEventType, ValueError, TypeError, LookupError) as error:
                with transaction(self._datastore) as cursor:
                    self._parked.explain(cursor, position, f"{type(error).__name__}: {error}")
                break
        return events

    def _fold(self, stream: StreamId, events: Sequence[RecordedEvent]) -> int:
        if not events:
            return 0
        try:
            self._commit(stream, events)
        except FoldFailed as fault:
            if len(events) == 1:
                with transaction(self._datastore) as cursor:
                    self._parked.explain(cursor, events[0].position, str(fault))
                return 0
            middle = len(events) // 2
            done = self._fold(stream, events[:middle])
            return done if done < middle else done + self._fold(stream, events[middle:])
        return len(events)

    def _commit(self, stream: StreamId, events: Sequence[RecordedEvent]) -> None:
        generation = self._generation
        with transaction(self._datastore) as cursor:
            row = self._tracking.lock(cursor, generation.model.name, generation.label)
            waiting = set(self._parked.positions(cursor, stream))
            if not waiting.issuperset(event.position for event in events):
                raise Moved(f"{stream} is being replayed by another process")
            fold_into(cursor, generation, events)
            self._parked.remove(cursor, row, [event.position for event in events])
            self._parked.mark(cursor, [stream], stale=False)
            self._parked.mark(cursor, self._parked.streams(cursor), stale=True)
