"""What suspended locations have not shipped and is to move, the most urgent first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Final
from uuid import UUID

from domain.order.status import OrderStatus
from projections.backlog.queries import LocationMoves, moves
from projections.database import query
from scheduler.job import Desk
from scheduler.waiting_orders import times_due

_UNDER_WAY: Final[list[OrderStatus]] = ["open", "backordered", "partly-shipped"]
"""Orders of which something has yet to leave."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """A location whose work is to move, since `since`, because of the event `event_id`."""

    location_id: str
    position: int
    event_id: UUID
    correlation_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class OrderAtPlace:
    """What a suspended location has of an order, or is to hand out of it.

    `position` is that of the last event that changed what is allocated there, or the order
    where nothing is; `within_reach`
    is how much of what the order has reserved is free where its channel sells from.
    """

    order_id: str
    channel_id: str
    external_id: str
    priority: int
    position: int
    within_reach: Decimal

    def key(self, suspension: Suspension, now: datetime) -> str:
        """Return the idempotency key of the try that is due at `now`.

        It is another one, and so there is another try, when anything of the order changed
        there, when another quantity came within reach, and when the back-off has passed.
        """
        due = times_due(now - suspension.since, within_reach=self.within_reach > 0)
        reach = f"{self.within_reach.normalize():f}"
        return f"move/{suspension.position}/{self.position}/{due}/{reach}"


def suspensions(desk: Desk) -> list[Suspension]:
    """Return the suspended locations whose work is to move and that have any, by location.

    What is to be collected there is work too, wherever its goods lie.
    """
    datastore = desk.partition.datastore
    stores = _collecting(desk)
    found = [
        one
        for one in moves(datastore)
        if one.moves_work and (one.location_id in stores or _has_work(one))
    ]
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT notification_id, correlation_id FROM {schema}.events "
                "WHERE notification_id = ANY(%s)"
            ),
            [[one.suspended_position for one in found]],
        ).fetchall()
    correlations = dict(rows)
    return [
        Suspension(
            one.location_id,
            one.suspended_position,
            one.suspension,
            correlations[one.suspended_position],
            one.suspended_at,
        )
        for one in found
    ]


def _collecting(desk: Desk) -> set[str]:
    """Return the suspended stores at which something is to be collected."""
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT m.location_id FROM {schema}.location_moves AS m WHERE m.moves_work "
                "AND EXISTS (SELECT FROM {schema}.orders_to_collect AS c "
                "WHERE c.location_id = m.location_id AND c.status = ANY(%s))"
            ),
            [_UNDER_WAY],
        ).fetchall()
    return {location_id for (location_id,) in rows}


def _has_work(one: LocationMoves) -> bool:
    return one.waiting_orders > 0 or bool(one.staying)


def by_priority(desk: Desk, suspension: Suspension) -> Iterator[Sequence[OrderAtPlace]]:
    """Yield the orders of a location by priority, highest first; in each the first promised first.

    Among equal promises the older order comes first.
    """
    for _, orders in groupby(_orders(desk, suspension), key=lambda one: one.priority):
        yield list(orders)


def _orders(desk: Desk, suspension: Suspension) -> list[OrderAtPlace]:
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "WITH work AS (SELECT w.order_id, o.channel_id, o.external_id, o.priority, "
                "w.position, w.ship_by, o.placed_at, o.placed_position "
                "FROM {schema}.open_work AS w JOIN {schema}.orders AS o ON o.order_id = w.order_id "
                "WHERE w.location_id = %(location)s AND w.units_allocated > 0 UNION ALL "
                "SELECT DISTINCT o.order_id, o.channel_id, o.external_id, o.priority, o.position, "
                "o.ship_by, o.placed_at, o.placed_position FROM {schema}.orders_to_collect AS c "
                "JOIN {schema}.orders AS o ON o.order_id = c.order_id "
                "WHERE c.location_id = %(location)s AND c.status = ANY(%(under_way)s) "
                "AND NOT EXISTS (SELECT FROM {schema}.open_work AS w WHERE w.units_allocated > 0 "
                "AND w.location_id = c.location_id AND w.order_id = c.order_id)), "
                "lines AS (SELECT l.order_id, l.channel_id, l.item_id, l.reserved "
                "FROM {schema}.order_lines AS l JOIN work ON work.order_id = l.order_id "
                "WHERE l.reserved > 0), "
                "free AS (SELECT i.channel_id, i.item_id, a.available "
                "FROM (SELECT DISTINCT channel_id, item_id FROM lines) AS i "
                "CROSS JOIN LATERAL (SELECT a.available FROM {schema}.availability_by_channel AS a "
                "WHERE a.channel_id = i.channel_id AND a.item_id = i.item_id) AS a), "
                "reach AS (SELECT l.order_id, sum(least(l.reserved, f.available)) AS quantity "
                "FROM lines AS l JOIN free AS f USING (channel_id, item_id) GROUP BY l.order_id) "
                "SELECT w.order_id, w.channel_id, w.external_id, w.priority, w.position, "
                "coalesce(r.quantity, 0) FROM work AS w LEFT JOIN reach AS r USING (order_id) "
                "ORDER BY w.priority DESC, w.ship_by NULLS LAST, w.placed_at, w.placed_position"
            ),
            {"location": suspension.location_id, "under_way": _UNDER_WAY},
        ).fetchall()
    return [OrderAtPlace(*row) for row in rows]
