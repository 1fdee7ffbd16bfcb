"""What is done to stock items when an order gives reservations and backorders back."""

from collections.abc import Iterable

from domain.base.messages import Event
from domain.base.quantity import plain
from domain.base.streams import StreamId
from domain.handlers.order_streams import stock_of
from domain.handlers.stock_work import StockWork
from domain.order.events import AllocationReleased
from domain.order.rerouting_events import BackorderReleased
from domain.order.state import Order
from domain.stock.decider import release
from domain.stock.serving import withdraw


def streams_given_back(order: Order, events: Iterable[Event]) -> tuple[StreamId, ...]:
    """Return the stock items whose reservations or backorders an order's events give back."""
    return tuple(
        dict.fromkeys(
            stream
            for event in events
            if isinstance(event, AllocationReleased | BackorderReleased)
            for stream, _ in stock_of(order, event.line_id, event.location_id)
        )
    )


def give_back(order: Order, events: Iterable[Event], work: StockWork) -> None:
    """Release and withdraw on the stock items what an order's events give back; a kit by part."""
    for event in events:
        if isinstance(event, AllocationReleased):
            for stream, part in stock_of(order, event.line_id, event.location_id):
                freed = plain(event.quantity * part.per_unit)
                state = work.state(stream)
                work.add(
                    stream,
                    release(state, event.allocation_id, reason=event.reason, quantity=freed),
                )
        elif isinstance(event, BackorderReleased):
            for stream, part in stock_of(order, event.line_id, event.location_id):
                freed = plain(event.quantity * part.per_unit)
                state = work.state(stream)
                work.add(
                    stream,
                    withdraw(state, event.backorder_id, reason=event.reason, quantity=freed),
                )
