"""What the scheduler last found not to hold, in words."""

from psycopg import errors

from eventstore.datastore import Datastore
from projections.database import query


def broken_invariants(datastore: Datastore) -> list[str]:
    """Return a sentence for each invariant whose last check failed; none before the first."""
    try:
        with query(datastore) as cursor:
            rows = cursor.execute(
                datastore.sql(
                    "SELECT invariant, broken_since AT TIME ZONE 'UTC' "
                    "FROM {schema}.invariant_checks WHERE NOT holds "
                    "ORDER BY broken_since, invariant"
                )
            ).fetchall()
    except errors.UndefinedTable:
        return []
    return [f"the invariant {name} has not held since {since.isoformat()}Z" for name, since in rows]
