"""Rate sheets of carriers (a row for each service, zone and weight band) as a carrier bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Final

from api.reference.writing import as_csv
from eventstore.errors import BadReferenceData
from eventstore.reference import carriers
from eventstore.reference.tables import Row, read_rows
from eventstore.reference.zones import NOT_SERVED

COLUMNS: Final = (
    *("service_code", "zone_label", "country_codes", "min_weight", "max_weight", "rate"),
    *("currency", "transit_days"),
)
SIDES: Final = ("max_length", "max_width", "max_height")
_LIGHTEST: Final = Decimal("0.01")
_ZONE_COLUMNS: Final = ("carrier", "service", "origin_country", "country", "zone")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a rate sheet does not say: whose it is, and from where.

    `levels` by service code, `standard` where it is not named; `days` of services that state
    no transit time.
    """

    carrier: str
    origin: str
    levels: Mapping[str, str] = field(default_factory=dict)
    days: int | None = None


def convert_rate_sheet(text: str, file: str, sheet: Sheet) -> dict[str, str]:
    """Return the tables of a bundle by name, found good.

    Weights are in kilograms, sides in centimetres. A zone without countries is the origin's
    country where `domicile` says true, else every country that no other zone names; goods for
    the origin's own country go by such a service only where a zone names it.

    Raises:
        BadReferenceData: a row cannot be used, or a weight has no rate.
    """
    services: dict[str, dict[str, list[Row]]] = {}
    for row in read_rows(text, file, COLUMNS):
        zones = services.setdefault(row.required("service_code"), {})
        zones.setdefault(row.required("zone_label"), []).append(row)
    for code in sheet.levels.keys() - services.keys():
        raise BadReferenceData(f"has no service {code!r} to give a level", file=file)
    tables = {
        carriers.SERVICES: as_csv(
            (*carriers.SERVICE_COLUMNS, "level", "greatest_mm", "unknown_zone"),
            [_service(sheet, code, zones) for code, zones in services.items()],
        ),
        carriers.RATES: as_csv(
            carriers.RATE_COLUMNS,
            [
                (sheet.carrier, code, zone, grams, row.decimal("rate"))
                for code, zones in services.items()
                for zone, rows in zones.items()
                for grams, row in _bands(rows)
            ],
        ),
        carriers.TRANSIT: as_csv(
            carriers.TRANSIT_COLUMNS,
            [
                (sheet.carrier, code, zone, _days(sheet, rows))
                for code, zones in services.items()
                for zone, rows in zones.items()
            ],
        ),
        carriers.ZONES: as_csv(
            _ZONE_COLUMNS,
            [
                (sheet.carrier, code, sheet.origin, country, zone)
                for code, zones in services.items()
                for country, zone in _zones(sheet, zones).items()
            ],
        ),
    }
    carriers.read_carriers(tables, f"{file}, as ")
    return tables


def _service(sheet: Sheet, code: str, zones: Mapping[str, Sequence[Row]]) -> Sequence[str]:
    rows = [row for found in zones.values() for row in found]
    currency = _the_same(rows, "currency")
    sides = [_the_same(rows, side) for side in SIDES]
    millimetres = [str(int(Decimal(side) * 10)) for side in sides if side]
    if len(millimetres) not in (0, len(SIDES)):
        raise rows[0].fail(SIDES[0], "is stated without the other sides; state all or none")
    unknown = [zone for zone, found in zones.items() if _is_the_rest(found)]
    if len(unknown) > 1:
        problem = f"{unknown[0]!r} names no countries either; only one zone can be the rest"
        raise zones[unknown[1]][0].fail("country_codes", problem)
    level = sheet.levels.get(code, "standard")
    rest = unknown[0] if unknown else ""
    return sheet.carrier, code, currency, level, "x".join(millimetres), rest


def _the_same(rows: Sequence[Row], column: str) -> str:
    """Return what all rows of a service say."""
    if column in SIDES and rows[0].text(column):
        rows[0].decimal(column)
    for row in rows[1:]:
        if row.text(column) != rows[0].text(column):
            problem = f"{row.text(column)!r} differs from {rows[0].text(column)!r} in line "
            raise row.fail(column, f"{problem}{rows[0].line}; a service has one")
    return rows[0].currency(column) if column == "currency" else rows[0].text(column)


def _is_the_rest(rows: Sequence[Row]) -> bool:
    return not rows[0].text("country_codes") and not rows[0].yes("domicile")


def _bands(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Return (greatest grams, row), refusing weights between the bands that have no rate."""
    least = rows[0].decimal("min_weight")
    if least > _LIGHTEST:
        raise rows[0].fail("min_weight", f"nothing is said of goods below {least} kg; add a band")
    for row, heavier in pairwise(rows):
        if heavier.decimal("min_weight") != row.decimal("max_weight"):
            problem = (
                f"{heavier.text('min_weight')} does not follow the {row.text('max_weight')} kg"
            )
            raise heavier.fail("min_weight", f"{problem} of line {row.line}; close the hole")
    return [(int(row.decimal("max_weight") * 1000), row) for row in rows]


def _days(sheet: Sheet, rows: Sequence[Row]) -> str:
    days = _the_same(rows, "transit_days")
    if not days and sheet.days is None:
        raise rows[0].fail("transit_days", "is blank; fill it, or say --days for all such services")
    return days or str(sheet.days)


def _zones(sheet: Sheet, zones: Mapping[str, Sequence[Row]]) -> Mapping[str, str]:
    """Return the zone of each country that a service names."""
    found: dict[str, str] = {}
    for zone, rows in zones.items():
        listed = _the_same(rows, "country_codes").replace(" ", "")
        if not listed and not _is_the_rest(rows):
            listed = sheet.origin
        for country in listed.split(",") if listed else ():
            if found.setdefault(country, zone) != zone:
                problem = f"{country} is in zone {found[country]!r} already; leave one out"
                raise rows[0].fail("country_codes", problem)
    found.setdefault(sheet.origin, NOT_SERVED)
    return found
