"""What routing knows: availability, locations and reference data, as one consistent picture."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from domain.base.handling import FactsWanted
from domain.item.events import ItemAttributes
from domain.location.events import LocationAttributes
from domain.routing.choosing import ActivePolicy
from domain.routing.reference import NO_REFERENCE, Reference

MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class StockFacts:
    """An item's stock at a location; `free` is what may be promised, never below 0.

    `daily_demand` is what is asked of it a day on average, in the item's unit.
    """

    free: Decimal
    on_hand: Decimal = Decimal(0)
    safety_stock: Decimal = Decimal(0)
    queued: Decimal = Decimal(0)
    expected: tuple[tuple[datetime, Decimal], ...] = ()
    daily_demand: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item and its stock by location id; locations without stock may be left out."""

    item_id: str
    attributes: ItemAttributes
    stock: Mapping[str, StockFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """A location as it stands; `booked` counts fulfilments by working day."""

    location_id: str
    attributes: LocationAttributes
    suspended: bool = False
    open_fulfilments: int = 0
    booked: Mapping[date, int] = field(default_factory=dict)


class Locations(dict[str, LocationFacts]):
    """Locations as many orders find them; never changed once made.

    What was worked out about them for one order, and holds for the next, is kept here.
    """

    __slots__ = ("_kept",)

    def __init__(self, locations: Mapping[str, LocationFacts]) -> None:
        """Take locations by id."""
        super().__init__(locations)
        self._kept: dict[Hashable, object] = {}

    def kept(self, key: Hashable) -> object:
        """Return what was kept under a key, or None."""
        return self._kept.get(key)

    def keep(self, key: Hashable, found: object) -> None:
        """Keep something; where too much was kept, that starts anew."""
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = found


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """Facts at one position of the log.

    `coordinates` maps (country, postal code as asked) to (latitude, longitude) in degrees, of
    destinations that were asked for and of locations without their own; `hashes` names the
    reference data by content. `locations_position` is that of the locations, None where it is
    the same.
    """

    position: int
    items: Mapping[str, ItemFacts]
    locations: Mapping[str, LocationFacts]
    skus: Mapping[str, str] = field(default_factory=dict)
    """SKU key to item id."""
    coordinates: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    reference: Reference = NO_REFERENCE
    policies: tuple[ActivePolicy, ...] = ()
    """The active policies; `choosing` says which one a group is routed by."""
    locations_position: int | None = None


NO_FACTS = RoutingFacts(position=0, items={}, locations={})


def unplaced(locations: Mapping[str, LocationFacts]) -> tuple[tuple[str, str], ...]:
    """Return (country, postal code) of locations that have no coordinates of their own."""
    return tuple(
        dict.fromkeys(
            (one.attributes.country, one.attributes.postal_code)
            for one in locations.values()
            if one.attributes.postal_code is not None
            and (one.attributes.latitude is None or one.attributes.longitude is None)
        )
    )


class FactsSource(Protocol):
    """Where facts come from: implemented by the read models, handed in by `main.py`."""

    def read(self, wanted: FactsWanted) -> RoutingFacts:
        """Return what is known at one position; unknown items and places are left out."""
