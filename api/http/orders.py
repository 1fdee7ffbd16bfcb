"""Orders: place, look up, cancel, ship, deliver."""

from datetime import datetime
from typing import Any, Final

from fastapi import Depends
from pydantic import BaseModel

from api.http.access import Anyone, Principal, administrator
from api.http.faults import build
from api.http.folding import folded
from api.http.moments import Asked, Moment
from api.http.money import MoneyView
from api.http.numbers import Number
from api.http.order_bodies import (
    CancellationBody,
    DeliveryBody,
    OrderBody,
    ShipmentBody,
    order_command,
)
from api.http.order_ids import order_id as order_id_of
from api.http.order_ids import split_order_id
from api.http.order_shapes import OrderView, StagesView, TotalsView
from api.http.order_views import order_view
from api.http.routing import router
from api.http.sending import Accepted, Posting, Sender
from api.http.services import Services, Wired
from domain.base.streams import order_stream
from domain.order.commands import CancelOrder, DeliverAllocation, OrderCommand, ShipAllocation
from domain.order.errors import UnknownOrder
from domain.order.status import OrderStatus
from eventstore.recorded import RecordedEvent

routes: Final = router("orders")


class PlacedAllocation(BaseModel):
    """Units reserved at a location."""

    allocation_id: str
    group_id: str
    location_id: str
    quantity: Number


class PlacedBackorder(BaseModel):
    """Units that wait for goods at a location."""

    backorder_id: str
    group_id: str
    location_id: str
    quantity: Number


class PlacedLine(BaseModel):
    """What became of a line; `unassigned` was neither found nor queued."""

    line_id: str
    sku: str
    allocated: list[PlacedAllocation]
    backordered: list[PlacedBackorder]
    unassigned: Number


class PlacedPromise(BaseModel):
    """Until when a delivery group leaves and arrives; null where nothing can be said yet."""

    group_id: str
    ship_by: datetime | None
    deliver_by: datetime | None


class OrderPlacedAnswer(Accepted):
    """The order is taken, and its goods are reserved or queued as said."""

    id: str
    channel_id: str
    external_id: str
    status: OrderStatus
    lines: list[PlacedLine]
    promises: list[PlacedPromise]
    totals: TotalsView


class ChangedLine(StagesView):
    """How far a line's units have come."""

    line_id: str


class OrderChanged(Accepted):
    """The order was changed, and now stands like this."""

    id: str
    status: OrderStatus
    lines: list[ChangedLine]


class OrderCancelled(OrderChanged):
    """Units were cancelled, over all lines."""

    cancelled: Number


class OrderShipped(OrderChanged):
    """Units left their location in one parcel."""

    shipment_id: str


@routes.post("/orders", status_code=201)
def place_order(body: OrderBody, sender: Posting) -> OrderPlacedAnswer:
    """Take an order: reserve what stock covers, refuse or queue the rest as the channel says."""
    sender.principal.must_see_channel(body.channel_id)
    answer = sender.do(order_command(body, sender.stamp()))
    outcome: dict[str, Any] = dict(answer.outcome)
    identity = order_id_of(body.channel_id, body.external_id)
    sender.response.headers["Location"] = f"/v1/orders/{identity}"
    totals = outcome["totals"]
    return OrderPlacedAnswer(
        id=identity,
        channel_id=body.channel_id,
        external_id=body.external_id,
        status=outcome["status"],
        lines=outcome["lines"],
        promises=outcome["promises"],
        totals=TotalsView(
            **{
                name: MoneyView(amount=totals[name], currency=totals["currency"])
                for name in TotalsView.model_fields
            }
        ),
        position=sender.services.position_text(answer.position),
    )


@routes.get("/orders/{order_id}")
def get_order(order_id: str, services: Wired, principal: Anyone, moment: Asked) -> OrderView:
    """Return an order straight from the log, as it is now or as of a moment."""
    events = events_of(order_id, services, principal, moment)
    stream = events[0].stream
    return order_view(folded(stream, events), events, moment.as_of(services, events))


@routes.post("/orders/{order_id}/cancellations")
def cancel_order(order_id: str, body: CancellationBody, sender: Posting) -> OrderCancelled:
    """Cancel lines, or the whole order, as far as nothing has shipped."""
    said = {"lines": body.lines, "reason": body.reason, "note": body.note}
    fields = change_order(CancelOrder, order_id, sender, **said)
    return OrderCancelled(**fields)


@routes.post("/orders/{order_id}/shipments", dependencies=[Depends(administrator)])
def ship_allocation(order_id: str, body: ShipmentBody, sender: Posting) -> OrderShipped:
    """Record that an allocation, or a part of it, left its location."""
    fields = change_order(
        ShipAllocation,
        order_id,
        sender,
        allocation_id=body.allocation_id,
        quantity=body.quantity,
        tracking=body.tracking,
    )
    return OrderShipped(**fields)


@routes.post("/orders/{order_id}/deliveries", dependencies=[Depends(administrator)])
def deliver_allocation(order_id: str, body: DeliveryBody, sender: Posting) -> OrderChanged:
    """Record that a shipped allocation, or a part of it, reached the customer."""
    fields = change_order(
        DeliverAllocation,
        order_id,
        sender,
        allocation_id=body.allocation_id,
        quantity=body.quantity,
    )
    return OrderChanged(**fields)


def events_of(
    order_id: str, services: Services, principal: Principal, moment: Moment
) -> list[RecordedEvent]:
    """Return an order's events as of a moment.

    Raises:
        UnknownOrder: there is none, or none yet, or it belongs to somebody else's channel.
    """
    channel_id, external_id = own_order(order_id, principal)
    events = moment.events(services, order_stream(channel_id, external_id))
    if not events:
        raise unknown_order(order_id)
    return events


def own_order(order_id: str, principal: Principal) -> tuple[str, str]:
    """Return (channel id, external id) of an order that the principal may see, if it exists.

    Raises:
        UnknownOrder: it belongs to somebody else's channel.
    """
    channel_id, external_id = split_order_id(order_id)
    if not principal.sees_channel(channel_id):
        raise unknown_order(order_id)
    return channel_id, external_id


def unknown_order(order_id: str) -> UnknownOrder:
    """Return the refusal that is the same for what does not exist and what is somebody else's."""
    return UnknownOrder(f"No order {order_id!r} is known", field="order_id")


def change_order(
    command: type[OrderCommand], order_id: str, sender: Sender, **fields: Any
) -> dict[str, Any]:
    """Do a command on an order and return what it answered, with the order's id and position.

    Raises:
        UnknownOrder: there is none, or it belongs to somebody else's channel.
    """
    channel_id, external_id = own_order(order_id, sender.principal)
    answer = sender.do(
        build(command, **sender.stamp(), channel_id=channel_id, external_id=external_id, **fields)
    )
    return {
        **answer.outcome,
        "id": order_id_of(channel_id, external_id),
        "position": sender.services.position_text(answer.position),
    }
