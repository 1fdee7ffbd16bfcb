"""Which days with a capacity a decision looked at, and what was booked on them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from domain.routing.facts import RoutingFacts
from domain.routing.plan import BookedDay
from domain.routing.promise import first_day, hand_over, working_days

EARLIEST_CUT_OFF: Final = "00:00"
"""No carrier's cut-off is earlier, so no service leaves later."""


def days_looked_at(
    location_ids: Iterable[str], facts: RoutingFacts, now: datetime
) -> tuple[BookedDay, ...]:
    """Return the days from the first possible to the last hand-over, where any are booked.

    Only locations with a capacity have such days.
    """
    calendars = facts.reference.calendars
    found = []
    for location_id in location_ids:
        location = facts.locations[location_id]
        attributes, booked = location.attributes, location.booked
        if attributes.capacity_per_day is None or not booked:
            continue
        last = hand_over(location, now, calendars, EARLIEST_CUT_OFF)
        for day in working_days(attributes, first_day(attributes, now), calendars):
            if last is not None and day > last:
                break
            if booked.get(day):
                found.append(BookedDay(location_id, day, booked[day]))
    return tuple(found)
