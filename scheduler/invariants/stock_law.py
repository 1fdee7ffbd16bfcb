"""The law of stock: on hand covers what is reserved, or an open shortfall says what is missing."""

from typing import Final

from domain.base.streams import StreamId
from domain.stock.evolve import evolve
from domain.stock.state import NO_STOCK, StockItem
from projections.database import query
from scheduler.invariants.finding import Finding
from scheduler.job import Desk

AS_SHOWN: Final = "stock-covers-reservations"
IN_THE_LOG: Final = "stock-covers-reservations-in-the-log"

_LOOK_AGAIN_AFTER: Final = 0.5
"""Seconds; a read model may show one append in two steps, but not for so long."""
_MOST: Final = 1000
_NAMED: Final = 5
_DRAWS: Final = 400
_STREAMS: Final = 20
_LONGEST: Final = 5000
"""Events of the longest stream that is folded whole."""


def check_stock_shown(desk: Desk) -> Finding:
    """Compare the figures of every stock item as the read model `availability` shows them."""
    broken, total = _uncovered(desk)
    if broken:
        desk.dismissed.wait(_LOOK_AGAIN_AFTER)
        desk.check()
        broken &= _uncovered(desk)[0]
    examples = sorted(broken)[:_NAMED]
    return Finding(
        AS_SHOWN,
        holds=not broken,
        figures={"stock_items": total, "broken": len(broken), "examples": examples},
    )


def check_stock_in_log(desk: Desk) -> Finding:
    """Fold some stock items from the log itself, drawn at random, busy ones more often."""
    drawn, too_long = _draw(desk)
    broken: list[str] = []
    for stream in drawn:
        desk.check()
        if not covered(_fold(desk, stream)):
            broken.append(stream)
    return Finding(
        IN_THE_LOG,
        holds=not broken,
        figures={
            "stock_items": len(drawn),
            "too_long": too_long,
            "broken": len(broken),
            "examples": broken[:_NAMED],
        },
    )


def covered(stock: StockItem) -> bool:
    """Say whether on hand covers what is reserved, or a shortfall the difference."""
    held = sum(reservation.quantity for reservation in stock.reservations.values())
    return held == stock.reserved <= stock.on_hand + stock.shortfall


def _uncovered(desk: Desk) -> tuple[set[str], int]:
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        total = cursor.execute(
            datastore.sql("SELECT count(*) FROM {schema}.availability WHERE NOT kit")
        ).fetchone()
        rows = cursor.execute(
            datastore.sql(
                "SELECT item_id || '@' || location_id FROM {schema}.availability "
                "WHERE NOT kit AND NOT stale AND reserved > on_hand + shortfall LIMIT %s"
            ),
            [_MOST],
        ).fetchall()
    return {row[0] for row in rows}, total[0] if total else 0


def _draw(desk: Desk) -> tuple[list[StreamId], int]:
    """Return streams of stock items by the events at random positions, and how many too long."""
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT s.stream, (SELECT max(v.originator_version) FROM {schema}.events AS v "
                "WHERE v.originator_id = s.stream) AS length "
                "FROM (SELECT DISTINCT e.originator_id AS stream FROM (SELECT DISTINCT "
                "1 + floor(random() * %s)::bigint AS position FROM generate_series(1, %s)) AS d "
                "JOIN {schema}.events AS e ON e.notification_id = d.position "
                "WHERE starts_with(e.originator_id, 'stock:') LIMIT %s) AS s"
            ),
            [desk.partition.reader.head(conn=cursor.connection), _DRAWS, _STREAMS],
        ).fetchall()
    fitting = [stream for stream, length in rows if length <= _LONGEST]
    return fitting, len(rows) - len(fitting)


def _fold(desk: Desk, stream: StreamId) -> StockItem:
    state = NO_STOCK
    for recorded in desk.partition.reader.stream(stream):
        state = evolve(state, recorded.event)
    return state
