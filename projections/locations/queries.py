"""Asks for locations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from eventstore.datastore import Datastore
from projections.database import fetch
from projections.paging import LARGEST_PAGE, Page, decode_cursor, page_of

_LOCATION: Final = (
    "SELECT location_id, attributes, suspended, suspended_reason, position, changed_at "
    "FROM {schema}.locations "
)


@dataclass(frozen=True, slots=True)
class FoundLocation:
    """A location; `attributes` are those of its last event as JSON."""

    location_id: str
    attributes: dict[str, Any]
    suspended: bool
    suspended_reason: str | None
    position: int
    changed_at: datetime


def location(datastore: Datastore, location_id: str) -> FoundLocation | None:
    """Return a location by its id."""
    found = fetch(datastore, FoundLocation, _LOCATION + "WHERE location_id = %s", [location_id])
    return found[0] if found else None


def list_locations(
    datastore: Datastore, *, limit: int = 50, cursor: str | None = None
) -> Page[FoundLocation]:
    """Return a page of all locations by id.

    Raises:
        InvalidCursor: the cursor is none of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    [after] = decode_cursor(cursor, (str,)) if cursor is not None else [""]
    found = fetch(
        datastore,
        FoundLocation,
        _LOCATION + "WHERE location_id > %s ORDER BY location_id LIMIT %s",
        [after, limit + 1],
    )
    return page_of(found, limit, lambda last: (last.location_id,))
