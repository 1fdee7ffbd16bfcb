"""Carriers from their tables: services, rates, transit days and zones."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar

from domain.routing.reference import Service, ZoneTable
from eventstore.errors import BadReferenceData
from eventstore.reference import zones
from eventstore.reference.tables import Row, read_rows

SERVICES: Final = "services.csv"
RATES: Final = "rates.csv"
TRANSIT: Final = "transit.csv"
ZONES: Final = "zones.csv"
TABLES: Final = (SERVICES, RATES, TRANSIT, ZONES)
"""The tables of a bundle; only the last one may be missing."""

SERVICE_COLUMNS: Final = ("carrier", "service", "currency")
SERVICE_OPTIONS: Final = (
    *("level", "cut_off", "delivers_on", "divisor", "greatest_mm", "hazardous", "unknown_zone"),
)
RATE_COLUMNS: Final = ("carrier", "service", "zone", "up_to_grams", "price")
TRANSIT_COLUMNS: Final = ("carrier", "service", "zone", "days")

_CUT_OFF: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_WEEKDAYS: Final = re.compile(r"[1-7]{1,7}")
_SIDES: Final = re.compile(r"[0-9]{1,6}(x[0-9]{1,6}){0,2}")
_DAYS: Final = re.compile(r"(?:[0-9]{1,3}-)?([0-9]{1,3})")
_THOUSANDTH: Final = Decimal("0.001")

K = TypeVar("K")
Name = tuple[str, str]
"""(carrier, service)."""
Bands = tuple[tuple[int, Decimal], ...]


@dataclass(slots=True)
class _Bundle:
    """The rows of a bundle by service, and its zone tables by carrier or service."""

    services: dict[Name, Row] = field(default_factory=dict)
    rates: dict[Name, dict[str, list[Row]]] = field(default_factory=dict)
    transit: dict[Name, dict[str, Row]] = field(default_factory=dict)
    zones: dict[Name, list[Row]] = field(default_factory=dict)
    tables: dict[Name, ZoneTable] = field(default_factory=dict)


def read_carriers(tables: Mapping[str, str], folder: str = "") -> tuple[Service, ...]:
    """Return the services of a bundle, in the order of `services.csv`.

    `tables` are texts by name; `folder` stands before the names in errors.

    Raises:
        BadReferenceData: a table is missing or holds what cannot be used.
    """
    bundle = _read(tables, folder)
    _check_names(bundle)
    if not bundle.services:
        raise BadReferenceData("names no service; add one", file=f"{folder}{SERVICES}")
    return tuple([_service(name, row, bundle) for name, row in bundle.services.items()])


def _read(tables: Mapping[str, str], folder: str) -> _Bundle:
    for name in TABLES[:-1]:
        if name not in tables:
            raise BadReferenceData("is missing; a carrier bundle needs it", file=f"{folder}{name}")

    def rows(name: str, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
        return read_rows(tables[name], f"{folder}{name}", required, optional)

    bundle = _Bundle()
    for row in rows(SERVICES, SERVICE_COLUMNS, SERVICE_OPTIONS):
        _once(bundle.services, _name(row), row, "service")
    for row in rows(RATES, RATE_COLUMNS):
        bundle.rates.setdefault(_name(row), {}).setdefault(row.text("zone"), []).append(row)
    for row in rows(TRANSIT, TRANSIT_COLUMNS):
        _once(bundle.transit.setdefault(_name(row), {}), row.text("zone"), row, "zone")
    for row in rows(ZONES, zones.REQUIRED, zones.OPTIONAL) if ZONES in tables else ():
        owner = row.required("carrier"), row.text("service")
        bundle.zones.setdefault(owner, []).append(row)
    return bundle


def _once(known: dict[K, Row], key: K, row: Row, column: str) -> None:
    before = known.setdefault(key, row)
    if before is not row:
        raise row.fail(column, f"is listed in line {before.line} already; leave one out")


def _name(row: Row) -> Name:
    return row.required("carrier"), row.required("service")


def _check_names(bundle: _Bundle) -> None:
    """Refuse rows of a carrier or service that `services.csv` does not list."""
    known = set(bundle.services)
    carriers = {carrier for carrier, _ in known}
    rated = [(name, next(iter(found.values()))[0]) for name, found in bundle.rates.items()]
    timed = [(name, next(iter(found.values()))) for name, found in bundle.transit.items()]
    zoned = [(name, found[0]) for name, found in bundle.zones.items()]
    for name, row in (*rated, *timed, *zoned):
        if name[0] not in carriers:
            raise row.fail("carrier", f"{name[0]!r} is unknown; list it in {SERVICES}")
        if name not in known and name[1]:
            problem = f"{name[0]} has no service {name[1]!r}; list it in {SERVICES}"
            raise row.fail("service", problem)


def _service(name: Name, row: Row, bundle: _Bundle) -> Service:
    rates = {zone: _bands(found) for zone, found in bundle.rates.get(name, {}).items()}
    transit = {zone: _days(found) for zone, found in bundle.transit.get(name, {}).items()}
    if not rates:
        raise row.fail("service", f"has no rates; add some to {RATES}")
    for zone in rates.keys() - transit.keys():
        there = bundle.rates[name][zone][0]
        raise there.fail("zone", f"{zone!r} has no transit days; add them to {TRANSIT}")
    unknown_zone = row.text("unknown_zone") or None
    if unknown_zone is not None and unknown_zone not in rates:
        raise row.fail("unknown_zone", f"{unknown_zone!r} has no rates; add them to {RATES}")
    return Service(
        carrier=name[0],
        name=name[1],
        rates=rates,
        transit_days=transit,
        currency=row.currency("currency"),
        level=row.text("level") or "standard",
        zones=_zones(name, row, rates, bundle),
        unknown_zone=unknown_zone,
        divisor=row.whole("divisor", 0),
        greatest_mm=_sides(row),
        hazardous=row.yes("hazardous"),
        cut_off=_matching(row, "cut_off", _CUT_OFF, "a time of day; write it like 14:30"),
        delivers_on=_weekdays(row),
    )


def _zones(name: Name, row: Row, rates: Mapping[str, Bands], bundle: _Bundle) -> ZoneTable | None:
    """Return a service's own zones, else its carrier's; None where its only zone has no name."""
    owner = name if name in bundle.zones else (name[0], "")
    rows = bundle.zones.get(owner)
    if rows is None:
        if set(rates) != {""}:
            problem = f"has rates by zone, but {ZONES} does not say where the zones are"
            raise row.fail("service", f"{problem}; add rows, or leave the rates' zones blank")
        return None
    for zone, where in zones.zones_of(rows).items():
        if zone not in rates:
            problem = f"{zone!r} has no rates for {' '.join(name)}; add them to {RATES}"
            raise where.fail("zone", problem)
    if owner not in bundle.tables:
        bundle.tables[owner] = zones.zone_table(rows)
    return bundle.tables[owner]


def _bands(rows: Sequence[Row]) -> Bands:
    bands: list[tuple[int, Decimal]] = []
    for row in rows:
        grams, price = row.whole("up_to_grams"), row.decimal("price")
        if price != price.quantize(_THOUSANDTH):
            raise row.fail("price", f"{price} has more than three decimals; round it")
        if bands and grams <= bands[-1][0]:
            problem = f"{grams} follows {bands[-1][0]} in zone {row.text('zone')!r}"
            raise row.fail("up_to_grams", f"{problem}; weights must rise from row to row")
        if bands and price < bands[-1][1]:
            problem = f"{price} follows {bands[-1][1]} in zone {row.text('zone')!r}"
            raise row.fail("price", f"{problem}; prices must not fall with weight")
        if grams == 0:
            raise row.fail("up_to_grams", "is 0; write the greatest weight of the band")
        bands.append((grams, price))
    return tuple(bands)


def _days(row: Row) -> int:
    """Return working days; of a range like `1-2` the upper end is promised."""
    found = _DAYS.fullmatch(row.text("days"))
    if found is None:
        problem = f"{row.text('days')[:40]!r} are no working days; write 2, or a range like 1-2"
        raise row.fail("days", problem)
    return int(found[1])


def _sides(row: Row) -> tuple[int, ...]:
    text = _matching(row, "greatest_mm", _SIDES, "sides in millimetres; write 1200x600x600")
    return () if text is None else tuple(sorted(map(int, text.split("x")), reverse=True))


def _weekdays(row: Row) -> tuple[int, ...]:
    text = _matching(row, "delivers_on", _WEEKDAYS, "weekdays; write 12345 for Monday to Friday")
    return tuple(sorted(set(map(int, text or "12345"))))


def _matching(row: Row, column: str, pattern: re.Pattern[str], wanted: str) -> str | None:
    value = row.text(column)
    if value and not pattern.fullmatch(value):
        raise row.fail(column, f"{value[:40]!r} should be {wanted}")
    return value or None
