"""Counts what the log says happened, by SQL over its events and nothing else."""

from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection

from eventstore.datastore import Datastore

_ORDERS: Final = """
SELECT count(*) AS orders,
       coalesce(sum((SELECT sum((line->>'quantity')::numeric)
                     FROM jsonb_array_elements(payload->'lines') AS line)), 0) AS units
FROM {schema}.log WHERE type = 'OrderPlaced'
"""

_STOCK: Final = """
WITH moves AS (
    SELECT stream_id, type, payload,
           (payload->>'quantity')::numeric AS quantity,
           coalesce(payload->>'condition', 'sellable') = 'sellable' AS sellable
    FROM {schema}.log
    WHERE stream_id LIKE 'stock:%'
), figures AS (
    SELECT stream_id,
           sum(CASE WHEN type = 'StockReceived' AND sellable THEN quantity
                    WHEN type = 'StockAdjusted' AND sellable THEN (payload->>'change')::numeric
                    WHEN type = 'StockCounted' THEN (payload->>'change')::numeric
                    WHEN type = 'StockShipped' THEN -quantity
                    ELSE 0 END) AS on_hand,
           sum(CASE WHEN type IN ('StockReserved', 'BackorderServed') THEN quantity
                    WHEN type IN ('ReservationReleased', 'ReservationLost', 'StockShipped')
                    THEN -quantity ELSE 0 END) AS reserved,
           sum(CASE WHEN type = 'BackorderQueued' THEN quantity
                    WHEN type IN ('BackorderServed', 'BackorderWithdrawn') THEN -quantity
                    ELSE 0 END) AS queued
    FROM moves GROUP BY stream_id
)
SELECT coalesce(sum(reserved), 0) AS reserved,
       coalesce(sum(queued), 0) AS queued,
       coalesce(sum(greatest(reserved - on_hand, 0)), 0) AS oversold
FROM figures
"""

_FULFILMENTS: Final = """
WITH pairs AS (
    SELECT DISTINCT payload->>'order' AS placed, split_part(stream_id, '@', 2) AS location
    FROM {schema}.log WHERE type IN ('StockReserved', 'BackorderServed')
), spread AS (
    SELECT placed, count(*) AS locations FROM pairs WHERE placed LIKE 'order:%' GROUP BY placed
)
SELECT coalesce(sum(locations), 0) AS fulfilments, count(*) FILTER (WHERE locations > 1) AS split
FROM spread
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the log holds: orders, units by where they stand, fulfilments, events."""

    orders_placed: int
    units_ordered: int
    units_reserved: int
    units_backordered: int
    fulfilments: int
    split_orders: int
    oversold_units: int
    events: int


def count(datastore: Datastore) -> Figures:
    """Return the figures of a partition's log as it stands."""
    with datastore.connect(autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        orders, units = _row(connection, datastore, _ORDERS)
        reserved, queued, oversold = _row(connection, datastore, _STOCK)
        fulfilments, split = _row(connection, datastore, _FULFILMENTS)
        (events,) = _row(connection, datastore, "SELECT count(*) FROM {schema}.events")
    return Figures(
        orders_placed=int(orders),
        units_ordered=int(units),
        units_reserved=int(reserved),
        units_backordered=int(queued),
        fulfilments=int(fulfilments),
        split_orders=int(split),
        oversold_units=int(oversold),
        events=int(events),
    )


def _row(connection: Connection[Any], datastore: Datastore, query: str) -> tuple[Any, ...]:
    row = connection.execute(datastore.sql(query)).fetchone()
    return tuple(row or ())
