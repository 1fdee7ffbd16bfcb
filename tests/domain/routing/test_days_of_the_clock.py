"""When goods leave on the days on which clocks change, and far from Greenwich."""

from datetime import UTC, date, datetime

import pytest

from domain.location.events import LocationAttributes
from domain.routing.promise import end_of_work, first_day

LATE_MARCH = datetime(2026, 3, 28, 17, tzinfo=UTC)
LATE_OCTOBER = datetime(2026, 10, 24, 16, 30, tzinfo=UTC)


def place(**attributes: object) -> LocationAttributes:
    """Return a warehouse that works every day until five."""
    known = {"time_zone": "Europe/London", "cut_off": "17:00", "open_days": tuple(range(1, 8))}
    values = {"name": "W", "kind": "warehouse", "country": "GB", **known, **attributes}
    return LocationAttributes(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "leaves"),
    [(LATE_MARCH, date(2026, 3, 30)), (LATE_OCTOBER, date(2026, 10, 25))],
)
def test_handling_takes_as_long_where_clocks_change(now: datetime, leaves: date) -> None:
    """A day's work from five is done at six in March, and from half past at half past four."""
    assert first_day(place(handling_hours=24), now) == leaves


def test_the_cut_off_is_the_locations_own_to_the_second() -> None:
    """Two in the afternoon in Auckland is the night before in London; at two it still leaves."""
    there = place(time_zone="Pacific/Auckland", cut_off="14:00")
    cut_off = datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert end_of_work(there, date(2026, 3, 3)) == cut_off
    assert first_day(there, cut_off) == date(2026, 3, 3)
    assert first_day(there, cut_off.replace(microsecond=1)) == date(2026, 3, 4)
