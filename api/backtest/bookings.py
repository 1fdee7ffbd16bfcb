"""Booked places of locations' working days, counted while the log is walked."""

from collections.abc import Collection
from datetime import date

from domain.base.streams import StreamId, capacity_key
from domain.capacity.events import CapacityBooked, CapacityReleased
from eventstore.recorded import RecordedEvent


class Bookings:
    """How many fulfilments are booked, by location and working day."""

    def __init__(self, left_out: Collection[StreamId]) -> None:
        """Start with none; those of orders `left_out` are not counted."""
        self.by_location: dict[str, dict[date, int]] = {}
        self._left_out = left_out

    def apply(self, recorded: RecordedEvent) -> None:
        """Take in an event; those of other streams than capacity change nothing."""
        event = recorded.event
        if isinstance(event, CapacityBooked | CapacityReleased) and (
            event.order not in self._left_out
        ):
            place, day = capacity_key(recorded.stream)
            days = self.by_location.setdefault(place, {})
            days[day] = days.get(day, 0) + (1 if isinstance(event, CapacityBooked) else -1)
