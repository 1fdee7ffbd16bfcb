"""Blue-green: fresh tables beside the ones in use, caught up, compared, shown in their place."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, count
from threading import Event
from typing import Final

import structlog
from psycopg import errors

from eventstore.datastore import Datastore
from eventstore.reader import LogReader
from projections.compare import differences
from projections.database import Rows, query, transaction
from projections.errors import (
    FoldFailed,
    RebuildFailed,
    RebuildInProgress,
    Stopped,
    UndecodableEvent,
)
from projections.folding import fold_into
from projections.generation import Generation, drop_tables
from projections.parking import forget_parked
from projections.read_model import ReadModel
from projections.runner import Runner
from projections.tail import BATCH, read_batch, read_through
from projections.tracking import Tracking, TrackingTable
from projections.views import swap_views

log = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]
"""Is told the position reached and the position aimed at."""

_IN_USE: Final = (errors.LockNotAvailable, errors.DeadlockDetected)
_ATTEMPTS: Final = 30
_SWAP_WAIT: Final = "SET LOCAL lock_timeout TO '1s'"
"""Readers queue behind the swap that waits for one of them, so it waits only so long."""
_LITTLE: Final = 500
"""So few events may be folded while the tables in use stand still."""
_ROUNDS: Final = 20


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The tables that took over at `position`, and how many rows differed from the old ones.

    `differences` is None where old and new version share no table to compare.
    """

    name: str
    generation: str
    position: int
    differences: int | None


def rebuild(
    datastore: Datastore,
    reader: LogReader,
    model: ReadModel,
    *,
    stop: Event | None = None,
    progress: Progress | None = None,
) -> Rebuilt:
    """Fold a read model from the start of the log into fresh tables and show them to readers.

    Readers see the old tables until the new ones stand at the same position. Works for the
    version in use as for a new one.

    Raises:
        RebuildFailed: an event cannot be folded; the old tables stay in use.
        RebuildInProgress: another process rebuilds this read model.
        Stopped: `stop` was set.
    """
    with _only_one(datastore, model):
        job = _Rebuild(datastore, reader, model, stop or Event(), progress or _silent)
        job.begin()
        job.catch_up()
        rebuilt = job.take_over()
        job.clear_away()
    log.info("read model rebuilt", read_model=model.name, generation=rebuilt.generation)
    return rebuilt


class _Rebuild:
    """One rebuild; its lock is held by the caller."""

    def __init__(
        self,
        datastore: Datastore,
        reader: LogReader,
        model: ReadModel,
        stop: Event,
        progress: Progress,
    ) -> None:
        self._datastore = datastore
        self._reader = reader
        self._model = model
        self._stop = stop
        self._progress = progress
        self._tracking = TrackingTable(datastore.schema)
        self._generation = Generation(model, datastore.schema, "")
        self._position = 0

    def begin(self) -> None:
        """Make fresh tables, after removing what an interrupted rebuild left."""
        self._remove({"building", "retired"})
        with transaction(self._datastore) as cursor:
            taken = {row.generation for row in self._rows(cursor)}
            self._generation = Generation(
                self._model, self._datastore.schema, _free_label(self._model.version, taken)
            )
            self._generation.drop(cursor)
            self._generation.create(cursor)
            self._tracking.add(cursor, self._generation, "building")

    def catch_up(self) -> None:
        """Fold until little is left; never past the tables in use."""
        runner = Runner(self._datastore, self._generation, on_fault="stop")
        for _ in range(_ROUNDS):
            aim = self._live_position()
            while self._position < aim:
                self._take(runner, aim)
            if self._live_position() - aim <= _LITTLE:
                return

    def _take(self, runner: Runner, aim: int) -> None:
        if self._stop.is_set():
            raise Stopped
        limit = min(BATCH, aim - self._position)
        try:
            batch = read_batch(self._reader, self._position, limit, self._model.types)
        except UndecodableEvent as fault:
            runner.pass_by(fault)
            raise
        runner.take(batch, after=self._position)
        self._position = batch.through
        self._progress(self._position, aim)

    def take_over(self) -> Rebuilt:
        """Fold the rest while the tables in use stand still, compare, swap the views."""
        name, schema = self._model.name, self._datastore.schema
        with transaction(self._datastore) as cursor:
            live = self._lock_live(cursor)
            new = self._tracking.lock_at(
                cursor, name, self._generation.label, expected=self._position
            )
            self._fold_rest(cursor, new, live.position)
            found = None
            if live.version == new.version:
                old = Generation(self._model, schema, live.generation)
                found = differences(cursor, old, self._generation)
            self._tracking.set_state(cursor, name, live.generation, "retired")
            self._tracking.set_state(cursor, name, new.generation, "live")
            self._swap(cursor)
        return Rebuilt(name, new.generation, live.position, found)

    def clear_away(self) -> None:
        """Drop the tables that readers no longer see; left for the next time if in use."""
        try:
            self._remove({"retired"})
        except _IN_USE:
            log.info("old tables are still read", read_model=self._model.name)

    def _lock_live(self, cursor: Rows) -> Tracking:
        live = self._tracking.live(cursor)[self._model.name]
        return self._tracking.lock(cursor, self._model.name, live.generation)

    def _swap(self, cursor: Rows) -> None:
        cursor.execute(_SWAP_WAIT)
        for _ in range(_ATTEMPTS):
            try:
                with cursor.connection.transaction():
                    swap_views(cursor, self._generation)
            except _IN_USE:
                log.info("views are in use, waiting", read_model=self._model.name)
                if self._stop.wait(0.1):
                    raise Stopped from None
            else:
                return
        raise RebuildFailed(f"{self._model.name}: its views were in use all the time; try again")

    def _fold_rest(self, cursor: Rows, new: Tracking, through: int) -> None:
        changed = 0
        try:
            for batch in read_through(
                self._reader, new.position, through, self._model.types, conn=cursor.connection
            ):
                fold_into(cursor, self._generation, batch.events)
                changed = batch.events[-1].position if batch.events else changed
        except (FoldFailed, UndecodableEvent) as fault:
            raise RebuildFailed(f"{self._model.name} stopped before {through}: {fault}") from fault
        self._tracking.advance(cursor, new, to=through, changed=changed)

    def _live_position(self) -> int:
        with query(self._datastore) as cursor:
            return self._tracking.live(cursor)[self._model.name].position

    def _rows(self, cursor: Rows) -> list[Tracking]:
        return [row for row in self._tracking.all(cursor) if row.name == self._model.name]

    def _remove(self, states: set[str]) -> None:
        with transaction(self._datastore) as cursor:
            cursor.execute("SET LOCAL lock_timeout TO '2s'")
            for row in self._rows(cursor):
                if row.state in states:
                    drop_tables(cursor, self._datastore.schema, row.tables)
                    self._tracking.remove(cursor, row.name, row.generation)
                    forget_parked(cursor, self._datastore.schema, row)


def _free_label(version: int, taken: set[str]) -> str:
    labels = chain([f"v{version}"], (f"v{version}_{n}" for n in count(2)))
    return next(label for label in labels if label not in taken)


@contextmanager
def _only_one(datastore: Datastore, model: ReadModel) -> Iterator[None]:
    """Hold the lock of this read model's rebuild on a connection of its own."""
    with closing(datastore.connect()) as connection:
        got = connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))",
            [f"rebuild {datastore.schema} {model.name}"],
        ).fetchone()
        if not got or not got[0]:
            raise RebuildInProgress(f"{model.name} is being rebuilt already")
        yield


def _silent(position: int, aim: int) -> None:
    del position, aim
