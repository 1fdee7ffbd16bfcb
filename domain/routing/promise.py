"""When goods can leave a location, and when a carrier brings them."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from domain.base.instants import zone
from domain.location.events import LocationAttributes
from domain.routing.facts import LocationFacts
from domain.routing.request import Place

MOST_DAYS: Final = 370
"""A location with no free working day for longer counts as closed."""

ONE_DAY: Final = timedelta(days=1)

Calendars = Mapping[str, Collection[date]]
"""Days without work by calendar name."""


def hand_over(
    location: LocationFacts, now: datetime, calendars: Calendars, carrier_cut_off: str | None = None
) -> date | None:
    """Return the location's first open day with capacity on which the goods can leave.

    Handling hours run from now; what is ready after the cut-off (the earlier of the location's
    and the carrier's, in the location's zone) leaves the next day. None: no day in sight.
    """
    attributes, booked = location.attributes, location.booked
    most = attributes.capacity_per_day
    for day in working_days(attributes, first_day(attributes, now, carrier_cut_off), calendars):
        if most is None or booked.get(day, 0) < most:
            return day
    return None


def first_day(
    attributes: LocationAttributes, now: datetime, carrier_cut_off: str | None = None
) -> date:
    """Return the day on which goods ordered now can leave, were it a working day."""
    if attributes.handling_hours:
        now += timedelta(hours=attributes.handling_hours)
    ready = now.astimezone(zone(attributes.time_zone))
    late = ready.time() > _cut_off(attributes, carrier_cut_off)
    return ready.date() + ONE_DAY if late else ready.date()


def working_days(
    attributes: LocationAttributes, first: date, calendars: Calendars
) -> Iterator[date]:
    """Yield a location's working days from `first` on, as far as is looked ahead."""
    holidays = days_off(attributes.holiday_calendar, calendars)
    for ahead in range(MOST_DAYS if attributes.open_days else 0):
        day = first + timedelta(days=ahead) if ahead else first
        if (
            day.isoweekday() in attributes.open_days
            and day not in attributes.closed_on
            and day not in holidays
        ):
            yield day


def end_of_work(
    attributes: LocationAttributes, day: date, carrier_cut_off: str | None = None
) -> datetime:
    """Return the instant by which goods that leave on a day have left: its cut-off."""
    until = _cut_off(attributes, carrier_cut_off)
    return datetime.combine(day, until, zone(attributes.time_zone)).astimezone(UTC)


def _cut_off(attributes: LocationAttributes, carriers: str | None) -> time:
    cut_off = attributes.cut_off if carriers is None else min(attributes.cut_off, carriers)
    return time.fromisoformat(cut_off)


def arrival(
    left: date, transit_days: int, delivers_on: Collection[int], holidays: Collection[date]
) -> date:
    """Return the day a parcel arrives: so many of the carrier's working days after it left.

    Weekdays count from 1, Monday. Never before the day it left; a carrier that delivers on no
    day at all counts every day.
    """
    days = delivers_on or range(1, 8)
    day, left_over = left, transit_days
    while left_over > 0:
        day += ONE_DAY
        if day.isoweekday() in days and day not in holidays:
            left_over -= 1
    return day


def holidays_at(place: Place, calendars: Calendars) -> Collection[date]:
    """Return a destination's days without delivery: its region's, else its country's."""
    return days_off(f"{place.country}-{place.region}" if place.region else place.country, calendars)


def days_off(name: str | None, calendars: Calendars) -> Collection[date]:
    """Return a calendar's days off; of an unknown region its country's, else none."""
    if name is None:
        return ()
    known = calendars.get(name)
    return calendars.get(name.partition("-")[0], ()) if known is None else known
