"""The queue of backorders: who waits, for which receipts, and who is served first."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.messages import Event
from domain.base.quantity import ONE, ZERO, plain
from domain.stock.events import BackorderQueued, BackorderServed, BackorderWithdrawn
from domain.stock.state import Backorder, StockItem

ReservationOf = Callable[[str], str] | None
"""Gives the id of the reservation that a backorder id becomes; None: nobody is served here."""

MOST_WAITING: Final = 10_000
"""Backorders that may wait for an item at a location at once."""


def has_room(state: StockItem, joining: int) -> bool:
    """Say whether so many more backorders may join the queue."""
    return len(state.queue) + joining <= MOST_WAITING


def queue_backorder(
    state: StockItem,
    backorder_id: str,
    *,
    order: str,
    line_id: str,
    quantity: Decimal,
    priority: int,
    now: datetime,
    step: Decimal = ONE,
) -> tuple[BackorderQueued]:
    """Return the event that puts demand in the queue, with the promise that receipts allow.

    Never refused, since an order may be a fact: ask `has_room` when a queue is chosen.
    """
    promise = promise_for(state, quantity, priority=priority, now=now)
    return (BackorderQueued(backorder_id, order, line_id, quantity, priority, promise, step),)


def promise_for(
    state: StockItem, quantity: Decimal, *, priority: int, now: datetime
) -> datetime | None:
    """Return when goods for a new backorder are due, or None where too few are expected.

    The queue is laid over the expected receipts by due date: a new backorder stands behind
    every one of its own priority or a higher one. An overdue receipt counts as due `now`.
    """
    ahead = sum((q for p, q in state.queued_by_priority.items() if p >= priority), ZERO)
    needed = ahead + quantity - state.servable
    if needed <= 0:
        return now
    for receipt in sorted(state.expected.values(), key=lambda receipt: receipt.due):
        needed -= receipt.quantity
        if needed <= 0:
            return max(receipt.due, now)
    return None


def withdraw(
    state: StockItem, backorder_id: str, *, reason: str, quantity: Decimal | None = None
) -> tuple[Event, ...]:
    """Take a backorder, or `quantity` of it, out of the queue; nothing where it is gone."""
    waiting = state.queue.get(backorder_id)
    if waiting is None:
        return ()
    part = waiting.quantity if quantity is None else min(quantity, waiting.quantity)
    return (BackorderWithdrawn(backorder_id, plain(part), reason),)


def serve(
    state: StockItem, reservation_of: ReservationOf, *, passing_over: str | None = None
) -> tuple[Event, ...]:
    """Give what is not reserved to the queue, in order: high priority first, then age.

    Safety stock is kept from the queue as from new demand: serving is a promise, and safety
    stock is what is kept from being promised. A served backorder keeps its promise and age.

    A backorder gets multiples of its step, or all it waits for. A rest below its step waits
    with it for the next rise: nobody behind overtakes. Without `reservation_of`, where the
    location is suspended, nobody is served. `passing_over` is the stream of an order that
    gets nothing this time, because it was just refused here.
    """
    left = state.servable
    if left <= 0 or not state.queue or reservation_of is None:
        return ()
    events = []
    for backorder_id, waiting in sorted(state.queue.items(), key=_first_to_serve):
        if waiting.order == passing_over:
            continue
        part = waiting.quantity if waiting.quantity <= left else left - left % waiting.step
        if part <= 0:
            break
        events.append(
            BackorderServed(
                backorder_id=backorder_id,
                order=waiting.order,
                line_id=waiting.line_id,
                quantity=plain(part),
                reservation_id=reservation_of(backorder_id),
                priority=waiting.priority,
                promise=waiting.promise,
            )
        )
        left -= part
        if part < waiting.quantity or left <= 0:
            break
    return tuple(events)


def _first_to_serve(entry: tuple[str, Backorder]) -> tuple[int, int]:
    return (-entry[1].priority, entry[1].sequence)
