"""What a check found, and where the last one of each invariant is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from eventstore.datastore import Datastore
from projections.database import query

Figure = int | float | str | Sequence[str] | Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an invariant holds, with what was looked at and what was found."""

    invariant: str
    holds: bool
    figures: Mapping[str, Figure]


def record(datastore: Datastore, finding: Finding, *, head: int, now: datetime) -> None:
    """Keep a finding in the place of the one before; `head` is the log's last position."""
    with query(datastore) as cursor:
        cursor.execute(
            datastore.sql(
                "INSERT INTO {schema}.invariant_checks AS c "
                "(invariant, holds, checked_at, broken_since, head, figures) "
                "VALUES (%(invariant)s, %(holds)s, %(now)s, "
                "CASE WHEN NOT %(holds)s THEN %(now)s::timestamptz END, %(head)s, %(figures)s) "
                "ON CONFLICT (invariant) DO UPDATE SET holds = excluded.holds, "
                "checked_at = excluded.checked_at, head = excluded.head, "
                "figures = excluded.figures, broken_since = CASE WHEN NOT excluded.holds "
                "THEN coalesce(c.broken_since, excluded.broken_since) END"
            ),
            {
                "invariant": finding.invariant,
                "holds": finding.holds,
                "now": now,
                "head": head,
                "figures": orjson.dumps(finding.figures).decode(),
            },
        )


def last_figures(datastore: Datastore, invariant: str) -> Mapping[str, Any]:
    """Return the figures of the last check of an invariant, empty before the first."""
    with query(datastore) as cursor:
        row = cursor.execute(
            datastore.sql("SELECT figures FROM {schema}.invariant_checks WHERE invariant = %s"),
            [invariant],
        ).fetchone()
    found: Mapping[str, Any] = row[0] if row else {}
    return found
