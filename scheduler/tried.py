"""Which of the jobs' commands were answered already."""

from collections.abc import Iterable

from projections.database import query
from scheduler.job import PRINCIPAL, Desk


def answered(desk: Desk, keys: Iterable[str]) -> set[str]:
    """Return those of the jobs' idempotency keys whose command has an answer."""
    datastore = desk.partition.datastore
    with query(datastore) as cursor:
        rows = cursor.execute(
            datastore.sql(
                "SELECT key FROM {schema}.commands WHERE principal = %s AND key = ANY(%s)"
            ),
            [PRINCIPAL, list(keys)],
        ).fetchall()
    return {row[0] for row in rows}
