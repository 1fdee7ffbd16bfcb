"""When goods leave: hours pass as they do on a clock that nobody sets."""

from datetime import UTC, date, datetime

import pytest

from domain.routing.promise import end_of_work, hand_over
from tests.domain.routing.drafts import location

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        # 00:30 in winter time; two hours later it is 03:30 in summer time.
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        # 00:30 in summer time; two hours later it is 01:30 for the second time.
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_handling_takes_as_long_on_the_night_that_clocks_are_set(
    now: datetime, leaves: date
) -> None:
    """Nothing is promised to leave before it is ready; nothing waits for an hour that never was."""
    here = location("A", handling_hours=2, cut_off="03:00", open_days=EVERY_DAY)
    found = hand_over(here, now, {})
    assert found == leaves
    assert (end_of_work(here.attributes, leaves) - now).total_seconds() >= 2 * 3600
