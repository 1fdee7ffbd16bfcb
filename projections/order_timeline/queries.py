"""Asks what happened to an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from eventstore.datastore import Datastore
from projections.database import fetch
from projections.paging import LARGEST_PAGE, Page, decode_cursor, page_of

_TIMELINE: Final = """
SELECT position, type, words, occurred_at, recorded_at, actor, event_id
FROM {schema}.order_timeline
WHERE order_id = %s AND position > %s
ORDER BY position
LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of an order in words."""

    position: int
    type: str
    words: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    event_id: UUID


def timeline(
    datastore: Datastore, order_id: str, *, limit: int = 200, cursor: str | None = None
) -> Page[Happening]:
    """Return a page of what happened to an order, oldest first.

    Raises:
        InvalidCursor: the cursor is none of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    [after] = decode_cursor(cursor, (int,)) if cursor is not None else [0]
    found = fetch(datastore, Happening, _TIMELINE, [order_id, after, limit + 1])
    return page_of(found, limit, lambda last: (last.position,))
