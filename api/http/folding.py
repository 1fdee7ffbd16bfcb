"""States straight from the log, for answers that must be up to date or as of a moment."""

from collections.abc import Iterable
from typing import Any

from domain.base.streams import StreamId, category_of
from domain.catalogue import AGGREGATES
from eventstore.reader import LogReader
from eventstore.recorded import RecordedEvent


def folded(stream: StreamId, events: Iterable[RecordedEvent]) -> Any:
    """Return the state that a stream's events add up to."""
    aggregate = AGGREGATES[category_of(stream)]
    state = aggregate.initial
    for recorded in events:
        state = aggregate.evolve(state, recorded.event)
    return state


def present_state(reader: LogReader, stream: StreamId) -> Any:
    """Return the state of a stream as it stands now."""
    return folded(stream, reader.stream(stream))
