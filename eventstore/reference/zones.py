"""Zone tables from rows: the more exact a postal code is named, the earlier it counts."""

from collections.abc import Iterable, Mapping
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from domain.routing.postal_codes import as_prefix
from domain.routing.reference import ZoneRange, ZoneTable
from eventstore.reference.tables import Row

REQUIRED: Final = ("carrier", "origin_country", "country", "zone")
OPTIONAL: Final = ("service", "origin_prefix", "first_prefix", "last_prefix")

NOT_SERVED: Final = "-"
"""A zone to which nothing goes, though the unknown zone would take it."""

Origin = tuple[str, str]
"""(country, start of the postal code)."""
_Listed = tuple[ZoneRange, Row]


def zone_table(rows: Iterable[Row]) -> ZoneTable:
    """Return the zones of one carrier or service.

    Raises:
        BadReferenceData: two rows name one destination, or a range is none.
    """
    by_origin: dict[Origin, list[_Listed]] = {}
    for row in rows:
        origin = row.country("origin_country"), as_prefix(row.text("origin_prefix"))
        by_origin.setdefault(origin, []).append((_range(row), row))
    lengths = {len(prefix) for _, prefix in by_origin}
    return ZoneTable(
        {origin: _layers(listed) for origin, listed in by_origin.items()},
        tuple(sorted(lengths, reverse=True)),
    )


def zones_of(rows: Iterable[Row]) -> Mapping[str, Row]:
    """Return the zones that rows name and that are served, with the first row of each."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.required("zone"), row)
    found.pop(NOT_SERVED, None)
    return found


def _range(row: Row) -> ZoneRange:
    first = as_prefix(row.text("first_prefix"))
    last = as_prefix(row.text("last_prefix")) or first
    if len(first) != len(last) or last < first:
        raise row.fail(
            "last_prefix",
            f"{first!r} to {last!r} is no range; name two starts of one length, the lower first",
        )
    return ZoneRange(row.country("country"), first, last, row.required("zone"))


def _layers(listed: list[_Listed]) -> tuple[tuple[ZoneRange, ...], ...]:
    """Return ranges by the length of what they name, the longest first; each sorted."""
    keyed = sorted(
        ((-len(one.first), one.country, one.first, at) for at, (one, _) in enumerate(listed)),
    )
    layers = []
    for _, members in groupby(keyed, key=itemgetter(0)):
        layer = [listed[at] for *_, at in members]
        for (one, row), (other, later) in pairwise(layer):
            if one.country == other.country and other.first <= one.last:
                problem = f"{other.first!r} is listed in line {row.line} already; leave one out"
                raise later.fail("first_prefix", problem)
        layers.append(tuple([one for one, _ in layer]))
    return tuple(layers)
