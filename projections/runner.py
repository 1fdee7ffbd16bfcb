"""Taking batches of the log into one generation, each exactly once."""

from typing import Literal

import structlog

from eventstore.datastore import Datastore
from eventstore.recorded import Batch, RecordedEvent
from projections.database import Rows, transaction
from projections.errors import FoldFailed, RebuildFailed, UndecodableEvent
from projections.folding import fold_into
from projections.generation import Generation
from projections.parking import FOLLOWER, Parked, ParkedEvents, parked_of
from projections.tracking import Tracking, TrackingTable

log = structlog.get_logger(__name__)


class Runner:
    """Takes events into one generation: rows and position move in one transaction.

    What cannot be folded is parked, or with `on_fault="stop"` ends the run.
    """

    def __init__(
        self,
        datastore: Datastore,
        generation: Generation,
        *,
        on_fault: Literal["park", "stop"] = "park",
    ) -> None:
        """Work on a generation that has a tracking row."""
        self.generation = generation
        self._datastore = datastore
        self._tracking = TrackingTable(datastore.schema)
        self._parked = ParkedEvents(generation)
        self._on_fault = on_fault
        self._name = (generation.model.name, generation.label)

    def take(self, batch: Batch, *, after: int) -> None:
        """Fold the events of (after, batch.through] and move the position there.

        A batch that fails is halved until the event at fault is found.

        Raises:
            Moved: the position is not `after`: another engine took it.
            Retired: readers no longer see this generation.
            RebuildFailed: an event cannot be folded, and faults are to stop the run.
        """
        try:
            self._commit(batch, after)
        except FoldFailed as fault:
            if len(batch.events) == 1:
                self._at_fault(parked_of(batch.events[0], str(fault)), batch.through, after)
                return
            first, second = _halves(batch)
            self.take(first, after=after)
            self.take(second, after=first.through)

    def pass_by(self, fault: UndecodableEvent) -> None:
        """Do with an event that cannot be read as with one that cannot be folded.

        Raises:
            Moved, Retired, RebuildFailed: as `take`.
        """
        stream, type_ = self._row_of_log(fault.position)
        event = Parked(fault.position, stream, type_, str(fault))
        self._at_fault(event, fault.position, fault.position - 1)

    def _commit(self, batch: Batch, after: int) -> None:
        with transaction(self._datastore, durable=False) as cursor:
            row = self._tracking.lock_at(cursor, *self._name, expected=after)
            if row.parked:
                self._fold_around_parked(cursor, row, batch)
            else:
                fold_into(cursor, self.generation, batch.events)
            changed = batch.events[-1].position if batch.events else 0
            self._tracking.advance(cursor, row, to=batch.through, changed=changed)

    def _fold_around_parked(self, cursor: Rows, row: Tracking, batch: Batch) -> None:
        streams = set(self._parked.streams(cursor))
        late = [event for event in batch.events if event.stream in streams]
        fold_into(cursor, self.generation, [e for e in batch.events if e.stream not in streams])
        if late:
            self._parked.add(cursor, row, [parked_of(event, FOLLOWER) for event in late])
        self._parked.mark(cursor, streams, stale=True)

    def _at_fault(self, event: Parked, through: int, after: int) -> None:
        name, label = self._name
        if self._on_fault == "stop":
            raise RebuildFailed(
                f"{name} stopped at position {event.position}: {event.type} of {event.stream} "
                f"cannot be folded: {event.error}"
            )
        with transaction(self._datastore, durable=False) as cursor:
            row = self._tracking.lock_at(cursor, name, label, expected=after)
            self._parked.add(cursor, row, [event])
            self._tracking.advance(cursor, row, to=through, changed=event.position)
        log.error(
            "event parked",
            read_model=name,
            position=event.position,
            stream=event.stream,
            type=event.type,
            error=event.error,
        )

    def _row_of_log(self, position: int) -> tuple[str, str]:
        with transaction(self._datastore) as cursor:
            rows = cursor.execute(
                self._datastore.sql(
                    "SELECT originator_id, topic FROM {schema}.events WHERE notification_id = %s"
                ),
                [position],
            ).fetchall()
        [(stream, type_)] = rows
        return stream, type_


def _halves(batch: Batch) -> tuple[Batch, Batch]:
    middle = len(batch.events) // 2
    first: list[RecordedEvent] = list(batch.events[:middle])
    return Batch(first, first[-1].position), Batch(batch.events[middle:], batch.through)
