"""Where postal codes lie: sets of them in an indexed table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.routing.postal_codes import normalise
from eventstore.datastore import Datastore
from eventstore.errors import BadReferenceData, UnknownReferenceData
from eventstore.reference.sets import Draft, hash_of, keeping, select
from eventstore.reference.tables import Row, read_rows, read_text

Place = tuple[str, str]
"""(country, postal code)."""
Degrees = tuple[float, float]
"""Latitude and longitude."""

_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
_MOST: Final = {"latitude": 90, "longitude": 180}
_MOST_REMEMBERED: Final = 100_000


def load_postal_codes(datastore: Datastore, path: Path, source: str = "") -> Draft:
    """Keep a CSV file (`country,postal_code,latitude,longitude`, gzipped or not) and use it.

    Raises:
        BadReferenceData: the file cannot be read; nothing was kept.
    """
    text = read_text(path)
    codes = _codes(text, str(path))
    if not codes:
        raise BadReferenceData("names no postal code; add some", file=str(path))
    draft = Draft("postal_codes", hash_of(text.encode()), len(codes), source)
    with keeping(datastore, draft) as (cursor, number):
        if number is not None:
            copy = datastore.sql(
                "COPY {schema}.postal_codes "
                "(set_number, country, postal_code, latitude, longitude) FROM STDIN"
            )
            with cursor.copy(copy) as rows:
                for (country, code), degrees in codes.items():
                    rows.write_row((number, country, code, *degrees))
    return draft


def _codes(text: str, file: str) -> dict[Place, Degrees]:
    """Return the coordinates of each code; of codes that are compared alike the first counts."""
    columns = ("country", "postal_code", "latitude", "longitude")
    codes: dict[Place, Degrees] = {}
    for row in read_rows(text, file, columns):
        country = row.country("country")
        key = (country, normalise(country, row.required("postal_code")))
        codes.setdefault(key, (_degrees(row, "latitude"), _degrees(row, "longitude")))
    return codes


def _degrees(row: Row, column: str) -> float:
    value = row.text(column)
    if not _DEGREES.fullmatch(value) or abs(float(value)) > _MOST[column]:
        raise row.fail(column, f"{value[:40]!r} is not in degrees; write it like 52.2081")
    return float(value)


@dataclass(slots=True)
class PostalCodes:
    """A set of postal codes, and what was asked of it so far."""

    datastore: Datastore
    number: int
    known: dict[Place, Degrees | None] = field(default_factory=dict)

    def coordinates(self, asked: Iterable[Place]) -> dict[Place, Degrees]:
        """Return degrees by (country, postal code as asked); unknown codes are left out."""
        places = {place: (place[0], normalise(*place)) for place in asked}
        if len(self.known) >= _MOST_REMEMBERED:
            self.known.clear()
        new = set(places.values()) - self.known.keys()
        if new:
            self.known.update(dict.fromkeys(new))
            self.known.update(self._look_up(new))
        return {
            place: degrees
            for place, key in places.items()
            if (degrees := self.known[key]) is not None
        }

    def _look_up(self, places: Iterable[Place]) -> dict[Place, Degrees]:
        countries, codes = zip(*places, strict=True)
        rows = select(
            self.datastore,
            "SELECT country, postal_code, latitude, longitude FROM {schema}.postal_codes "
            "WHERE set_number = %s AND (country, postal_code) IN "
            "(SELECT * FROM unnest(%s::text[], %s::text[]))",
            [self.number, list(countries), list(codes)],
        )
        return {
            (country, code): (latitude, longitude) for country, code, latitude, longitude in rows
        }


def postal_codes(datastore: Datastore, digest: str) -> PostalCodes:
    """Return a set by its hash.

    Raises:
        UnknownReferenceData: it is not kept here.
    """
    found = select(
        datastore,
        "SELECT number FROM {schema}.reference_sets WHERE kind = 'postal_codes' AND hash = %s",
        [digest],
    )
    if not found:
        raise UnknownReferenceData("postal_codes", digest)
    return PostalCodes(datastore, found[0][0])
