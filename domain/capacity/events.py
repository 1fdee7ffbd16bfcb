"""What happened to a working day of a location (stream `capacity:LOCATION@YYYY-MM-DD`)."""

from dataclasses import dataclass

from domain.base.messages import Event
from domain.base.streams import StreamId


@dataclass(frozen=True, slots=True)
class CapacityBooked(Event):
    """A delivery group of an order took a place of the day for what leaves on it."""

    order: StreamId
    group_id: str


@dataclass(frozen=True, slots=True)
class CapacityReleased(Event):
    """A delivery group of an order gave its place of the day back."""

    order: StreamId
    group_id: str
