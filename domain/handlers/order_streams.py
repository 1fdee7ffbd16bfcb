"""What the handlers of commands on one order share: finding it, and saying how it stands."""

from collections.abc import Iterable, Mapping, Sequence

from domain.base.handling import Json, View
from domain.base.messages import Event
from domain.base.quantity import as_number
from domain.base.streams import StreamId, order_stream, stock_stream
from domain.order.commands import OrderCommand
from domain.order.decider import check_known
from domain.order.events import LinePart
from domain.order.evolve import evolve
from domain.order.state import Order


def stream_of(command: OrderCommand) -> StreamId:
    """Return the stream of the order that a command names."""
    return order_stream(command.channel_id, command.external_id)


def find_order(command: OrderCommand, view: View) -> Order:
    """Return the order that a command names.

    Raises:
        UnknownOrder: it was never placed.
    """
    order: Order = view.state(stream_of(command))
    check_known(order, command.channel_id, command.external_id)
    return order


def stock_of(order: Order, line_id: str, location_id: str) -> Sequence[tuple[StreamId, LinePart]]:
    """Return the stock streams of a line's parts at a location."""
    parts = order.lines[line_id].parts
    return [(stock_stream(part.item_id, location_id), part) for part in parts]


def answer(command: OrderCommand, order: Order, events: Iterable[Event]) -> Mapping[str, Json]:
    """Return how the order stands after events: its status, and each line by stage."""
    for event in events:
        order = evolve(order, event)
    return {
        "order_id": f"{command.channel_id}:{command.external_id}",
        "status": order.status,
        "lines": [
            {
                "line_id": line_id,
                "ordered": as_number(one.ordered),
                "unassigned": as_number(one.unassigned),
                "backordered": as_number(one.backordered),
                "reserved": as_number(one.reserved),
                "shipped": as_number(one.shipped),
                "delivered": as_number(one.delivered),
                "cancelled": as_number(one.cancelled),
            }
            for line_id, one in order.stages().items()
        ],
    }
