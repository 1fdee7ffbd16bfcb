"""What was asked of every stock item of late, and what is forecast already."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.base.quantity import ZERO
from domain.base.streams import stock_key
from domain.stock.events import BackorderQueued, ReservationLost, StockReserved
from projections.database import query
from projections.routing_facts.fold import to_quantity
from scheduler.job import Desk

STRETCH: Final = 50_000
"""Positions of the log that one query looks at."""

Cell = tuple[str, str]
"""(item id, location id)."""

_ASKED: Final = (StockReserved.__name__, BackorderQueued.__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What orders asked of each stock item, and when the first of it happened."""

    by_cell: Mapping[Cell, Decimal]
    first: datetime


def asked_between(desk: Desk, begin: datetime, end: datetime) -> Asked:
    """Return what orders asked of each stock item in an interval of business time.

    What was reserved and queued counts where it was; what lost its reservation is asked for
    again elsewhere, and counts there. The log is read from what was recorded since `begin`.
    """
    by_cell: dict[Cell, Decimal] = {}
    first = end
    after, head = _last_before(desk, begin), desk.partition.reader.head()
    while after < head:
        desk.check()
        through = min(after + STRETCH, head)
        for stream, quantity, earliest in _sums(desk, (after, through), (begin, end)):
            cell = stock_key(stream)
            by_cell[cell] = by_cell.get(cell, ZERO) + quantity
            first = min(first, earliest)
        after = through
    return Asked(by_cell, first)


def known_forecasts(desk: Desk) -> Mapping[Cell, Decimal]:
    """Return the forecasts that stand, but for those of nothing."""
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT item_id, location_id, forecast FROM {schema}.routing_facts, "
                "unnest(location_ids, daily_demand) AS cells(location_id, forecast) "
                "WHERE forecast > 0"
            )
        ).fetchall()
    return {(item_id, place): to_quantity(forecast) for item_id, place, forecast in rows}


def skus_of(desk: Desk, item_ids: Collection[str]) -> Mapping[str, str]:
    """Return the SKUs of items by their ids."""
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        return dict(
            cursor.execute(
                datastore.sql("SELECT item_id, sku FROM {schema}.items WHERE item_id = ANY(%s)"),
                [list(item_ids)],
            ).fetchall()
        )


def _last_before(desk: Desk, begin: datetime) -> int:
    """Return the last position recorded before an instant, by halving: instants never fall."""
    datastore = desk.partition.datastore
    low, high = 0, desk.partition.reader.head()
    with query(datastore) as cursor:
        while low < high:
            middle = (low + high + 1) // 2
            rows = cursor.execute(
                datastore.sql(
                    "SELECT recorded_at < %s FROM {schema}.events WHERE notification_id = %s"
                ),
                [begin, middle],
            ).fetchall()
            if rows and rows[0][0]:
                low = middle
            else:
                high = middle - 1
    return low


def _sums(
    desk: Desk, positions: tuple[int, int], instants: tuple[datetime, datetime]
) -> list[tuple[str, Decimal, datetime]]:
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        return cursor.execute(
            datastore.sql(
                "SELECT stream_id, sum(CASE WHEN type = ANY(%s) THEN 1 ELSE -1 END "
                "* (payload->>'quantity')::numeric), min(occurred_at) FROM {schema}.log "
                "WHERE position > %s AND position <= %s AND occurred_at > %s AND occurred_at <= %s "
                "AND type = ANY(%s) AND payload->>'order' LIKE 'order:%%' GROUP BY stream_id"
            ),
            [list(_ASKED), *positions, *instants, [*_ASKED, ReservationLost.__name__]],
        ).fetchall()
