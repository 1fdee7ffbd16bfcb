"""The one mutator of a stock item: what each event does to it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from immutables import Map

from domain.base.messages import Event
from domain.base.quantity import ZERO
from domain.stock.events import (
    BackorderQueued,
    BackorderServed,
    BackorderWithdrawn,
    Condition,
    DemandForecastSet,
    ExpectedReceiptCancelled,
    ReceiptExpected,
    ReservationLost,
    ReservationReleased,
    SafetyStockSet,
    ShortfallRecorded,
    StockAdjusted,
    StockCounted,
    StockCountIgnored,
    StockReceived,
    StockReserved,
    StockShipped,
)
from domain.stock.remembering import remember, remember_count
from domain.stock.state import Backorder, Expected, Movement, Reservation, StockItem


def evolve(state: StockItem, event: Event) -> StockItem:
    """Return the state after an event; holds no rule.

    Raises:
        TypeError: the event is none of a stock item.
    """
    mutate = _MUTATORS.get(type(event))
    if mutate is None:
        raise TypeError(f"{type(event).__name__} is no event of a stock item")
    return mutate(state, event)


def _moved(state: StockItem, condition: Condition, change: Decimal, at: datetime) -> StockItem:
    if condition == "damaged":
        return state._replace(damaged=state.damaged + change)
    if condition == "quarantine":
        return state._replace(quarantine=state.quarantine + change)
    return remember(state._replace(sellable=state.sellable + change), Movement(at, change))


def _received(state: StockItem, event: StockReceived) -> StockItem:
    state = _moved(state, event.condition, event.quantity, event.at)
    expected = state.expected.get(event.expected_id) if event.expected_id is not None else None
    if expected is None or event.expected_id is None:
        return state
    left = expected.quantity - event.quantity
    if left <= 0:
        return state._replace(expected=state.expected.delete(event.expected_id))
    return state._replace(
        expected=state.expected.set(event.expected_id, Expected(left, expected.due))
    )


def _adjusted(state: StockItem, event: StockAdjusted) -> StockItem:
    return _moved(state, event.condition, event.change, event.at)


def _counted(state: StockItem, event: StockCounted) -> StockItem:
    until = state.counted_until
    until = event.as_of if until is None else max(until, event.as_of)
    return state._replace(
        sellable=state.sellable + event.change,
        movements=tuple(m for m in state.movements if m.at > until),
        minutes=Map({ended: change for ended, change in state.minutes.items() if ended > until}),
        counts=remember_count(state.counts, event),
        counted_until=until,
    )


def _count_ignored(state: StockItem, event: StockCountIgnored) -> StockItem:
    del event
    return state


def _expected(state: StockItem, event: ReceiptExpected) -> StockItem:
    receipt = Expected(event.quantity, event.due)
    return state._replace(expected=state.expected.set(event.expected_id, receipt))


def _expected_cancelled(state: StockItem, event: ExpectedReceiptCancelled) -> StockItem:
    if event.expected_id not in state.expected:
        return state
    return state._replace(expected=state.expected.delete(event.expected_id))


def _safety_stock_set(state: StockItem, event: SafetyStockSet) -> StockItem:
    return state._replace(safety_stock=event.quantity)


def _demand_forecast_set(state: StockItem, event: DemandForecastSet) -> StockItem:
    return state._replace(daily_demand=event.units_per_day)


def _shortfall_recorded(state: StockItem, event: ShortfallRecorded) -> StockItem:
    return state._replace(shortfall=event.quantity)


def _reserved(state: StockItem, event: StockReserved) -> StockItem:
    held = Reservation(
        event.order,
        event.line_id,
        event.quantity,
        event.priority,
        event.promise,
        state.sequence,
    )
    return state._replace(
        reserved=state.reserved + event.quantity,
        reservations=state.reservations.set(event.reservation_id, held),
        sequence=state.sequence + 1,
    )


def _less_reserved(state: StockItem, event: ReservationReleased | ReservationLost) -> StockItem:
    if event.reservation_id not in state.reservations:
        return state
    return state._replace(
        reserved=state.reserved - event.quantity,
        reservations=_less_held(state.reservations, event.reservation_id, event.quantity),
    )


def _less_held(
    reservations: Map[str, Reservation], reservation_id: str, quantity: Decimal
) -> Map[str, Reservation]:
    order, line_id, held, priority, promise, sequence = reservations[reservation_id]
    left = held - quantity
    if left <= 0:
        return reservations.delete(reservation_id)
    rest = Reservation(order, line_id, left, priority, promise, sequence)
    return reservations.set(reservation_id, rest)


def _shipped(state: StockItem, event: StockShipped) -> StockItem:
    if event.reservation_id not in state.reservations:
        return _moved(state, "sellable", -event.quantity, event.at)
    left = state._replace(
        sellable=state.sellable - event.quantity,
        reserved=state.reserved - event.quantity,
        reservations=_less_held(state.reservations, event.reservation_id, event.quantity),
    )
    return remember(left, Movement(event.at, -event.quantity))


def _queued(state: StockItem, event: BackorderQueued) -> StockItem:
    waiting = Backorder(
        event.order,
        event.line_id,
        event.quantity,
        event.priority,
        event.promise,
        state.sequence,
        event.step,
    )
    sums = state.queued_by_priority
    return state._replace(
        queue=state.queue.set(event.backorder_id, waiting),
        queued=state.queued + event.quantity,
        queued_by_priority=sums.set(
            event.priority, sums.get(event.priority, ZERO) + event.quantity
        ),
        sequence=state.sequence + 1,
    )


def _less_queued(state: StockItem, backorder_id: str, quantity: Decimal) -> StockItem:
    waiting = state.queue.get(backorder_id)
    if waiting is None:
        return state
    left = waiting.quantity - quantity
    sums = state.queued_by_priority
    rest = sums[waiting.priority] - quantity
    return state._replace(
        queue=state.queue.set(backorder_id, waiting._replace(quantity=left))
        if left > 0
        else state.queue.delete(backorder_id),
        queued=state.queued - quantity,
        queued_by_priority=sums.set(waiting.priority, rest)
        if rest
        else sums.delete(waiting.priority),
    )


def _served(state: StockItem, event: BackorderServed) -> StockItem:
    waiting = state.queue.get(event.backorder_id)
    age = state.sequence if waiting is None else waiting.sequence
    state = _less_queued(state, event.backorder_id, event.quantity)
    held = Reservation(
        event.order, event.line_id, event.quantity, event.priority, event.promise, age
    )
    return state._replace(
        reserved=state.reserved + event.quantity,
        reservations=state.reservations.set(event.reservation_id, held),
    )


def _withdrawn(state: StockItem, event: BackorderWithdrawn) -> StockItem:
    return _less_queued(state, event.backorder_id, event.quantity)


_MUTATORS: Final[dict[type[Event], Callable[[StockItem, Any], StockItem]]] = {
    StockReceived: _received,
    ReceiptExpected: _expected,
    ExpectedReceiptCancelled: _expected_cancelled,
    StockAdjusted: _adjusted,
    StockCounted: _counted,
    StockCountIgnored: _count_ignored,
    SafetyStockSet: _safety_stock_set,
    DemandForecastSet: _demand_forecast_set,
    StockReserved: _reserved,
    ReservationReleased: _less_reserved,
    ReservationLost: _less_reserved,
    StockShipped: _shipped,
    ShortfallRecorded: _shortfall_recorded,
    BackorderQueued: _queued,
    BackorderServed: _served,
    BackorderWithdrawn: _withdrawn,
}
