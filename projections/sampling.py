"""Drawing rows at random, to verify some where verifying all would take long."""

from collections.abc import Collection
from typing import Final, TypeVar

from psycopg.sql import SQL, Identifier

from domain.base.streams import StreamId
from projections.database import Rows
from projections.generation import Generation
from projections.table import Table

R = TypeVar("R")

_DRAWN_FROM: Final = 20
"""Rows that are read for each one drawn, so that not only neighbours are drawn."""
_LONGEST: Final = 20_000
"""Events of the longest stream that is folded for a sample."""
_LONGEST_FROM_LOG: Final = 2_000
"""The same for streams drawn by their events, of which long ones are drawn more often."""
_REACH: Final = 200
"""Positions in which an event that a read model uses is looked for."""


def draw(cursor: Rows, live: Generation, table: Table[R], sample: int) -> list[R]:
    """Return at most `sample` rows that are not stale; none of a table whose rows are no stream's.

    Rows of very long streams are left out.
    """
    if table.by_stream is None:
        return []
    share = _share(cursor, live, table, sample * _DRAWN_FROM)
    rows = live.sql_of(cursor, table).draw(cursor, share=share, limit=sample)
    streams = {stream for row in rows for stream in table.by_stream.streams(row)}
    too_long = _too_long(cursor, live.schema, streams, _LONGEST)
    return [row for row in rows if too_long.isdisjoint(table.by_stream.streams(row))]


def draw_streams(cursor: Rows, live: Generation, *, through: int, sample: int) -> set[StreamId]:
    """Return at most `sample` streams of which the read model uses an event, drawn from the log.

    Positions up to `through` are drawn at random; long streams are left out.
    """
    rows = cursor.execute(
        SQL(
            "WITH drawn AS MATERIALIZED (SELECT 1 + floor(random() * %s)::bigint AS position "
            "FROM generate_series(1, %s)) SELECT DISTINCT e.stream FROM drawn AS d "
            "CROSS JOIN LATERAL (SELECT originator_id AS stream FROM {} "
            "WHERE notification_id BETWEEN d.position AND least(d.position + %s, %s) "
            "AND topic = ANY(%s) ORDER BY notification_id LIMIT 1) AS e"
        ).format(Identifier(live.schema, "events")),
        [through, sample, _REACH, through, list(live.model.types)],
    ).fetchall()
    streams = {stream for (stream,) in rows}
    return streams - _too_long(cursor, live.schema, streams, _LONGEST_FROM_LOG)


def _share(cursor: Rows, live: Generation, table: Table[R], wanted: int) -> float:
    """Return the share of the table in per cent that has about so many rows."""
    found = cursor.execute(
        "SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)",
        [live.place(table).as_string(cursor)],
    ).fetchone()
    rows = found[0] if found else 0
    return 100.0 if rows <= wanted else 100.0 * wanted / rows


def _too_long(
    cursor: Rows, schema: str, streams: Collection[StreamId], longest: int
) -> set[StreamId]:
    rows = cursor.execute(
        SQL(
            "SELECT originator_id FROM {} WHERE originator_id = ANY(%s) AND originator_version = %s"
        ).format(Identifier(schema, "events")),
        [list(streams), longest],
    )
    return {stream for (stream,) in rows}
