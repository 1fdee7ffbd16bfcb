"""Orders with unassigned quantities, and when each may be routed again.

Lines that wait for a person or for their customer's choice are left alone.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.base.streams import StreamId
from domain.order.events import AllocationLost, AllocationReleased, OrderPlaced
from domain.order.rerouting_events import BackorderReleased
from projections.database import query
from scheduler.job import Desk
from scheduler.tried import answered

BACK_OFF: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""When a loss is due again, counted from the loss, though nothing changed."""
_THEN_EVERY: Final = timedelta(days=1)
_WITHIN_REACH_EVERY: Final = timedelta(hours=1)
"""Where some of it is free, since others may have been faster at the try before."""
_UNASSIGN: Final = [
    cls.__name__ for cls in (OrderPlaced, AllocationLost, AllocationReleased, BackorderReleased)
]
_PAGE: Final = 500

Page = Sequence["WaitingOrder"]


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that has something unassigned, lost at `since` by the event `event_id`.

    `position` is that of the last event that moved any of the lines which are short;
    `within_reach` is how much of what they lack is free where the channel sells from.
    """

    order_id: StreamId
    channel_id: str
    external_id: str
    position: int
    event_id: UUID
    correlation_id: UUID
    since: datetime
    within_reach: Decimal

    def key(self, now: datetime) -> str:
        """Return the idempotency key of the try that is due at `now`.

        It is another one, and so there is another try, when anything of the short lines was
        lost, found or shipped, when another quantity came within reach, and when the back-off
        has passed.
        """
        due = times_due(now - self.since, within_reach=self.within_reach > 0)
        return f"reroute/{self.position}/{due}/{self.within_reach.normalize():f}"


def times_due(age: timedelta, *, within_reach: bool) -> int:
    """Return how often a loss of that age has come due again by the clock alone."""
    every = _WITHIN_REACH_EVERY if within_reach else _THEN_EVERY
    return bisect_right(BACK_OFF, age) + max(0, age // every)


def waiting_orders(desk: Desk) -> Iterator[Page]:
    """Yield all orders with unassigned quantities, page by page."""
    after = ""
    while page := _page(desk, after):
        yield page
        after = page[-1].order_id


def not_tried(desk: Desk, orders: Page, now: datetime) -> list[WaitingOrder]:
    """Return the orders whose try that is due at `now` was not answered yet."""
    keys = {order.key(now): order for order in orders}
    done = answered(desk, keys)
    return [order for key, order in keys.items() if key not in done]


def _page(desk: Desk, after: str) -> Page:
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT w.order_id, w.channel_id, w.external_id, w.position, e.event_id, "
                "e.correlation_id, e.recorded_at, w.within_reach "
                "FROM (SELECT l.order_id, max(l.channel_id) AS channel_id, "
                "max(l.external_id) AS external_id, max(l.position) AS position, "
                "sum(least(l.unassigned, coalesce((SELECT a.available "
                "FROM {schema}.availability_by_channel AS a "
                "WHERE a.channel_id = l.channel_id AND a.item_id = l.item_id), 0))) "
                "AS within_reach FROM {schema}.order_lines AS l "
                "WHERE l.unassigned > 0 AND l.routing_hold IS NULL AND l.order_id > %s "
                "GROUP BY l.order_id ORDER BY l.order_id LIMIT %s) "
                "AS w CROSS JOIN LATERAL (SELECT e.event_id, "
                "e.correlation_id, e.recorded_at FROM {schema}.events AS e "
                "WHERE e.originator_id = w.order_id AND e.topic = ANY(%s) "
                "ORDER BY e.originator_version DESC LIMIT 1) AS e ORDER BY w.order_id"
            ),
            [after, _PAGE, _UNASSIGN],
        ).fetchall()
    return [WaitingOrder(*row) for row in rows]
