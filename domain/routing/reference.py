"""Carriers and calendars as data: immutable, named by content, never asked over a wire."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from domain.routing.postal_codes import normalise

THOUSAND: Final = 1000
_LAST: Final = chr(0x10FFFF)
"""Sorts after the last code of any range."""


class ZoneRange(NamedTuple):
    """Destinations of a country whose postal codes start between `first` and `last`."""

    country: str
    first: str
    last: str
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """Zones by where a parcel starts and where it goes.

    `origins` maps (country, start of the postal code) to layers, exceptions first: the first
    layer that knows a destination counts. A layer's ranges are disjoint and sorted by country
    and first code. The longest start that is listed counts; "" is the whole country.
    """

    origins: Mapping[tuple[str, str], tuple[tuple[ZoneRange, ...], ...]]
    digits: tuple[int, ...] = (3, 0)
    """Lengths of the starts in `origins`, the longest first."""

    def zone(
        self,
        origin: tuple[str, str],
        destination: tuple[str, str],
        unknown_zone: str | None = None,
    ) -> str | None:
        """Return the zone between (country, postal code as compared) pairs.

        `unknown_zone` where the destination is not listed, None where the origin is not.
        """
        for length in self.digits:
            layers = self.origins.get((origin[0], origin[1][:length]))
            if layers is not None:
                for layer in layers:
                    found = _zone_in(layer, *destination)
                    if found is not None:
                        return found
                return unknown_zone
        return None


def _zone_in(layer: tuple[ZoneRange, ...], country: str, code: str) -> str | None:
    index = bisect_right(layer, (country, code, _LAST)) - 1
    if index < 0:
        return None
    where, first, last, zone = layer[index]
    return zone if where == country and first <= code[: len(first)] <= last else None


@dataclass(frozen=True, slots=True)
class Service:
    """A carrier's service: what it costs and how long it takes, by zone.

    `rates`: (greatest grams, price) by zone, both rising. `divisor`: cubic centimetres that
    are billed as a kilogram, 0 where volume is not billed. `transit_days` are working days by
    zone. Without `zones` every destination is in zone "". `unknown_zone` is used where the
    table does not know a destination; without it the service is not offered there. It is never
    offered from an origin that the table does not know. `greatest_mm` bounds the sides of an
    item, the longest first; sides that are not stated are not bounded.
    """

    carrier: str
    name: str
    rates: Mapping[str, tuple[tuple[int, Decimal], ...]]
    transit_days: Mapping[str, int]
    currency: str = "EUR"
    level: str = "standard"
    zones: ZoneTable | None = None
    unknown_zone: str | None = None
    divisor: int = 0
    greatest_mm: tuple[int, ...] = ()
    hazardous: bool = False
    cut_off: str | None = None
    delivers_on: tuple[int, ...] = (1, 2, 3, 4, 5)
    bands: Mapping[str, tuple[tuple[int, int], ...]] = field(init=False, repr=False, compare=False)
    """The rates with prices in whole thousandths, as the solver compares them."""

    def __post_init__(self) -> None:
        """Work out the bands once, not for every order."""
        bands = {
            zone: tuple((grams, int(price * THOUSAND)) for grams, price in rates)
            for zone, rates in self.rates.items()
        }
        object.__setattr__(self, "bands", bands)

    def zone(self, origin: tuple[str, str], destination: tuple[str, str]) -> str | None:
        """Return the zone between (country, postal code as written), None where it does not go."""
        if self.zones is None:
            found: str | None = ""
        else:
            here = origin[0], normalise(*origin)
            there = destination[0], normalise(*destination)
            found = self.zones.zone(here, there, self.unknown_zone)
        return found if found in self.rates and found in self.transit_days else None


@dataclass(frozen=True, slots=True)
class Reference:
    """What routing looks up: services, and days without work by calendar name.

    A destination's calendar is its country and region (`DE-BY`), else its country.
    """

    services: tuple[Service, ...] = ()
    calendars: Mapping[str, frozenset[date]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)


NO_REFERENCE: Final = Reference()
