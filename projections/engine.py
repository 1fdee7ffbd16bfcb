"""The engine: follows the log of one partition and keeps all its read models up to date."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from threading import Event, Thread
from typing import Final

import psycopg
import structlog
from eventsourcing.persistence import PersistenceError

from eventstore.datastore import Datastore
from eventstore.errors import AWAY, describe
from eventstore.reader import LogReader
from eventstore.recorded import Batch
from projections.database import query
from projections.errors import Moved, ReadModelError, Retired, UndecodableEvent
from projections.generation import Generation
from projections.install import install
from projections.leader import LeaderLock
from projections.listener import Listener
from projections.read_model import ReadModel, by_name
from projections.rebuild import rebuild
from projections.runner import Runner
from projections.tail import BATCH, read_batch
from projections.tracking import Tracking, TrackingTable

POLL: Final = 0.05
"""Seconds between two looks at the log where no hint comes."""
_STAND_BY: Final = 0.5
_AFTER_FAILURE: Final = 1.0

log = structlog.get_logger(__name__)


class Engine:
    """Folds new events into the live tables of every read model of one partition."""

    def __init__(
        self,
        datastore: Datastore,
        reader: LogReader,
        models: Iterable[ReadModel],
        *,
        batch: int = BATCH,
        poll: float = POLL,
    ) -> None:
        """Prepare; `batch` is how many positions are taken at once, `poll` in seconds."""
        self._datastore = datastore
        self._reader = reader
        self._models = by_name(models)
        self._batch = batch
        self._poll = poll
        self._tracking = TrackingTable(datastore.schema)
        self._runners: dict[tuple[str, str], Runner] = {}
        self._rebuilds: dict[str, Thread] = {}

    def run(self, stop: Event) -> None:
        """Follow the log until `stop` is set; survives the database being away."""
        leader, listener = LeaderLock(self._datastore), Listener(self._datastore)
        with closing(listener), closing(leader):
            self._follow(leader, listener, stop)
        for thread in self._rebuilds.values():
            thread.join()

    def _follow(self, leader: LeaderLock, listener: Listener, stop: Event) -> None:
        leads = False
        while not stop.is_set():
            try:
                led, leads = leads, leader.held()
                if not leads:
                    stop.wait(_STAND_BY)
                elif not led:
                    install(self._datastore, self._models.values())
                    self._rebuild_outdated(stop)
                elif not self.step():
                    listener.wait(stop, self._poll)
            except AWAY as error:
                log.warning("database away", schema=self._datastore.schema, **describe(error))
                leader.close()
                leads = False
                stop.wait(_AFTER_FAILURE)

    def catch_up(self) -> None:
        """Fold everything that is in the log now."""
        install(self._datastore, self._models.values())
        for model in self._outdated():
            rebuild(self._datastore, self._reader, model)
        while self.step():
            pass

    def step(self) -> bool:
        """Take one batch into every read model that is behind; say whether there was any."""
        with query(self._datastore) as cursor:
            live = self._tracking.live(cursor)
            head = self._reader.head(conn=cursor.connection)
        behind: dict[int, list[Runner]] = {}
        for row in live.values():
            model = self._models.get(row.name)
            if model is not None and model.version == row.version and row.position < head:
                behind.setdefault(row.position, []).append(self._runner(model, row))
        for position, runners in behind.items():
            self._take(position, runners)
        return bool(behind)

    def _take(self, after: int, runners: Sequence[Runner]) -> None:
        """Read once for all read models that stand at the same position."""
        types = frozenset().union(*(runner.generation.model.types for runner in runners))
        try:
            batch = read_batch(self._reader, after, self._batch, types)
        except UndecodableEvent as fault:
            self._take_one_by_one(after, runners, fault)
            return
        for runner in runners:
            wanted = runner.generation.model.types
            events = [event for event in batch.events if event.type in wanted]
            self._advance(runner, Batch(events, batch.through), after)

    def _take_one_by_one(
        self, after: int, runners: Sequence[Runner], fault: UndecodableEvent
    ) -> None:
        """Let those pass that do not use the event that cannot be read."""
        if len(runners) == 1:
            try:
                runners[0].pass_by(fault)
            except (Moved, Retired) as moved:
                log.info("left to another engine", detail=str(moved))
            return
        for runner in runners:
            self._take(after, [runner])

    def _advance(self, runner: Runner, batch: Batch, after: int) -> None:
        try:
            runner.take(batch, after=after)
        except (Moved, Retired) as moved:
            log.info("left to another engine", detail=str(moved))

    def _runner(self, model: ReadModel, row: Tracking) -> Runner:
        key = (row.name, row.generation)
        if key not in self._runners:
            generation = Generation(model, self._datastore.schema, row.generation)
            self._runners = {k: r for k, r in self._runners.items() if k[0] != row.name}
            self._runners[key] = Runner(self._datastore, generation)
        return self._runners[key]

    def _outdated(self) -> list[ReadModel]:
        """Return the read models whose live tables are of an earlier version."""
        with query(self._datastore) as cursor:
            live = self._tracking.live(cursor)
        return [m for m in self._models.values() if live[m.name].version < m.version]

    def _rebuild_outdated(self, stop: Event) -> None:
        """Bring new versions in beside the old ones, each in a thread of its own."""
        for model in self._outdated():
            running = self._rebuilds.get(model.name)
            if running is None or not running.is_alive():
                thread = Thread(
                    target=self._bring_in, args=(model, stop), name=f"rebuild {model.name}"
                )
                self._rebuilds[model.name] = thread
                thread.start()

    def _bring_in(self, model: ReadModel, stop: Event) -> None:
        """Rebuild, again and again while the database is away; a fault leaves the old tables."""
        told = log.bind(schema=self._datastore.schema, read_model=model.name)
        while not stop.is_set():
            try:
                rebuild(self._datastore, self._reader, model, stop=stop)
            except AWAY as error:
                told.warning("database away", **describe(error))
                stop.wait(_AFTER_FAILURE)
            except (ReadModelError, psycopg.Error, PersistenceError) as error:
                told.exception("new version not brought in", **describe(error))
                return
            else:
                return
