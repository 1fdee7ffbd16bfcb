"""Zone charts by three-digit origin, and prices by ounces and zone, as a carrier bundle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from api.reference.writing import as_csv
from eventstore.errors import BadReferenceData
from eventstore.reference import carriers
from eventstore.reference.tables import Row, read_rows

CARRIER: Final = "USPS"
COUNTRY: Final = "US"
GRAMS_PER_OUNCE: Final = Decimal("28.349523125")
"""The international avoirdupois ounce."""

_THREE: Final = ("dest_zip3_from", "dest_zip3_to")
_FIVE: Final = ("dest_zip5_from", "dest_zip5_to")
_RATES: Final = ("service", "max_weight_oz", "zone", "price_usd")
_ZONE_COLUMNS: Final = (
    *("carrier", "origin_country", "origin_prefix", "country", "first_prefix", "last_prefix"),
    "zone",
)


@dataclass(frozen=True, slots=True)
class Chart:
    """The texts of a chart by file name, and working days and level by service.

    `days` must name every service: neither the chart nor the prices say how long one takes.
    """

    zones: tuple[str, str]
    rates: tuple[str, str]
    exceptions: tuple[str, str] | None = None
    days: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


def convert_zone_chart(chart: Chart) -> dict[str, str]:
    """Return the tables of a bundle by name, found good.

    A band in which no whole gram lies (between 15.999 and 16 ounces) is left out.

    Raises:
        BadReferenceData: a row cannot be used, or a service has no days.
    """
    rates: dict[str, dict[str, list[Row]]] = {}
    for row in read_rows(*chart.rates, _RATES):
        zones = rates.setdefault(row.required("service"), {})
        zones.setdefault(row.required("zone"), []).append(row)
    for service in rates:
        if service not in chart.days:
            raise BadReferenceData(f"{service!r} has no working days; say --days '{service}=3'")
    for named in (chart.days, chart.levels):
        for service in named.keys() - rates.keys():
            problem = f"has no service {service!r}; there are {', '.join(rates)}"
            raise BadReferenceData(problem, file=chart.rates[1])
    tables = {
        carriers.SERVICES: as_csv(
            (*carriers.SERVICE_COLUMNS, "level", "delivers_on"),
            [(CARRIER, one, "USD", chart.levels.get(one, "standard"), "123456") for one in rates],
        ),
        carriers.RATES: as_csv(
            carriers.RATE_COLUMNS,
            [
                (CARRIER, service, zone, grams, row.decimal("price_usd"))
                for service, zones in rates.items()
                for zone, rows in zones.items()
                for grams, row in _bands(rows)
            ],
        ),
        carriers.TRANSIT: as_csv(
            carriers.TRANSIT_COLUMNS,
            [
                (CARRIER, one, zone, chart.days[one])
                for one, zones in rates.items()
                for zone in zones
            ],
        ),
        carriers.ZONES: as_csv(_ZONE_COLUMNS, _zones(chart)),
    }
    carriers.read_carriers(tables, "as ")
    return tables


def _bands(rows: list[Row]) -> Iterator[tuple[int, Row]]:
    before = 0
    for row in rows:
        grams = int(row.decimal("max_weight_oz") * GRAMS_PER_OUNCE)
        if grams != before:
            yield grams, row
        before = grams


def _zones(chart: Chart) -> Iterator[tuple[str, ...]]:
    files = [(chart.zones, _THREE)] + ([(chart.exceptions, _FIVE)] if chart.exceptions else [])
    for (text, file), (first, last) in files:
        for row in read_rows(text, file, ("origin_zip3", first, last, "zone")):
            yield (
                *(CARRIER, COUNTRY, row.required("origin_zip3"), COUNTRY),
                *(row.required(first), row.required(last), row.required("zone")),
            )
