"""When goods can leave a location, and when a carrier brings them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.base.instants import zone
from domain.routing.facts import LocationFacts
from domain.routing.request import Place

MOST_DAYS: Final = 370
"""A location with no free working day for longer counts as closed."""

Calendars = Mapping[str, Collection[date]]
"""Days without work by calendar name."""


def hand_over(
    location: LocationFacts, now: datetime, calendars: Calendars, carrier_cut_off: str | None = None
) -> date | None:
    """Return the location's first open day with capacity on which the goods can leave.

    Handling hours run from now; what is ready after the cut-off (the earlier of the location's
    and the carrier's, in the location's zone) leaves the next day. None: no day in sight.
    """
    attributes = location.attributes
    ready = now.astimezone(zone(attributes.time_zone)) + timedelta(hours=attributes.handling_hours)
    cut_off = min(attributes.cut_off, carrier_cut_off or attributes.cut_off)
    day = ready.date()
    if ready.time() > time.fromisoformat(cut_off):
        day += timedelta(days=1)
    holidays = days_off(attributes.holiday_calendar, calendars)
    for _ in range(MOST_DAYS):
        if day.isoweekday() in attributes.open_days and day not in holidays:
            most = attributes.capacity_per_day
            if day not in attributes.closed_on and (
                most is None or location.booked.get(day, 0) < most
            ):
                return day
        day += timedelta(days=1)
    return None


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
        day += timedelta(days=1)
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
