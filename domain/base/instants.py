"""Instants and zones."""

from typing import Annotated
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
