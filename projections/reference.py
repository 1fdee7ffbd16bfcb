"""Reference data: postal codes with their coordinates, in sets named by their content."""

import csv
import gzip
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eventstore.datastore import Datastore
from projections.database import transaction
from projections.install import lock_names
from projections.postal_codes import normalise

Degrees = tuple[float, float]
"""Latitude and longitude."""

_COLUMNS: Final = ("country", "postal_code", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class PostalCodeSet:
    """A loaded set: the SHA-256 of its file's content, and how many codes it has."""

    hash: str
    codes: int


def load_postal_codes(datastore: Datastore, path: Path) -> PostalCodeSet:
    """Load a CSV file (`country,postal_code,latitude,longitude`, gzipped or not).

    A set is never changed: the same content again changes nothing, another is a set of its
    own, and the newest one is used. The read models must be installed.

    Raises:
        ValueError: the file lacks a column, or a number is none.
    """
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    digest = hashlib.sha256(content).hexdigest()
    codes = _codes(content.decode("utf-8"))
    with transaction(datastore) as cursor:
        lock_names(cursor, f"postal codes {datastore.schema}")
        added = cursor.execute(
            datastore.sql(
                "INSERT INTO {schema}.postal_code_sets (hash, number, codes) "
                "SELECT %s, coalesce(max(number), 0) + 1, %s FROM {schema}.postal_code_sets "
                "ON CONFLICT (hash) DO NOTHING RETURNING number"
            ),
            [digest, len(codes)],
        ).fetchone()
        if added is not None:
            copy = datastore.sql(
                "COPY {schema}.postal_codes "
                "(set_number, country, postal_code, latitude, longitude) FROM STDIN"
            )
            with cursor.copy(copy) as rows:
                for (country, code), degrees in codes.items():
                    rows.write_row((added[0], country, code, *degrees))
    return PostalCodeSet(digest, len(codes))


def _codes(text: str) -> dict[tuple[str, str], Degrees]:
    """Return the coordinates of each code; of codes that are compared alike the first counts."""
    reader = csv.DictReader(io.StringIO(text))
    missing = set(_COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"the postal codes lack the columns {', '.join(sorted(missing))}")
    codes: dict[tuple[str, str], Degrees] = {}
    for row in reader:
        country = row["country"].upper()
        key = (country, normalise(country, row["postal_code"]))
        codes.setdefault(key, (float(row["latitude"]), float(row["longitude"])))
    return codes
