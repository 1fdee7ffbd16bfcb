"""Lists of orders, newest first, filtered, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import BaseModel

from api.http.access import Anyone
from api.http.errors import FieldError, InvalidRequest
from api.http.moments import QueryInstant
from api.http.money import MoneyView, money_view
from api.http.numbers import Number
from api.http.order_ids import order_id
from api.http.paging import Asked
from api.http.positions import up_to_date
from api.http.routing import router
from api.http.services import Services, Wired
from domain.base.streams import order_stream
from domain.base.text import Code, ExternalId
from domain.order.status import OrderStatus
from projections.orders import queries

routes: Final = router("orders")


class ListedOrder(BaseModel):
    """An order in a list; quantities are summed over its lines.

    `routing_hold` says why what is open is not routed (`too-many-tries`, `nothing-left`,
    `customer-choice`), `routing_exclusions` how many locations the last routing left out.
    """

    id: str
    channel_id: str
    external_id: str
    customer_id: str | None
    status: OrderStatus
    placed_at: datetime
    priority: int
    country: str | None
    line_count: int
    ordered: Number
    unassigned: Number
    backordered: Number
    reserved: Number
    shipped: Number
    delivered: Number
    cancelled: Number
    total: MoneyView
    ship_by: datetime | None
    deliver_by: datetime | None
    erased: bool
    routing_hold: str | None
    routing_exclusions: dict[str, int]


class OrderPage(BaseModel):
    """Orders, the newest first; `next` is the cursor of the next page, null on the last."""

    orders: list[ListedOrder]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which orders are asked for."""

    channel_id: str | None
    external_id: str | None
    status: OrderStatus | None
    customer_id: str | None
    location_id: str | None
    placed_from: datetime | None
    placed_before: datetime | None


async def _wanted(
    channel: Code | None = None,
    external_id: Annotated[
        ExternalId | None, Query(description="With channel: the one order of that number.")
    ] = None,
    status: OrderStatus | None = None,
    customer: ExternalId | None = None,
    location: Annotated[
        Code | None, Query(description="Where any part of the order was held or queued.")
    ] = None,
    placed_from: Annotated[QueryInstant | None, Query(description="Included.")] = None,
    placed_before: Annotated[QueryInstant | None, Query(description="Not included.")] = None,
) -> _Wanted:
    return _Wanted(channel, external_id, status, customer, location, placed_from, placed_before)


@routes.get("/orders", dependencies=[up_to_date("orders")])
def list_orders(
    services: Wired,
    principal: Anyone,
    paging: Asked,
    wanted: Annotated[_Wanted, Depends(_wanted)],
) -> OrderPage:
    """Return a page of the orders that pass all filters and are the key's to see."""
    if wanted.channel_id is not None:
        principal.must_see_channel(wanted.channel_id)
    if wanted.external_id is not None:
        return _the_one(services, wanted)
    which = queries.OrderFilter(
        channel_id=wanted.channel_id,
        status=wanted.status,
        customer_id=wanted.customer_id,
        location_id=wanted.location_id,
        placed_from=wanted.placed_from,
        placed_before=wanted.placed_before,
        channel_ids=principal.channels,
    )
    page = queries.list_orders(services.datastore, which, limit=paging.limit, cursor=paging.cursor)
    return OrderPage(orders=[_listed(found) for found in page.items], next=page.next_cursor)


def _the_one(services: Services, wanted: _Wanted) -> OrderPage:
    """Return the order of a channel and its number; the other filters do not matter."""
    if wanted.channel_id is None or wanted.external_id is None:
        fault = FieldError("channel", "is required with external_id", "missing")
        raise InvalidRequest([fault])
    found = queries.order(services.datastore, order_stream(wanted.channel_id, wanted.external_id))
    return OrderPage(orders=[] if found is None else [_listed(found)], next=None)


def _listed(found: queries.ListedOrder) -> ListedOrder:
    return ListedOrder(
        id=order_id(found.channel_id, found.external_id),
        channel_id=found.channel_id,
        external_id=found.external_id,
        customer_id=found.customer_id,
        status=found.status,
        placed_at=found.placed_at,
        priority=found.priority,
        country=found.country,
        line_count=found.line_count,
        ordered=found.ordered,
        unassigned=found.unassigned,
        backordered=found.backordered,
        reserved=found.reserved,
        shipped=found.shipped,
        delivered=found.delivered,
        cancelled=found.cancelled,
        total=money_view(found.total_amount, found.currency),
        ship_by=found.ship_by,
        deliver_by=found.deliver_by,
        erased=found.erased,
        routing_hold=found.routing_hold,
        routing_exclusions=found.routing_exclusions,
    )
