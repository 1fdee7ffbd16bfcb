"""What may happen to a working day: N places admit N bookings."""

from dataclasses import dataclass, field
from typing import Any

from immutables import Map

from domain.base.handling import Json
from domain.base.messages import Event
from domain.base.streams import StreamId
from domain.capacity.errors import CapacityFull
from domain.capacity.events import CapacityBooked, CapacityReleased

STATE_VERSION = 1
"""Raise it whenever the state's shape or meaning changes: older snapshots are then left aside."""

Booking = tuple[StreamId, str]
"""(order stream, group id): a delivery group has one place, whatever it sends that day."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """A working day of a location, by the bookings that stand."""

    bookings: Map[Booking, None] = field(default_factory=Map)

    @property
    def booked(self) -> int:
        """Return how many places are taken."""
        return len(self.bookings)


def evolve(capacity: Capacity, event: Event) -> Capacity:
    """Return the day after an event; holds no rule.

    Raises:
        TypeError: the event is none of a day's.
    """
    match event:
        case CapacityBooked(order, group_id):
            return Capacity(capacity.bookings.set((order, group_id), None))
        case CapacityReleased(order, group_id):
            if (order, group_id) not in capacity.bookings:
                return capacity
            return Capacity(capacity.bookings.delete((order, group_id)))
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a day's capacity")


def admits(capacity: Capacity, bookings: list[Booking], most: int) -> bool:
    """Say whether a day of `most` places has one for each of these bookings, or had before.

    Where the limit was lowered below what is booked, what is booked stands.
    """
    new = [one for one in bookings if one not in capacity.bookings]
    return not new or capacity.booked + len(new) <= most


def book(capacity: Capacity, booking: Booking, most: int) -> tuple[Event, ...]:
    """Take a place of a day of `most` places; one that is taken stays so.

    Raises:
        CapacityFull: no place is free; `capacity` says how many there are.
    """
    if booking in capacity.bookings:
        return ()
    if not admits(capacity, [booking], most):
        raise CapacityFull(f"All {most} places of the day are taken", capacity=most)
    return (CapacityBooked(*booking),)


def release(capacity: Capacity, booking: Booking) -> tuple[Event, ...]:
    """Give a place of a day back; nothing happens where none is taken."""
    return (CapacityReleased(*booking),) if booking in capacity.bookings else ()


def to_snapshot(capacity: Capacity) -> Json:
    """Return the state as lists of texts."""
    return [list(booking) for booking in capacity.bookings]


def from_snapshot(values: Any) -> Capacity:
    """Return the state that `to_snapshot` made these values of."""
    return Capacity(Map(((order, group_id), None) for order, group_id in values))
