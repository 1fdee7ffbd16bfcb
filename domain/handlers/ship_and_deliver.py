"""Shipping an allocation and delivering what was shipped, whole or in part."""

from collections.abc import Iterable
from typing import Any

from domain.base.handling import Decision, Handler, Need, View
from domain.base.messages import Event
from domain.base.quantity import plain
from domain.base.streams import StreamId
from domain.handlers.order_streams import answer, find_order, stock_of, stream_of
from domain.order.commands import DeliverAllocation, ShipAllocation
from domain.order.decider import deliver, ship
from domain.stock import decider as stock


class ShipAllocationHandler(Handler[ShipAllocation]):
    """Lets an allocation leave: the order's goods and the location's stock fall together."""

    def streams(self, command: ShipAllocation) -> Iterable[StreamId]:
        """Read the order; its stock items are known from it."""
        return (stream_of(command),)

    def decide(self, command: ShipAllocation, plan: Any, view: View) -> Decision | Need:
        """Ship from the order and from the stock item of each part.

        Raises:
            UnknownOrder: it was never placed.
            UnknownAllocation: it has no such allocation.
            NotEnoughAllocated: the allocation holds less.
        """
        del plan
        order = find_order(command, view)
        shipped = ship(
            order,
            command.allocation_id,
            quantity=command.quantity,
            shipment_id=command.new_id("shipment", 0),
            tracking=command.tracking,
        )
        parts = stock_of(order, shipped.line_id, shipped.location_id)
        missing = view.missing(stream for stream, _ in parts)
        if missing:
            return Need(missing)
        events: dict[StreamId, list[Event]] = {stream_of(command): [shipped]}
        for stream, part in parts:
            quantity = plain(shipped.quantity * part.per_unit)
            events[stream] = [
                *stock.ship(
                    view.state(stream), command.allocation_id, quantity=quantity, at=command.now
                )
            ]
        outcome = {**answer(command, order, [shipped]), "shipment_id": shipped.shipment_id}
        return Decision(events, outcome)


class DeliverAllocationHandler(Handler[DeliverAllocation]):
    """Records that what was shipped arrived."""

    def streams(self, command: DeliverAllocation) -> Iterable[StreamId]:
        """Read the order alone."""
        return (stream_of(command),)

    def decide(self, command: DeliverAllocation, plan: Any, view: View) -> Decision:
        """Deliver what is on its way.

        Raises:
            UnknownOrder: it was never placed.
            UnknownAllocation: it has no such allocation.
            NotEnoughAllocated: less is on its way.
        """
        del plan
        order = find_order(command, view)
        delivered = deliver(order, command.allocation_id, quantity=command.quantity)
        return Decision({stream_of(command): [delivered]}, answer(command, order, [delivered]))
