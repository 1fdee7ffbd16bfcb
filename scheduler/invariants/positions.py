"""Positions of the log run 1, 2, 3 ... without a gap."""

from typing import Final

from psycopg.sql import Composed

from eventstore.datastore import Datastore
from projections.database import Rows, query
from scheduler.invariants.finding import Finding, last_figures
from scheduler.job import Desk

INVARIANT: Final = "positions-without-gap"
NEWEST: Final = 100_000
"""Positions at the end of the log that every check looks at."""
STRETCH: Final = 1_000_000
"""Older positions that one check looks at, going on where the last one ended."""
_NAMED: Final = 5


def check_positions(desk: Desk) -> Finding:
    """Count the positions of the newest stretch and of one older stretch of the log.

    Check by check the older stretch moves through the whole log, and begins anew at its end.
    """
    datastore = desk.partition.datastore
    last = last_figures(datastore, INVARIANT)
    with query(datastore) as cursor:
        head = desk.partition.reader.head(conn=cursor.connection)
        after = int(last.get("through", 0))
        after = 0 if after >= head - NEWEST else after
        through = min(after + STRETCH, head)
        newest = max(through, head - NEWEST)
        missing = _missing(cursor, datastore, after, through)
        missing += _missing(cursor, datastore, newest, head)
        first = _first_missing(cursor, datastore, after, head) if missing else []
    return Finding(
        INVARIANT,
        holds=missing == 0,
        figures={
            "after": after,
            "through": through,
            "looked_at": through - after + head - newest,
            "missing": missing,
            "first_missing": first,
        },
    )


def _missing(cursor: Rows, datastore: Datastore, after: int, through: int) -> int:
    """Return how many positions of (after, through] no event has."""
    row = cursor.execute(
        datastore.sql(
            "SELECT count(*) FROM {schema}.events "
            "WHERE notification_id > %s AND notification_id <= %s"
        ),
        [after, through],
    ).fetchone()
    return through - after - (row[0] if row else 0)


def _first_missing(cursor: Rows, datastore: Datastore, after: int, head: int) -> list[str]:
    rows = cursor.execute(_gaps(datastore), [after, after, head, _NAMED]).fetchall()
    return [f"{first} to {last}" for first, last in rows]


def _gaps(datastore: Datastore) -> Composed:
    return datastore.sql(
        "SELECT before + 1, position - 1 FROM (SELECT notification_id AS position, "
        "lag(notification_id, 1, %s) OVER (ORDER BY notification_id) AS before "
        "FROM {schema}.events WHERE notification_id > %s AND notification_id <= %s) AS steps "
        "WHERE position > before + 1 ORDER BY position LIMIT %s"
    )
