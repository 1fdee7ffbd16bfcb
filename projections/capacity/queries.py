"""Asks how many places of working days are taken."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from eventstore.datastore import Datastore
from projections.database import fetch

_DAYS: Final = """
SELECT location_id, day, booked, position
FROM {schema}.capacity
WHERE (%(locations)s::text[] IS NULL OR location_id = ANY(%(locations)s))
  AND day >= %(first)s AND day <= %(last)s
ORDER BY location_id, day
"""


@dataclass(frozen=True, slots=True)
class BookedDay:
    """A working day of a location, and how many fulfilments are booked on it."""

    location_id: str
    day: date
    booked: int
    position: int


def booked_days(
    datastore: Datastore,
    *,
    first: date,
    last: date = date.max,
    locations: Collection[str] | None = None,
) -> list[BookedDay]:
    """Return the booked days from `first` to `last` of all locations, or of these."""
    asked = {
        "locations": None if locations is None else list(locations),
        "first": first,
        "last": last,
    }
    return fetch(datastore, BookedDay, _DAYS, asked)
