"""Wiring of the API: a partition's log, keys and read models in; an application out."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from api.http.limits import Limits
from api.http.services import Services
from api.keys import ApiKeys
from eventstore.main import open_partition
from eventstore.places import Place
from eventstore.settings import Settings
from projections.catalogue import READ_MODELS
from projections.decisions import PastDecisions
from projections.facts import PostgresFacts, SharedFacts
from projections.install import install
from projections.waiting import PositionWatch


def present() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


@contextmanager
def open_services(
    place: Place,
    settings: Settings,
    *,
    limits: Limits | None = None,
    clock: Callable[[], datetime] = present,
) -> Iterator[Services]:
    """Open a partition for the API; on leaving, what waits is answered first."""
    with (
        open_partition(place, settings, facts=PostgresFacts, migrate=True) as partition,
        closing(PositionWatch(partition.datastore)) as watch,
    ):
        install(partition.datastore, READ_MODELS)
        yield Services(
            partition=place.name,
            oms=partition.oms,
            reader=partition.reader,
            facts=SharedFacts(PostgresFacts(partition.datastore)),
            datastore=partition.datastore,
            keys=ApiKeys(partition.datastore, place.name),
            watch=watch,
            limits=limits or Limits(),
            clock=clock,
            decisions=PastDecisions(partition.datastore),
        )
