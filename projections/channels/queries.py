"""Asks for channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eventstore.datastore import Datastore
from projections.database import fetch
from projections.paging import LARGEST_PAGE, Page, decode_cursor, page_of

_CHANNEL: Final = (
    "SELECT channel_id, name, currency, prices, time_zone, sources, countries, capture_mode, "
    "backorders, split, payment_methods, dispatch_hours, position, changed_at "
    "FROM {schema}.channels "
)


@dataclass(frozen=True, slots=True)
class FoundChannel:
    """A channel and its rules."""

    channel_id: str
    name: str
    currency: str
    prices: str
    time_zone: str
    sources: list[str]
    countries: list[str]
    capture_mode: str
    backorders: bool
    split: str
    payment_methods: list[str]
    dispatch_hours: int
    position: int
    changed_at: datetime


def channel(datastore: Datastore, channel_id: str) -> FoundChannel | None:
    """Return a channel by its id."""
    found = fetch(datastore, FoundChannel, _CHANNEL + "WHERE channel_id = %s", [channel_id])
    return found[0] if found else None


def list_channels(
    datastore: Datastore, *, limit: int = 50, cursor: str | None = None
) -> Page[FoundChannel]:
    """Return a page of all channels by id.

    Raises:
        InvalidCursor: the cursor is none of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    [after] = decode_cursor(cursor, (str,)) if cursor is not None else [""]
    found = fetch(
        datastore,
        FoundChannel,
        _CHANNEL + "WHERE channel_id > %s ORDER BY channel_id LIMIT %s",
        [after, limit + 1],
    )
    return page_of(found, limit, lambda last: (last.channel_id,))
