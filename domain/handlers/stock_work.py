"""What a change of stock means for the orders that wait for it or lose it.

A served backorder fills the order's backorder; a lost reservation loses the order's
allocation. Where the line is a kit, losing one component loses whole kits: what the kit
then no longer needs of its other components is released, and their queues are served.
A basket hold is told what it loses, and keeps the rest: it has no allocations to keep whole.
A suspended location serves no queue.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from domain.base.handling import Need, View
from domain.base.messages import Command, Event
from domain.base.quantity import ZERO, plain
from domain.base.streams import (
    StreamId,
    category_of,
    location_stream,
    stock_key,
    stock_stream,
)
from domain.hold.events import HeldStockLost
from domain.hold.state import Hold
from domain.location.decider import Location
from domain.order.events import AllocationLost, BackorderFilled, LinePart
from domain.order.state import Order
from domain.stock.decider import release
from domain.stock.draft import Draft
from domain.stock.events import BackorderServed, ReservationLost
from domain.stock.serving import ReservationOf, serve
from domain.stock.state import StockItem


class StockWork:
    """Stock items that one command changes, and what follows for orders, as one append.

    Add what was decided stream by stream, then ask for `order_events` once; it answers Need
    while order or component streams are not loaded.
    """

    def __init__(self, view: View, command: Command, *, reason: str) -> None:
        """Start on the states of `view`; `reason` is why an order loses stock, if one does."""
        self._view = view
        self._command = command
        self._reason = reason
        self._drafts: dict[StreamId, Draft] = {}
        self._served = 0

    def state(self, stream: StreamId) -> StockItem:
        """Return a stock item as it stands after what was added."""
        return self._draft(stream).state

    def add(self, stream: StreamId, events: Iterable[Event]) -> None:
        """Add events of a stock item."""
        self._draft(stream).add(events)

    def serve(self, stream: StreamId, *, passing_over: StreamId | None = None) -> None:
        """Give what became free at a stock item to its queue, but for one order's backorders."""
        if self.state(stream).queue:
            reservation_of = self.reservation_of(stock_key(stream)[1])
            served = serve(self.state(stream), reservation_of, passing_over=passing_over)
            self.add(stream, served)

    def has(self, stream: StreamId) -> bool:
        """Say whether anything was added to a stock item."""
        return stream in self._drafts

    def reservation_of(self, location_id: str) -> ReservationOf:
        """Return what names the reservations that backorders become; None where suspended.

        A suspended location takes goods in and serves nobody. Resuming it serves nobody by
        itself either: the next rise there does, from all that came meanwhile.

        Raises:
            NotLoaded: the location is not loaded; the writer then loads it.
        """
        location: Location = self._view.state(location_stream(location_id))
        return None if location.suspended else self._next_reservation

    def _next_reservation(self, backorder_id: str) -> str:
        self._served += 1
        return self._command.new_id("reservation", f"{backorder_id}/{self._served}")

    def events(self) -> dict[StreamId, Sequence[Event]]:
        """Return the events of all stock items that have any."""
        return {stream: draft.events for stream, draft in self._drafts.items() if draft.events}

    def order_events(self) -> dict[StreamId, list[Event]] | Need:
        """Return what follows for orders, releasing and serving what kits no longer need."""
        lost = self._losses()
        held = self._losses_of_holds()
        missing = self._view.missing(
            (*(event.order for event in lost.values()), *(event.order for _, event in held))
        )
        if missing:
            return Need(missing)
        parts = [stream for event in lost.values() for stream, _ in self._parts(event)]
        missing = self._view.missing(parts)
        if missing:
            return Need(missing)
        events: dict[StreamId, list[Event]] = {}
        for event in lost.values():
            events.setdefault(event.order, []).append(self._allocation_lost(event))
        for stream, event in held:
            if self.is_basket(event.order, event.reservation_id):
                events.setdefault(event.order, []).append(self._held_stock_lost(stream, event))
        for stream in dict.fromkeys(parts):
            self.serve(stream)
        served = self._fillings()
        missing = self._view.missing(event.order for _, event in served)
        if missing:
            return Need(missing)
        for stream, filling in served:
            events.setdefault(filling.order, []).append(self._backorder_filled(stream, filling))
        return events

    def is_basket(self, owner: StreamId, reservation_id: str) -> bool:
        """Say whether a reservation belongs to a basket hold, and not to a display or the like.

        Raises:
            NotLoaded: the hold is not loaded; the writer then loads it.
        """
        if category_of(owner) != "hold":
            return False
        hold: Hold = self._view.state(owner)
        return reservation_id in hold.reservations

    def _draft(self, stream: StreamId) -> Draft:
        if stream not in self._drafts:
            self._drafts[stream] = Draft(self._view.state(stream))
        return self._drafts[stream]

    def _losses(self) -> dict[str, ReservationLost]:
        """Return one loss per reservation of an order, by reservation id."""
        return {
            event.reservation_id: event
            for draft in self._drafts.values()
            for event in draft.events
            if isinstance(event, ReservationLost) and category_of(event.order) == "order"
        }

    def _losses_of_holds(self) -> list[tuple[StreamId, ReservationLost]]:
        return [
            (stream, event)
            for stream, draft in self._drafts.items()
            for event in draft.events
            if isinstance(event, ReservationLost) and category_of(event.order) == "hold"
        ]

    def _held_stock_lost(self, stream: StreamId, lost: ReservationLost) -> HeldStockLost:
        item_id, location_id = stock_key(stream)
        return HeldStockLost(
            reservation_id=lost.reservation_id,
            line_id=lost.line_id,
            item_id=item_id,
            location_id=location_id,
            quantity=lost.quantity,
            reason=self._reason,
        )

    def _fillings(self) -> list[tuple[StreamId, BackorderServed]]:
        return [
            (stream, event)
            for stream, draft in self._drafts.items()
            for event in draft.events
            if isinstance(event, BackorderServed) and category_of(event.order) == "order"
        ]

    def _parts(self, lost: ReservationLost) -> list[tuple[StreamId, LinePart]]:
        """Return the stock streams that a lost allocation is reserved on, loaded or not."""
        order: Order = self._view.state(lost.order)
        location_id = order.allocations[lost.reservation_id].location_id
        parts = order.lines[lost.line_id].parts
        return [(stock_stream(part.item_id, location_id), part) for part in parts]

    def _allocation_lost(self, lost: ReservationLost) -> AllocationLost:
        """Return what the order loses; whole steps remain, the rest of each part is released."""
        order: Order = self._view.state(lost.order)
        allocation = order.allocations[lost.reservation_id]
        step = order.lines[lost.line_id].step
        parts = self._parts(lost)
        remaining = step * min(
            self._held(stream, lost.reservation_id) // (part.per_unit * step)
            for stream, part in parts
        )
        for stream, part in parts:
            spare = self._held(stream, lost.reservation_id) - remaining * part.per_unit
            if spare > 0:
                freed = release(
                    self.state(stream), lost.reservation_id, reason=self._reason, quantity=spare
                )
                self.add(stream, freed)
        return AllocationLost(
            allocation_id=lost.reservation_id,
            line_id=lost.line_id,
            location_id=allocation.location_id,
            quantity=plain(allocation.quantity - remaining),
            reason=self._reason,
        )

    def _held(self, stream: StreamId, reservation_id: str) -> Decimal:
        held = self.state(stream).reservations.get(reservation_id)
        return ZERO if held is None else held.quantity

    def _backorder_filled(self, stream: StreamId, served: BackorderServed) -> BackorderFilled:
        order: Order = self._view.state(served.order)
        return BackorderFilled(
            backorder_id=served.backorder_id,
            allocation_id=served.reservation_id,
            line_id=served.line_id,
            group_id=order.backorders[served.backorder_id].group_id,
            location_id=stock_key(stream)[1],
            quantity=served.quantity,
        )
