"""Cancelling: what is freed serves whoever waits for it, in the same append."""

from collections.abc import Iterable
from typing import Any

from domain.base.handling import Decision, Handler, Need, View
from domain.base.messages import Event
from domain.base.quantity import ZERO, as_number, plain
from domain.base.streams import StreamId, subject_stream
from domain.handlers.capacity_work import capacity_events
from domain.handlers.order_streams import answer, find_order, stock_of, stream_of
from domain.handlers.stock_work import StockWork
from domain.order.commands import CancelOrder
from domain.order.decider import cancel
from domain.order.events import CancelledPart, LinePart
from domain.order.groups import person_of
from domain.order.state import Order
from domain.stock.decider import release
from domain.stock.serving import withdraw
from domain.subject.decider import check_not_erased


class CancelOrderHandler(Handler[CancelOrder]):
    """Cancels what has not shipped, whole or by line and quantity."""

    def streams(self, command: CancelOrder) -> Iterable[StreamId]:
        """Read the order; its stock items are known from it."""
        return (stream_of(command),)

    def decide(self, command: CancelOrder, plan: Any, view: View) -> Decision | Need:
        """Cancel, release and withdraw on the stock items, and serve their queues.

        Raises:
            UnknownOrder: it was never placed.
            UnknownLine: it has no such line.
            NothingToCancel: less can still be cancelled.
            SubjectIsErased: there is a note, about a person who was erased.
        """
        del plan
        stream = stream_of(command)
        order = find_order(command, view)
        cancelled = cancel(order, command.lines, reason=command.reason, note=command.note)
        subject = _subject(command, order)
        touched = [
            (part, stock, each)
            for part in cancelled.parts
            for stock, each in _stock_of(order, part)
        ]
        persons = () if subject is None else (subject_stream(subject),)
        missing = view.missing((*persons, *(stock for _, stock, _ in touched)))
        if missing:
            return Need(missing)
        for person in persons:
            check_not_erased(view.state(person))
        work = StockWork(view, command, reason=command.reason)
        for part, stock, each in touched:
            _give_back(part, stock, each, work, command.reason)
        for stock in dict.fromkeys(stock for _, stock, _ in touched):
            work.serve(stock)
        followed = work.order_events()
        if isinstance(followed, Need):
            return followed
        own: list[Event] = [cancelled, *followed.pop(stream, [])]
        days = capacity_events({stream: own, **followed}, view)
        if isinstance(days, Need):
            return days
        outcome = {
            **answer(command, order, own),
            "cancelled": as_number(sum((part.quantity for part in cancelled.parts), ZERO)),
        }
        events = {stream: own, **followed, **work.events(), **days}
        return Decision(events, outcome, subject=subject)


def _subject(command: CancelOrder, order: Order) -> str | None:
    """Return whom a note is about, None without a note."""
    if command.note is None:
        return None
    return person_of(order.channel_id, order.external_id, order.customer_id)


def _stock_of(order: Order, part: CancelledPart) -> Iterable[tuple[StreamId, LinePart]]:
    if part.allocation_id is not None:
        location_id = order.allocations[part.allocation_id].location_id
    elif part.backorder_id is not None:
        location_id = order.backorders[part.backorder_id].location_id
    else:
        return ()
    return stock_of(order, part.line_id, location_id)


def _give_back(
    part: CancelledPart, stream: StreamId, each: LinePart, work: StockWork, reason: str
) -> None:
    quantity = plain(part.quantity * each.per_unit)
    state = work.state(stream)
    if part.allocation_id is not None:
        work.add(stream, release(state, part.allocation_id, reason=reason, quantity=quantity))
    elif part.backorder_id is not None:
        work.add(stream, withdraw(state, part.backorder_id, reason=reason, quantity=quantity))
