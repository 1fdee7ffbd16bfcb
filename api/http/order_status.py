"""What a customer may know of an order, and what happened to it, in words."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from api.http.access import Anyone
from api.http.orders import own_order, unknown_order
from api.http.paging import Asked
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.services import Wired
from domain.base.streams import order_stream
from domain.order.status import OrderStatus
from projections.order_status.queries import order_status
from projections.order_timeline.queries import timeline

routes: Final = router("orders")


class CustomerStatus(BaseModel):
    """An order as its customer may see it, without internal places and reasons.

    `choices` are the deliveries that wait for the customer's choice, and why: `refused` or
    `suspended`, the store will not hand them out.
    """

    id: str
    placed_at: datetime
    status: OrderStatus
    words: str
    ship_by: datetime | None
    deliver_by: datetime | None
    promises: dict[str, dict[str, Any]]
    lines: list[dict[str, Any]]
    parcels: list[dict[str, Any]]
    choices: dict[str, str]
    changed_at: datetime


class Happening(BaseModel):
    """An event in words."""

    position: str
    type: str
    words: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    event_id: UUID


class Timeline(BaseModel):
    """What happened, oldest first; `next` is the cursor of the next page, null on the last."""

    happenings: list[Happening]
    next: str | None


@routes.get("/orders/{order_id}/status", dependencies=[up_to_date("order_status")])
def get_order_status(order_id: str, services: Wired, principal: Anyone) -> CustomerStatus:
    """Return what a customer may know of an order, in words and figures."""
    channel_id, external_id = own_order(order_id, principal)
    found = order_status(services.datastore, order_stream(channel_id, external_id))
    if found is None:
        raise unknown_order(order_id)
    return CustomerStatus(
        id=order_id,
        placed_at=found.placed_at,
        status=found.status,
        words=found.words,
        ship_by=found.ship_by,
        deliver_by=found.deliver_by,
        promises=found.promises,
        lines=found.lines,
        parcels=found.parcels,
        choices=found.choices,
        changed_at=found.changed_at,
    )


@routes.get(
    "/orders/{order_id}/timeline", dependencies=[up_to_date("order_timeline", "order_status")]
)
def get_order_timeline(
    order_id: str, services: Wired, principal: Anyone, paging: Asked
) -> Timeline:
    """Return what happened to an order in words, a page at a time."""
    stream = order_stream(*own_order(order_id, principal))
    page = timeline(services.datastore, stream, limit=paging.limit, cursor=paging.cursor)
    if not page.items and order_status(services.datastore, stream) is None:
        raise unknown_order(order_id)
    return Timeline(
        happenings=[
            Happening(
                position=services.position_text(one.position),
                type=one.type,
                words=one.words,
                occurred_at=one.occurred_at,
                recorded_at=one.recorded_at,
                actor=one.actor,
                event_id=one.event_id,
            )
            for one in page.items
        ],
        next=page.next_cursor,
    )
