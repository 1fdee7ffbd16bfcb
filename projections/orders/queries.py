"""Asks for orders: one, or pages of a filtered list, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from domain.order.status import OrderStatus
from eventstore.datastore import Datastore
from projections.database import fetch
from projections.paging import LARGEST_PAGE, InvalidCursor, Page, decode_cursor, page_of

_ORDER: Final = (
    "SELECT o.order_id, o.channel_id, o.external_id, o.customer_id, o.status, o.placed_at, "
    "o.priority, o.country, o.currency, o.prices, o.goods_amount, o.charges_amount, "
    "o.tax_amount, o.total_amount, o.line_count, o.ordered, o.unassigned, o.backordered, "
    "o.reserved, o.shipped, o.delivered, o.cancelled, o.ship_by, o.deliver_by, o.erased, "
    "o.placed_position, o.position, o.changed_at, o.routing_hold, o.routing_exclusions "
)
_ALL: Final = "FROM {schema}.orders AS o "
_AT_LOCATION: Final = (
    "FROM {schema}.orders_by_location AS l JOIN {schema}.orders AS o ON o.order_id = l.order_id "
)


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order in a list; quantities are summed over its lines."""

    order_id: str
    channel_id: str
    external_id: str
    customer_id: str | None
    status: OrderStatus
    placed_at: datetime
    priority: int
    country: str | None
    currency: str
    prices: str
    goods_amount: Decimal
    charges_amount: Decimal
    tax_amount: Decimal
    total_amount: Decimal
    line_count: int
    ordered: Decimal
    unassigned: Decimal
    backordered: Decimal
    reserved: Decimal
    shipped: Decimal
    delivered: Decimal
    cancelled: Decimal
    ship_by: datetime | None
    deliver_by: datetime | None
    erased: bool
    placed_position: int
    position: int
    changed_at: datetime
    routing_hold: str | None
    routing_exclusions: dict[str, int]


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; `channel_ids` is what the asker may see, None for everything.

    `location_id`: where any part of the order was held or queued. `placed_from` is included,
    `placed_before` is not.
    """

    channel_id: str | None = None
    status: OrderStatus | None = None
    customer_id: str | None = None
    location_id: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    channel_ids: Collection[str] | None = None


def order(datastore: Datastore, order_id: str) -> ListedOrder | None:
    """Return an order by its id, the name of its stream."""
    found = fetch(datastore, ListedOrder, _ORDER + _ALL + "WHERE o.order_id = %s", [order_id])
    return found[0] if found else None


def list_orders(
    datastore: Datastore,
    which: OrderFilter,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[ListedOrder]:
    """Return a page of the orders that pass the filter, newest first.

    Raises:
        InvalidCursor: the cursor is none of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    conditions, values = _conditions(which)
    listed = "o" if which.location_id is None else "l"
    if cursor is not None:
        conditions.append(f"({listed}.placed_at, {listed}.placed_position) < (%s, %s)")
        values += _place(cursor)
    found = fetch(
        datastore,
        ListedOrder,
        _ORDER
        + (_ALL if which.location_id is None else _AT_LOCATION)
        + ("WHERE " + " AND ".join(conditions) if conditions else "")
        + f" ORDER BY {listed}.placed_at DESC, {listed}.placed_position DESC LIMIT %s",
        [*values, limit + 1],
    )
    return page_of(found, limit, lambda last: (last.placed_at.isoformat(), last.placed_position))


def _conditions(which: OrderFilter) -> tuple[list[str], list[Any]]:
    listed = "o" if which.location_id is None else "l"
    asked: tuple[tuple[str, Any], ...] = (
        ("l.location_id = %s", which.location_id),
        ("o.channel_id = %s", which.channel_id),
        (f"{listed}.status = %s", which.status),
        ("o.customer_id = %s", which.customer_id),
        (f"{listed}.placed_at >= %s", which.placed_from),
        (f"{listed}.placed_at < %s", which.placed_before),
        (
            "o.channel_id = ANY(%s)",
            None if which.channel_ids is None else list(which.channel_ids),
        ),
    )
    wanted = [(condition, value) for condition, value in asked if value is not None]
    return [condition for condition, _ in wanted], [value for _, value in wanted]


def _place(cursor: str) -> tuple[datetime, int]:
    placed_at, position = decode_cursor(cursor, (str, int))
    try:
        return datetime.fromisoformat(placed_at), position
    except ValueError as error:
        raise InvalidCursor("the cursor is not one that a page gave") from error
