"""What commands on a basket hold share: what is held of it, giving it back, taking it over."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from domain.base.handling import Need, View
from domain.base.messages import Command, Event
from domain.base.quantity import ZERO
from domain.base.streams import StreamId, hold_stream
from domain.handlers.capacity_work import capacity_events
from domain.handlers.stock_work import StockWork
from domain.hold.events import HoldPlaced
from domain.hold.state import Hold
from domain.stock.decider import release
from domain.stock.events import StockReserved


def stock_streams(hold: Hold) -> tuple[StreamId, ...]:
    """Return the stock items that a hold reserved something on, each once."""
    return tuple(dict.fromkeys(stream for stream, _, _ in hold.cells()))


def held_of(hold: Hold, view: View) -> dict[StreamId, Decimal]:
    """Return what a hold has reserved now, by stock stream: loaded stock items say so."""
    held: dict[StreamId, Decimal] = {}
    for stream, reservation_id, _ in hold.cells():
        one = view.state(stream).reservations.get(reservation_id)
        if one is not None:
            held[stream] = held.get(stream, ZERO) + one.quantity
    return held


def give_back(hold: Hold, work: StockWork, *, reason: str) -> None:
    """Release all that a hold has reserved; nobody is served from it yet."""
    for stream, reservation_id, _ in hold.cells():
        work.add(stream, release(work.state(stream), reservation_id, reason=reason))


def end(
    hold: Hold, ended: Sequence[Event], command: Command, view: View, *, reason: str
) -> dict[StreamId, Sequence[Event]] | Need:
    """Return the events of a hold that ends: its stock is free, and serves whoever waits."""
    missing = view.missing(stock_streams(hold))
    if missing:
        return Need(missing)
    work = StockWork(view, command, reason=reason)
    give_back(hold, work, reason=reason)
    for stream in stock_streams(hold):
        work.serve(stream)
    followed = work.order_events()
    if isinstance(followed, Need):
        return followed
    days = capacity_events(followed, view)
    if isinstance(days, Need):
        return days
    own = hold_stream(hold.channel_id, hold.hold_id)
    return {own: ended, **work.events(), **followed, **days}


def take_over(
    hold: Hold,
    order: StreamId,
    stock: Mapping[StreamId, Sequence[Event]],
    command: Command,
    view: View,
) -> dict[StreamId, Sequence[Event]] | Need:
    """Return the events by which an order's own reservations replace a hold's.

    `stock` is what the order does to stock items. What the hold had and the order leaves is
    for those who wait already; whatever the order itself has to wait for queues behind that.
    """
    reason = f"placed as {order}"
    work = StockWork(view, command, reason=reason)
    give_back(hold, work, reason=reason)
    for stream, events in stock.items():
        work.add(stream, _reserving(events))
    for stream in stock_streams(hold):
        work.serve(stream)
    followed = work.order_events()
    if isinstance(followed, Need):
        return followed
    for stream, events in stock.items():
        work.add(stream, [event for event in events if not isinstance(event, StockReserved)])
    placed = hold_stream(hold.channel_id, hold.hold_id)
    return {placed: [HoldPlaced(order)], **work.events(), **followed}


def _reserving(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, StockReserved)]
