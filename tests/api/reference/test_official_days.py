"""Official holidays, taken from the library once and kept as a table."""

from datetime import date

import pytest

from api.reference.official_days import official_days
from eventstore.errors import BadReferenceData
from eventstore.reference.calendars import read_calendars


def test_countries_and_their_regions_have_their_days() -> None:
    """Epiphany is a holiday in Bavaria, not in Berlin; Christmas is one everywhere."""
    found = read_calendars(official_days(["DE", "GB"], "2010-2011"), "days.csv")
    epiphany, christmas = date(2011, 1, 6), date(2010, 12, 25)
    assert epiphany in found["DE-BY"]
    assert epiphany not in found["DE"]
    assert all(christmas in days for days in found.values())
    assert date(2010, 8, 30) in found["GB-ENG"]
    assert {day.year for day in found["DE"]} == {2010, 2011}


def test_the_same_words_make_the_same_table() -> None:
    """So that the hash is the same as long as the library says the same."""
    assert official_days(["NL"], "2026") == official_days(["NL"], "2026")


@pytest.mark.parametrize("years", ["", "now", "2027-2010", "10-11", "2010-"])
def test_years_that_are_none_are_refused(years: str) -> None:
    """With an example."""
    with pytest.raises(BadReferenceData, match="are no years; write them like 2010-2027"):
        official_days(["DE"], years)


def test_an_unknown_country_is_refused() -> None:
    """Rather than left without holidays."""
    with pytest.raises(BadReferenceData, match="'ZZ' is no country of the holidays library"):
        official_days(["DE", "ZZ"], "2026")
