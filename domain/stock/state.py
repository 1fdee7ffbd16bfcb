"""A stock item as it stands."""

from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from immutables import Map

from domain.base.quantity import ZERO


class Reservation(NamedTuple):
    """`quantity` held for a line of the order whose stream is `order`; `sequence` is its age."""

    order: str
    line_id: str
    quantity: Decimal
    priority: int
    promise: datetime | None
    sequence: int


class Backorder(NamedTuple):
    """`quantity` that waits for goods, for a line of the order whose stream is `order`.

    It is served in multiples of `step`.
    """

    order: str
    line_id: str
    quantity: Decimal
    priority: int
    promise: datetime | None
    sequence: int
    step: Decimal


class Expected(NamedTuple):
    """`quantity` still announced for `due`."""

    quantity: Decimal
    due: datetime


class Movement(NamedTuple):
    """A change of sellable stock that a count may have to be corrected by."""

    at: datetime
    change: Decimal


class StockItem(NamedTuple):
    """An item's stock at one location.

    A named tuple and not a dataclass, because copying one costs a quarter and every event
    copies. `reserved`, `queued` and `queued_by_priority` are running sums of `reservations`
    and `queue`. `movements` are the newest KEPT_MOVEMENTS after the newest count; what
    is older is summed up in `minutes`, by the instant at which the minute of it ended, and
    `forgotten` is the latest of these instants that was dropped for want of room.
    `counts` holds (as_of, sequence) of the latest count of the KEPT_SOURCES latest sources,
    `counted_until` the latest `as_of` of all. `daily_demand` is what is forecast to be asked
    for a day.
    """

    sellable: Decimal = ZERO
    damaged: Decimal = ZERO
    quarantine: Decimal = ZERO
    reserved: Decimal = ZERO
    reservations: Map[str, Reservation] = Map()
    queue: Map[str, Backorder] = Map()
    queued: Decimal = ZERO
    queued_by_priority: Map[int, Decimal] = Map()
    expected: Map[str, Expected] = Map()
    safety_stock: Decimal = ZERO
    shortfall: Decimal = ZERO
    sequence: int = 0
    movements: tuple[Movement, ...] = ()
    minutes: Map[datetime, Decimal] = Map()
    forgotten: datetime | None = None
    counts: Map[str, tuple[datetime, int]] = Map()
    counted_until: datetime | None = None
    daily_demand: Decimal = ZERO

    @property
    def on_hand(self) -> Decimal:
        """Return the sellable units in the building; below 0 where facts say so."""
        return self.sellable

    @property
    def servable(self) -> Decimal:
        """Return what may be given to the queue: not reserved, above safety stock; signed."""
        return self.sellable - self.reserved - self.safety_stock

    @property
    def free(self) -> Decimal:
        """Return what new demand may have: what the queue leaves, never below 0."""
        return max(ZERO, self.servable - self.queued)


NO_STOCK: Final = StockItem()
