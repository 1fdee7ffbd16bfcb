"""Open work of locations: what each has to send, counted while the log is walked."""

from decimal import Decimal
from typing import Final

from domain.base.streams import StreamId
from domain.order.events import (
    AllocationLost,
    AllocationReleased,
    AllocationShipped,
    BackorderFilled,
    LinesAllocated,
    LinesCancelled,
)
from eventstore.recorded import RecordedEvent

ZERO: Final = Decimal(0)


class OpenWork:
    """Open fulfilments by location: (order, location) pairs with units that have not left.

    It remembers the allocations that are open, no others.
    """

    def __init__(self) -> None:
        """Start with nothing to do."""
        self.by_location: dict[str, int] = {}
        self._places: dict[str, str] = {}
        self._units: dict[str, Decimal] = {}
        self._open: dict[tuple[StreamId, str], Decimal] = {}

    def apply(self, recorded: RecordedEvent) -> None:
        """Take in an event; those of other streams than orders change nothing."""
        match recorded.event:
            case LinesAllocated(allocations):
                for one in allocations:
                    self._places[one.allocation_id] = one.location_id
                    self._change(recorded.stream, one.allocation_id, one.quantity)
            case BackorderFilled(allocation_id=allocation, location_id=place, quantity=quantity):
                self._places[allocation] = place
                self._change(recorded.stream, allocation, quantity)
            case (
                AllocationLost(allocation_id=allocation, quantity=quantity)
                | AllocationReleased(allocation_id=allocation, quantity=quantity)
                | AllocationShipped(allocation_id=allocation, quantity=quantity)
            ):
                self._change(recorded.stream, allocation, -quantity)
            case LinesCancelled(parts):
                for part in parts:
                    if part.allocation_id is not None:
                        self._change(recorded.stream, part.allocation_id, -part.quantity)
            case _:
                pass

    def _change(self, order: StreamId, allocation: str, change: Decimal) -> None:
        place = self._places.get(allocation)
        if place is None:
            return
        units = self._units.get(allocation, ZERO) + change
        if units > ZERO:
            self._units[allocation] = units
        else:
            self._units.pop(allocation, None)
            del self._places[allocation]
        before = self._open.get((order, place), ZERO)
        after = before + change
        if after > ZERO:
            self._open[order, place] = after
        else:
            self._open.pop((order, place), None)
        opened = (after > ZERO) - (before > ZERO)
        self.by_location[place] = self.by_location.get(place, 0) + opened
