"""The library's `Application` on our datastore, for programs written against the library.

It reads: its notification log and event store show our log. Its `save`, repository, cache and
snapshots are not used: commands go through `Oms`.
"""

from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    Mapper,
    ProcessRecorder,
    TrackingRecorder,
)
from eventsourcing.utils import Environment

from eventstore.datastore import Datastore
from eventstore.mapper import EventMapper
from eventstore.recorder import Recorder


class _Factory(InfrastructureFactory[TrackingRecorder]):
    """Makes the recorder of one partition, and nothing that would write beside `Oms`."""

    def __init__(self, env: Environment, datastore: Datastore) -> None:
        super().__init__(env)
        self._datastore = datastore

    def application_recorder(self) -> ApplicationRecorder:
        return Recorder(self._datastore)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        del purpose
        return Recorder(self._datastore)

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        del tracking_recorder_class
        raise TypeError("read models keep their own tracking; see projections")

    def process_recorder(self) -> ProcessRecorder:
        raise TypeError("read models keep their own tracking; see projections")


class LogApplication(Application[str]):
    """One partition's log as the library's application."""

    name = "taktstock"

    def __init__(self, datastore: Datastore, mapper: EventMapper) -> None:
        """Stand on a partition that was migrated before."""
        self._datastore = datastore
        self._event_mapper = mapper
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Return a factory on our datastore."""
        return _Factory(env, self._datastore)

    def construct_mapper(self) -> Mapper[str]:
        """Return our mapper with its closed registry."""
        return self._event_mapper
