"""What may happen to a stock item: pure functions of its state that return events.

Facts (receipts, adjustments, counts) are never refused. Reserving depends on the rule
`free >= wanted`, not on a version, so fifty small reservations are fifty acceptances.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.messages import Event
from domain.base.quantity import ZERO, plain
from domain.stock.draft import Draft
from domain.stock.errors import (
    InsufficientStock,
    NotEnoughReserved,
    ReservationExists,
    TooManyExpectedReceipts,
    UnknownExpectedReceipt,
    UnknownReservation,
)
from domain.stock.events import (
    Condition,
    DemandForecastSet,
    ExpectedReceiptCancelled,
    ReceiptExpected,
    ReservationReleased,
    SafetyStockSet,
    StockAdjusted,
    StockReceived,
    StockReserved,
    StockShipped,
)
from domain.stock.serving import ReservationOf, serve
from domain.stock.shortfall import losses
from domain.stock.state import StockItem

MOST_EXPECTED: Final = 1_000
"""Receipts that may be expected of an item at a location at once."""


def receive(
    state: StockItem,
    *,
    quantity: Decimal,
    condition: Condition,
    reference: str | None,
    expected_id: str | None,
    at: datetime,
    reservation_of: ReservationOf,
) -> tuple[Event, ...]:
    """Take goods in, close the shortfall they cover, and serve the queue from the rest.

    An expected receipt falls by what arrived. An `expected_id` that nobody knows is recorded
    and changes nothing else: the goods are there.
    """
    draft = Draft(state)
    draft.add((StockReceived(quantity, condition, reference, expected_id, at),))
    draft.add(losses(draft.state, "receipt"))
    draft.add(serve(draft.state, reservation_of))
    return tuple(draft.events)


def adjust(
    state: StockItem,
    *,
    change: Decimal,
    condition: Condition,
    reason: str,
    reference: str | None,
    at: datetime,
    reservation_of: ReservationOf,
) -> tuple[Event, ...]:
    """Record that on hand changed; a fall may lose reservations, a rise serves the queue."""
    draft = Draft(state)
    draft.add((StockAdjusted(change, condition, reason, reference, at),))
    draft.add(losses(draft.state, reason))
    draft.add(serve(draft.state, reservation_of))
    return tuple(draft.events)


def set_safety_stock(
    state: StockItem, quantity: Decimal, *, reservation_of: ReservationOf
) -> tuple[Event, ...]:
    """Keep `quantity` from being promised; less than before serves the queue."""
    if quantity == state.safety_stock:
        return ()
    draft = Draft(state)
    draft.add((SafetyStockSet(quantity),))
    draft.add(serve(draft.state, reservation_of))
    return tuple(draft.events)


def expect(
    state: StockItem,
    expected_id: str,
    *,
    quantity: Decimal,
    due: datetime,
    reference: str | None,
) -> tuple[Event, ...]:
    """Announce goods, or replace the announcement of the same id; nothing if it says the same.

    Raises:
        TooManyExpectedReceipts: MOST_EXPECTED others are open; `limit` says so.
    """
    known = state.expected.get(expected_id)
    if known is not None and known == (quantity, due):
        return ()
    if known is None and len(state.expected) >= MOST_EXPECTED:
        raise TooManyExpectedReceipts(
            f"{MOST_EXPECTED} receipts are expected already; strike those that will not come",
            field="expected_id",
            limit=MOST_EXPECTED,
        )
    return (ReceiptExpected(expected_id, quantity, due, reference),)


def set_demand_forecast(state: StockItem, units_per_day: Decimal) -> tuple[Event, ...]:
    """Set what is forecast to be asked for a day; nothing happens where it stays the same."""
    if units_per_day == state.daily_demand:
        return ()
    return (DemandForecastSet(plain(units_per_day)),)


def cancel_expected(state: StockItem, expected_id: str, *, reason: str) -> tuple[Event, ...]:
    """Strike an announcement.

    Raises:
        UnknownExpectedReceipt: none of that id is open.
    """
    if expected_id not in state.expected:
        raise UnknownExpectedReceipt(f"No receipt {expected_id!r} is expected", field="expected_id")
    return (ExpectedReceiptCancelled(expected_id, reason),)


def reserve(
    state: StockItem,
    reservation_id: str,
    *,
    order: str,
    line_id: str,
    quantity: Decimal,
    priority: int,
    promise: datetime | None,
    own: Decimal = ZERO,
) -> tuple[StockReserved]:
    """Hold `quantity`; queued demand and safety stock are not available to it.

    `own` is what other reservations of the same owner hold, which the same append releases:
    it goes over whoever waits and whatever is kept back.

    Raises:
        InsufficientStock: less is free; its member `available` says how much is.
        ReservationExists: a reservation of that id is held already.
    """
    free = state.free + own
    if quantity > free:
        raise InsufficientStock(
            f"{plain(free)} are free, {quantity} are wanted", available=str(plain(free))
        )
    if reservation_id in state.reservations:
        raise ReservationExists(f"{reservation_id!r} is reserved already", field="reservation_id")
    return (StockReserved(reservation_id, order, line_id, quantity, priority, promise),)


def release(
    state: StockItem, reservation_id: str, *, reason: str, quantity: Decimal | None = None
) -> tuple[Event, ...]:
    """Free a reservation, or `quantity` of it; nothing where it is free already.

    What becomes free is the queue's first: `serve` it before the append.
    """
    held = state.reservations.get(reservation_id)
    if held is None:
        return ()
    part = held.quantity if quantity is None else min(quantity, held.quantity)
    return (ReservationReleased(reservation_id, plain(part), reason),)


def ship(
    state: StockItem, reservation_id: str, *, quantity: Decimal, at: datetime
) -> tuple[StockShipped]:
    """Let reserved goods leave: on hand and reserved fall together.

    Raises:
        UnknownReservation: no such reservation is held.
        NotEnoughReserved: it holds less than `quantity`.
    """
    held = state.reservations.get(reservation_id)
    if held is None:
        raise UnknownReservation(
            f"No reservation {reservation_id!r} is held here", field="reservation_id"
        )
    if quantity > held.quantity:
        raise NotEnoughReserved(
            f"Reservation {reservation_id!r} holds {held.quantity}, not {quantity}",
            field="quantity",
            reserved=str(plain(held.quantity)),
        )
    return (StockShipped(reservation_id, quantity, at),)
