"""Which days with a capacity a decision looked at, and what was booked on them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from domain.routing.facts import LocationFacts, RoutingFacts
from domain.routing.plan import BookedDay
from domain.routing.promise import Calendars, first_day, working_days

EARLIEST_CUT_OFF: Final = "00:00"
"""No carrier's cut-off is earlier, so no service leaves later."""


def days_looked_at(
    location_ids: Iterable[str], facts: RoutingFacts, now: datetime, *, groups: int = 1
) -> tuple[BookedDay, ...]:
    """Return the days from the first possible to the last hand-over, where any are booked.

    Only locations with a capacity have such days. Each of so many `groups` may take a place, so
    that the next one looks at the days after it.
    """
    found: list[BookedDay] = []
    for location_id in location_ids:
        location = facts.locations[location_id]
        booked = location.booked
        if location.attributes.capacity_per_day is None or not booked:
            continue
        days = _days(location, now, facts.reference.calendars, groups)
        found += [BookedDay(location_id, day, booked[day]) for day in days if booked.get(day)]
    return tuple(found)


def _days(
    location: LocationFacts, now: datetime, calendars: Calendars, places: int
) -> Iterator[date]:
    """Yield working days until so many places were free on those that no cut-off rules out."""
    attributes = location.attributes
    most = attributes.capacity_per_day or 0
    certain = first_day(attributes, now, EARLIEST_CUT_OFF)
    for day in working_days(attributes, first_day(attributes, now), calendars):
        yield day
        if day >= certain:
            places -= max(most - location.booked.get(day, 0), 0)
            if places <= 0:
                return
