"""Wiring of one partition: settings in; log, readers and the door for commands out."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from domain.catalogue import AGGREGATES, HANDLERS
from domain.routing.facts import FactsSource
from eventstore.datastore import Datastore
from eventstore.keyring import Keyring
from eventstore.mapper import EventMapper
from eventstore.migrate import migrate as bring_up_to_date
from eventstore.oms import Oms
from eventstore.places import Place
from eventstore.reader import LogReader
from eventstore.settings import Settings
from eventstore.writer.append import Append
from eventstore.writer.deciding import Limits
from eventstore.writer.queue import TicketQueue
from eventstore.writer.states import States
from eventstore.writer.writer import Writer

_DIGEST_PURPOSE: Final = b"taktstock command digest\n"


@dataclass(frozen=True, slots=True)
class Log:
    """A partition's log for reading: no writer runs."""

    name: str
    datastore: Datastore
    reader: LogReader
    keyring: Keyring
    mapper: EventMapper


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition open for commands and for reading."""

    name: str
    oms: Oms
    reader: LogReader
    datastore: Datastore
    keyring: Keyring


@contextmanager
def open_log(place: Place, settings: Settings) -> Iterator[Log]:
    """Open a partition's log for reading."""
    datastore = Datastore(
        place.conninfo,
        place.schema,
        pool_size=settings.pool_min_size,
        max_pool_size=settings.pool_max_size,
        connect_timeout=settings.connect_timeout,
    )
    mapper = EventMapper()
    keyring = Keyring(datastore, place.key)
    try:
        yield Log(place.name, datastore, LogReader(datastore, mapper, keyring), keyring, mapper)
    finally:
        datastore.close()


@contextmanager
def open_partition(
    place: Place,
    settings: Settings,
    *,
    facts: Callable[[Datastore], FactsSource] | None = None,
    migrate: bool = False,
) -> Iterator[Partition]:
    """Open a partition and start its writer; on leaving, what waits is answered first.

    `facts` makes the source of routing facts; without it, decisions read streams alone.
    """
    with open_log(place, settings) as log:
        if migrate:
            bring_up_to_date(log.datastore)
        source = None if facts is None else facts(log.datastore)
        with _writing(log, place, settings, source) as oms:
            yield Partition(log.name, oms, log.reader, log.datastore, log.keyring)


@contextmanager
def _writing(
    log: Log, place: Place, settings: Settings, facts: FactsSource | None
) -> Iterator[Oms]:
    states = States(log.datastore, log.mapper.registry, AGGREGATES)
    queue = TicketQueue(settings.queue_limit)
    writer = Writer(
        log.datastore,
        Append(log.datastore, log.mapper, log.keyring, states),
        states,
        facts,
        queue=queue,
        most_commands=settings.group_max_commands,
        limits=Limits(seconds=settings.group_max_milliseconds / 1000),
    )
    oms = Oms(queue, HANDLERS, digest_secret=hashlib.sha256(_DIGEST_PURPOSE + place.key).digest())
    writer.start()
    try:
        yield oms
    finally:
        writer.stop()
