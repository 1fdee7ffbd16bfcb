"""Reads the demo's network: its locations, and the postal codes it delivers to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from api.demo.files import LOCATIONS, POSTAL_CODES, example_file
from api.demo.tables import Record, read_records

_LOCATION_COLUMNS = (
    "code",
    "kind",
    "name",
    "place",
    "postal_code",
    "country",
    "latitude",
    "longitude",
    "time_zone",
    "holiday_calendar",
    "assortment_percent",
    "depth",
)
_POSTAL_COLUMNS = ("country", "postal_code", "latitude", "longitude")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class NetworkLocation:
    """A warehouse or store; coordinates in degrees, `time_zone` an IANA name.

    `holiday_calendar` names the country and region whose holidays it keeps, like `DE-NW`.
    It holds about `assortment_percent` of all SKUs, and of each in proportion to `depth`.
    """

    code: str
    kind: Literal["warehouse", "store"]
    name: str
    place: str
    postal_code: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    holiday_calendar: str
    assortment_percent: int
    depth: int


@dataclass(frozen=True, slots=True)
class PostalPlace:
    """A postal code of a country (ISO 3166-1 alpha-2) and its middle in degrees."""

    country: str
    postal_code: str
    latitude: float
    longitude: float


def read_locations(path: Path | None = None) -> tuple[NetworkLocation, ...]:
    """Return the locations in the file's order, the main warehouse first.

    Raises FileUnreadableError, ColumnMissingError or RowError.
    """
    source = path or example_file(LOCATIONS)
    return tuple(_location(record) for record in read_records(source, _LOCATION_COLUMNS))


def read_postal_codes(path: Path | None = None) -> Mapping[str, tuple[PostalPlace, ...]]:
    """Return the postal codes of each country, in the file's order.

    Raises FileUnreadableError, ColumnMissingError or RowError.
    """
    by_country: dict[str, list[PostalPlace]] = {}
    for record in read_records(path or example_file(POSTAL_CODES), _POSTAL_COLUMNS):
        place = PostalPlace(
            country=record.required("country"),
            postal_code=record.required("postal_code"),
            latitude=_degrees(record, "latitude"),
            longitude=_degrees(record, "longitude"),
        )
        by_country.setdefault(place.country, []).append(place)
    return MappingProxyType({country: tuple(places) for country, places in by_country.items()})


def _location(record: Record) -> NetworkLocation:
    kind = record.required("kind")
    if kind not in {"warehouse", "store"}:
        raise record.fail("kind", f"{kind!r} is neither warehouse nor store")
    return NetworkLocation(
        code=record.required("code"),
        kind=cast('Literal["warehouse", "store"]', kind),
        name=record.required("name"),
        place=record.required("place"),
        postal_code=record.required("postal_code"),
        country=record.required("country"),
        latitude=_degrees(record, "latitude"),
        longitude=_degrees(record, "longitude"),
        time_zone=record.required("time_zone"),
        holiday_calendar=record.required("holiday_calendar"),
        assortment_percent=_whole(record, "assortment_percent"),
        depth=_whole(record, "depth"),
    )


def _degrees(record: Record, column: str) -> float:
    value = record.required(column)
    if not _DEGREES.fullmatch(value):
        raise record.fail(column, f"{value[:40]!r} is not in degrees like 52.2081")
    return float(value)


def _whole(record: Record, column: str) -> int:
    value = record.required(column)
    if not (value.isascii() and value.isdecimal()):
        raise record.fail(column, f"{value[:40]!r} is not a whole number")
    return int(value)
