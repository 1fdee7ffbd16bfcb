"""Calendars: a region has its country's days off and its own."""

from datetime import date

import pytest

from eventstore.datastore import Datastore
from eventstore.errors import BadReferenceData
from eventstore.reference.calendars import read_calendars
from eventstore.reference.loading import load_holidays
from tests.support.reference import HOLIDAYS


def test_a_region_has_its_countrys_days_and_its_own() -> None:
    """By the names that locations and destinations use."""
    epiphany, christmas = date(2026, 1, 6), date(2026, 12, 25)
    assert read_calendars(HOLIDAYS, "days.csv") == {
        "DE": {christmas},
        "DE-BY": {christmas, epiphany},
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("DE,,2026-13-01,X", r"days\.csv, line 4, date: '2026-13-01' is no day of the calendar"),
        ("DE,,25.12.2026,X", r"line 4, date: '25.12.2026' is no date; write one like"),
        ("UK,,2026-12-26,X", r"line 4, country: 'UK' is no country code"),
        ("Bavaria,,2026-12-26,X", r"line 4, country: 'BAVARIA' is no country code"),
    ],
)
def test_bad_days_are_refused(datastore: Datastore, row: str, message: str) -> None:
    """File, line and column are named."""
    with pytest.raises(BadReferenceData, match=message):
        load_holidays(datastore, f"{HOLIDAYS}{row}\n", "days.csv")


def test_no_days_at_all_are_refused(datastore: Datastore) -> None:
    """A file with a header alone would silently make every day a working day."""
    with pytest.raises(BadReferenceData, match=r"days\.csv: names no day"):
        load_holidays(datastore, "country,subdivision,date,name\n", "days.csv")
    with pytest.raises(BadReferenceData, match=r"days\.csv: has no column 'date'"):
        load_holidays(datastore, "country,subdivision,day\n", "days.csv")
