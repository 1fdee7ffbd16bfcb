"""Official holidays from the library `holidays`, as a table that is kept."""

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Final

import holidays

from api.reference.writing import as_csv
from eventstore.errors import BadReferenceData
from eventstore.reference.calendars import COLUMNS

VERSION: Final = version("holidays")
_YEARS: Final = re.compile(r"([12][0-9]{3})(?:-([12][0-9]{3}))?")
_LANGUAGE: Final = "en_US"


def official_days(countries: Sequence[str], years: str) -> str:
    """Return the holidays of countries and their regions; `years` like `2010-2027` or `2026`.

    A region's rows are those that the country does not have.

    Raises:
        BadReferenceData: the library does not know a country, or the years are none.
    """
    span = _span(years)
    known = holidays.list_supported_countries()
    for country in countries:
        if country not in known:
            problem = f"{country!r} is no country of the holidays library; write one like DE"
            raise BadReferenceData(problem)
    return as_csv(COLUMNS, [row for one in countries for row in _rows(one, known[one], span)])


def _rows(country: str, regions: Sequence[str], years: range) -> Iterator[tuple[str, ...]]:
    national = holidays.country_holidays(country, years=years, language=_LANGUAGE)
    for day, name in sorted(national.items()):
        yield country, "", day.isoformat(), name
    for region in regions:
        own = holidays.country_holidays(country, subdiv=region, years=years, language=_LANGUAGE)
        for day, name in sorted(own.items()):
            if day not in national:
                yield country, region, day.isoformat(), name


def _span(years: str) -> range:
    found = _YEARS.fullmatch(years)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if last < first:
        raise BadReferenceData(f"{years!r} are no years; write them like 2010-2027")
    return range(first, last + 1)
