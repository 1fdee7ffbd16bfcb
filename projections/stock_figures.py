"""What stock events do to the figures of an item at a location, for every read model of stock."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Protocol

from domain.base.messages import Event
from domain.base.quantity import ZERO, as_number
from domain.stock.events import (
    BackorderQueued,
    BackorderServed,
    BackorderWithdrawn,
    Condition,
    ExpectedReceiptCancelled,
    ReceiptExpected,
    ReservationLost,
    ReservationReleased,
    SafetyStockSet,
    ShortfallRecorded,
    StockAdjusted,
    StockCounted,
    StockReceived,
    StockReserved,
    StockShipped,
)
from domain.stock.state import StockItem

ExpectedReceipts = dict[str, list[Any]]
"""Open expected receipts by id: [due as RFC 3339, quantity as a JSON number]."""


class Figures(Protocol):
    """An item's stock at a location, in the item's unit; `on_hand` is what can be sold."""

    on_hand: Decimal
    damaged: Decimal
    quarantine: Decimal
    reserved: Decimal
    safety_stock: Decimal
    queued: Decimal
    shortfall: Decimal
    expected_receipts: ExpectedReceipts


def free(figures: Figures) -> Decimal:
    """Return what new demand may have, by the rule of the stock item."""
    return StockItem(
        sellable=figures.on_hand,
        reserved=figures.reserved,
        safety_stock=figures.safety_stock,
        queued=figures.queued,
    ).free


def expected(figures: Figures) -> Decimal:
    """Return how much is announced and has not arrived."""
    return sum((Decimal(str(left)) for _, left in figures.expected_receipts.values()), ZERO)


def _moved(figures: Figures, condition: Condition, change: Decimal) -> None:
    if condition == "damaged":
        figures.damaged += change
    elif condition == "quarantine":
        figures.quarantine += change
    else:
        figures.on_hand += change


def _received(figures: Figures, event: StockReceived) -> None:
    _moved(figures, event.condition, event.quantity)
    announced = figures.expected_receipts.get(event.expected_id or "")
    if announced is None:
        return
    left = Decimal(str(announced[1])) - event.quantity
    receipts = dict(figures.expected_receipts)
    if left > 0:
        receipts[event.expected_id or ""] = [announced[0], as_number(left)]
    else:
        del receipts[event.expected_id or ""]
    figures.expected_receipts = receipts


def _receipt_expected(figures: Figures, event: ReceiptExpected) -> None:
    receipt = [event.due.isoformat(), as_number(event.quantity)]
    figures.expected_receipts = {**figures.expected_receipts, event.expected_id: receipt}


def _receipt_cancelled(figures: Figures, event: ExpectedReceiptCancelled) -> None:
    figures.expected_receipts = {
        key: receipt
        for key, receipt in figures.expected_receipts.items()
        if key != event.expected_id
    }


def _adjusted(figures: Figures, event: StockAdjusted) -> None:
    _moved(figures, event.condition, event.change)


def _counted(figures: Figures, event: StockCounted) -> None:
    figures.on_hand += event.change


def _safety_stock_set(figures: Figures, event: SafetyStockSet) -> None:
    figures.safety_stock = event.quantity


def _reserved(figures: Figures, event: StockReserved) -> None:
    figures.reserved += event.quantity


def _released(figures: Figures, event: ReservationReleased | ReservationLost) -> None:
    figures.reserved -= event.quantity


def _shipped(figures: Figures, event: StockShipped) -> None:
    figures.on_hand -= event.quantity
    figures.reserved -= event.quantity


def _shortfall(figures: Figures, event: ShortfallRecorded) -> None:
    figures.shortfall = event.quantity


def _queued(figures: Figures, event: BackorderQueued) -> None:
    figures.queued += event.quantity


def _served(figures: Figures, event: BackorderServed) -> None:
    figures.queued -= event.quantity
    figures.reserved += event.quantity


def _withdrawn(figures: Figures, event: BackorderWithdrawn) -> None:
    figures.queued -= event.quantity


CHANGES: Final[Mapping[type[Event], Callable[[Any, Any], None]]] = {
    StockReceived: _received,
    ReceiptExpected: _receipt_expected,
    ExpectedReceiptCancelled: _receipt_cancelled,
    StockAdjusted: _adjusted,
    StockCounted: _counted,
    SafetyStockSet: _safety_stock_set,
    StockReserved: _reserved,
    ReservationReleased: _released,
    ReservationLost: _released,
    StockShipped: _shipped,
    ShortfallRecorded: _shortfall,
    BackorderQueued: _queued,
    BackorderServed: _served,
    BackorderWithdrawn: _withdrawn,
}
"""What each event of a stock item does to its figures."""
