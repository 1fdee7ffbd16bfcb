"""Folds bookings into how many places of each day are taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.base.streams import StreamId, capacity_key, capacity_stream, category_of
from domain.capacity.events import CapacityBooked, CapacityReleased
from eventstore.recorded import RecordedEvent
from projections.read_model import ReadModel
from projections.rows import Tables
from projections.table import ByStream, Table


@dataclass(slots=True)
class DayRow:
    """A working day of a location, and how many places of it are taken; `day` is `on_day`."""

    location_id: str
    day: str
    on_day: date = date.min
    booked: int = 0
    position: int = 0


def _key(stream: StreamId) -> tuple[str, str]:
    location_id, day = capacity_key(stream)
    return location_id, day.isoformat()


DAYS: Final = Table(
    "capacity",
    DayRow,
    ("location_id", "day"),
    by_stream=ByStream(
        lambda stream: _key(stream) if category_of(stream) == "capacity" else None,
        lambda row: (capacity_stream(row.location_id, row.on_day),),
    ),
)


def fold(events: Sequence[RecordedEvent], tables: Tables) -> None:
    """Fold a batch."""
    days = tables[DAYS]
    days.load(_key(recorded.stream) for recorded in events)
    for recorded in events:
        row = days.change(*_key(recorded.stream))
        row.on_day = capacity_key(recorded.stream)[1]
        row.position = recorded.position
        row.booked += 1 if isinstance(recorded.event, CapacityBooked) else -1


READ_MODEL: Final = ReadModel(
    name="capacity",
    version=1,
    events=frozenset({CapacityBooked, CapacityReleased}),
    tables=(DAYS,),
    views=("capacity",),
    fold=fold,
)
