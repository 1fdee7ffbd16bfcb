"""What the orders of a window really took of stock, so that another course can do without it."""

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from domain.base.streams import StreamId, category_of, stock_key
from domain.routing.replay.course import Cell
from domain.stock.events import (
    BackorderQueued,
    BackorderServed,
    BackorderWithdrawn,
    ReservationLost,
    ReservationReleased,
    StockReserved,
)
from eventstore.recorded import RecordedEvent

ZERO: Final = Decimal(0)


class PutBack:
    """Quantities by (item, location) that certain orders hold, wait for or have shipped.

    What they shipped stays counted: it left the shelf for them. What they released or lost
    does not.
    """

    def __init__(self, orders: Collection[StreamId]) -> None:
        """Count for these orders; the collection may grow."""
        self.cells: dict[Cell, Decimal] = {}
        self._orders = orders
        self._ours: set[tuple[StreamId, str]] = set()

    def apply(self, recorded: RecordedEvent) -> None:
        """Take in an event; those of other streams than stock change nothing."""
        if category_of(recorded.stream) != "stock":
            return
        match recorded.event:
            case (
                StockReserved(reservation_id=held, order=order, quantity=quantity)
                | BackorderQueued(backorder_id=held, order=order, quantity=quantity)
            ):
                if order in self._orders:
                    self._ours.add((recorded.stream, held))
                    self._change(recorded.stream, quantity)
            case BackorderServed(order=order, reservation_id=held):
                if order in self._orders:
                    self._ours.add((recorded.stream, held))
            case (
                ReservationReleased(reservation_id=held, quantity=quantity)
                | ReservationLost(reservation_id=held, quantity=quantity)
                | BackorderWithdrawn(backorder_id=held, quantity=quantity)
            ):
                if (recorded.stream, held) in self._ours:
                    self._change(recorded.stream, -quantity)
            case _:
                pass

    def _change(self, stream: StreamId, change: Decimal) -> None:
        cell = stock_key(stream)
        self.cells[cell] = self.cells.get(cell, ZERO) + change
