"""Days without work, by country and region."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from eventstore.reference.tables import Row, read_rows

COLUMNS: Final = ("country", "subdivision", "date", "name")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_calendars(text: str, file: str) -> Mapping[str, frozenset[date]]:
    """Return the days off by calendar name: `DE`, and `DE-BY` with those of `DE` in it.

    Raises:
        BadReferenceData: a row cannot be understood.
    """
    found: dict[tuple[str, str], set[date]] = {}
    for row in read_rows(text, file, COLUMNS[:3], COLUMNS[3:]):
        country, region = row.country("country"), row.text("subdivision")
        found.setdefault((country, ""), set())
        found.setdefault((country, region), set()).add(_day(row))
    return {
        f"{country}-{region}" if region else country: frozenset(days | found[country, ""])
        for (country, region), days in found.items()
    }


def _day(row: Row) -> date:
    value = row.text("date")
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError as error:
        raise row.fail("date", f"{value!r} is no day of the calendar") from error
    raise row.fail("date", f"{value[:40]!r} is no date; write one like 2026-12-25")
