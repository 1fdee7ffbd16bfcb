"""Asks which baskets are held beyond their time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eventstore.datastore import Datastore
from projections.database import fetch

_DUE: Final = """
SELECT channel_id, hold_id, expires_at
FROM {schema}.basket_holds
WHERE status = 'held' AND expires_at <= %s
ORDER BY expires_at, channel_id, hold_id
LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class DueHold:
    """A hold whose time is over and that nobody has ended."""

    channel_id: str
    hold_id: str
    expires_at: datetime


def due_holds(datastore: Datastore, now: datetime, *, limit: int) -> list[DueHold]:
    """Return holds whose time was over at an instant, the longest overdue first."""
    return fetch(datastore, DueHold, _DUE, [now, limit])
