"""What a stock item's events add up to, and the one mutator that adds them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from immutables import Map

from domain.base.messages import Event
from domain.base.quantity import ZERO
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
    StockCountIgnored,
    StockReceived,
    StockReserved,
    StockShipped,
)

KEPT_MOVEMENTS: Final = 256
"""How many of the newest movements are kept one by one, for counts with an earlier `as_of`."""
KEPT_MINUTES: Final = 2_000
"""Of how many minutes in which older ones fell the sums are kept: 33 hours at the least."""
FORGOTTEN_AT_ONCE: Final = 100
"""How many minutes beyond these wait to be dropped together, since finding them takes long."""
KEPT_SOURCES: Final = 100
"""Of how many sources of counts the latest is remembered."""
MINUTE: Final = timedelta(minutes=1)


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
    `counted_until` the latest `as_of` of all.
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
    return _remember(state._replace(sellable=state.sellable + change), Movement(at, change))


def _remember(state: StockItem, movement: Movement) -> StockItem:
    movements = (*state.movements, movement)
    if len(movements) <= KEPT_MOVEMENTS:
        return state._replace(movements=movements)
    oldest = movements[0]
    ended = _minute_end(oldest.at)
    minutes = state.minutes.set(ended, state.minutes.get(ended, ZERO) + oldest.change)
    if len(minutes) < KEPT_MINUTES + FORGOTTEN_AT_ONCE:
        return state._replace(movements=movements[1:], minutes=minutes)
    ends = sorted(minutes)
    dropped = ends[-KEPT_MINUTES - 1]
    return state._replace(
        movements=movements[1:],
        minutes=Map({ended: minutes[ended] for ended in ends[-KEPT_MINUTES:]}),
        forgotten=dropped if state.forgotten is None else max(state.forgotten, dropped),
    )


def _minute_end(instant: datetime) -> datetime:
    """Return the end of a minute that holds its end and not its start."""
    start = instant.replace(second=0, microsecond=0)
    return start if start == instant else start + MINUTE


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
        counts=_remember_source(state.counts, event),
        counted_until=until,
    )


def _remember_source(
    counts: Map[str, tuple[datetime, int]], event: StockCounted
) -> Map[str, tuple[datetime, int]]:
    if event.source not in counts and len(counts) >= KEPT_SOURCES:
        counts = counts.delete(min(counts, key=lambda source: (counts[source], source)))
    return counts.set(event.source, (event.as_of, event.sequence))


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
    return _remember(left, Movement(event.at, -event.quantity))


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
    StockReserved: _reserved,
    ReservationReleased: _less_reserved,
    ReservationLost: _less_reserved,
    StockShipped: _shipped,
    ShortfallRecorded: _shortfall_recorded,
    BackorderQueued: _queued,
    BackorderServed: _served,
    BackorderWithdrawn: _withdrawn,
}
