"""Instants and zones."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Annotated, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator

_ZONES = frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _ZONES:
        msg = f"{name!r} is no IANA time zone; write one like 'Europe/London'"
        raise ValueError(msg)
    return name


def zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name that was checked before."""
    return ZoneInfo(name)


TimeZone = Annotated[str, AfterValidator(_known_zone)]
"""The IANA name of a time zone."""


def _first_zones() -> Mapping[str, str]:
    """Return by country the first zone that the tz database lists for it."""
    found: dict[str, str] = {}
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for row in table.splitlines():
        if not row.startswith("#"):
            country, _, name, *_ = row.split("\t")
            found.setdefault(country, name)
    return found


_FIRST_ZONES: Final = _first_zones()


def zone_of_country(country: str, otherwise: str) -> str:
    """Return a zone of a country by its ISO 3166 code, `otherwise` where none is listed.

    Where a country has several, it is the one that the tz database lists first: as a rule that
    of the capital or the largest city, in a few (AU, BR, CA) the easternmost, whose day ends
    first.
    """
    return _FIRST_ZONES.get(country, otherwise)


def end_of_day(day: date, zone_name: str) -> datetime:
    """Return the last second of a day in a zone, in UTC."""
    return datetime.combine(day, time(23, 59, 59), zone(zone_name)).astimezone(UTC)
